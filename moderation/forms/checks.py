from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.actions.checks import LONGEST as LONGEST_TIME
from moderation.actions.checks import Word
from moderation.forms.desk import LONGEST, WordForm
from moderation.models import Ground
from network.words import WordsField
from profiles.links import no_links
from profiles.models import Meets


class AskForm(forms.Form):
    tier = forms.TypedChoiceField(
        label=gettext_lazy("Whom you would meet"),
        coerce=int,
        choices=[one for one in Meets.choices if one[0]],
        widget=forms.RadioSelect,
    )
    words = WordsField(
        label=gettext_lazy("Who could vouch for it"),
        help_text=gettext_lazy(
            "An organisation that checked you, a certificate that you could show in a "
            "conversation, people who know your work. Write nothing about offences: we "
            "never keep any."
        ),
        rows=4,
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Write at least a word, so that we can begin.")
        },
    )


class CheckForm(WordForm):
    """Yes until a day, or no."""

    no = "no"
    ground = forms.ChoiceField(
        label=gettext_lazy("What you went by"), choices=Ground.choices
    )
    until = forms.DateField(
        label=gettext_lazy("If you say yes: the last day on which it counts"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    answer = forms.ChoiceField(choices=[("yes", ""), (no, "")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].label = _("If you say no: what the member reads")
        self.fields["told"].help_text = _(
            "Kind and plain: why, and what would help. They read it only once a second "
            "person says so too, without your name."
        )
        self.order_fields(["ground", "until", "reason", "told"])

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        if day <= timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come."))
        if day > timezone.localdate() + LONGEST_TIME:
            raise ValidationError(_("A check counts for three years at most."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("answer") == "yes":
            self.check_yes(data)
        return data

    def check_yes(self, data: dict[str, Any]) -> None:
        if data.get("ground") == Ground.NOTHING:
            self.add_error("ground", _("A yes needs something to go by."))
        if not (data.get("until") or self.errors.get("until")):
            self.add_error("until", _("Say until when it counts."))

    def word(self) -> Word:
        data = self.cleaned_data
        is_yes = data["answer"] == "yes"
        return Word(
            is_yes=is_yes,
            ground=data["ground"],
            reason=data["reason"],
            until=data["until"] if is_yes else None,
            told="" if is_yes else data["told"],
        )


class EndForm(forms.Form):
    told = WordsField(
        label=gettext_lazy("Why it ends: what the member reads"),
        help_text=gettext_lazy("Without your name."),
        rows=3,
        max_length=LONGEST,
        validators=[no_links],
        error_messages={
            "required": gettext_lazy("Write some words that the member reads.")
        },
    )
