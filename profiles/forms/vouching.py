"""Naming somebody who can speak for oneself, inviting, and speaking for somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from network.words import WordsField
from profiles.forms.naming import PseudonymField
from profiles.models import Referee

LONGEST_WORDS = 2000


class NameRefereeForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("They get one letter with a link, and one reminder."),
        max_length=200,
    )
    known_as = PseudonymField(
        label=gettext_lazy("The name by which they know you"),
        help_text=gettext_lazy("Only they and the vetters see it."),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy(
            "One that only they read: the letter says that they are invited here."
        ),
        max_length=200,
    )


class SpeakForm(forms.Form):
    """A referee's answers. Nobody is asked for offences."""

    relation = forms.ChoiceField(
        label=gettext_lazy("How do you know them?"),
        widget=forms.RadioSelect,
        choices=Referee.Relation.choices,
    )
    since = forms.ChoiceField(
        label=gettext_lazy("For how long?"),
        widget=forms.RadioSelect,
        choices=Referee.Since.choices,
    )
    trust = forms.ChoiceField(
        label=gettext_lazy(
            "Would you bring them together with people who have lived through violence?"
        ),
        widget=forms.RadioSelect,
        choices=Referee.Trust.choices,
    )
    words = WordsField(
        label=gettext_lazy("What should the vetters know?"),
        help_text=gettext_lazy(
            "A few sentences, or nothing. Please do not write about offences."
        ),
        rows=6,
        max_length=LONGEST_WORDS,
        required=False,
    )

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
