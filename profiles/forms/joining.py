"""The four screens of an application: nine fields at most."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.countries import country_choices
from network.models import User
from network.words import WordsField
from profiles.actions.consent import current_text
from profiles.actions.joining import ASKED_MORE
from profiles.fields import LanguagesField, here
from profiles.forms.asked import PREFIX, WithQuestions, initial_of_asked
from profiles.forms.naming import PseudonymField, taken_by_the_team
from profiles.links import no_links
from profiles.models import ConsentText, Kind, Purpose
from profiles.queries import is_borne_by_staff

LONGEST_WAY = 4000
ADULT, MINOR = "adult", "minor"


class StepForm(forms.Form):
    """A screen that may be left at any time, with whatever stands on it."""

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        """What is an answer, as the application keeps it."""
        return self.cleaned_data

    def unfinished(self) -> dict[str, str]:
        """What was written and is no answer yet, as it was written."""
        sent = cast(QueryDict, self.data)
        raw = {name: ", ".join(sent.getlist(name)) for name in self.errors}
        return {name: text for name, text in raw.items() if text}


class KindForm(StepForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("How do you come to the network?"),
        help_text=gettext_lazy(
            "Stored encrypted. Later you choose who sees it, if anybody."
        ),
        widget=forms.RadioSelect,
        choices=[
            (Kind.FORMER, gettext_lazy("I left a violent extremist movement or gang")),
            (Kind.SURVIVOR, gettext_lazy("I survived an attack, or lost somebody")),
            (Kind.PRACTITIONER, gettext_lazy("I work on this in my profession")),
            (Kind.SUPPORTER, gettext_lazy("I want to support those who do")),
        ],
    )


class AboutForm(StepForm):
    pseudonym = PseudonymField(
        label=gettext_lazy("The name you want to go by here"),
        help_text=gettext_lazy("Not your legal name: one by which nobody finds you."),
    )
    languages = LanguagesField(
        help_text=gettext_lazy("Type a few letters and choose, or use commas.")
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Only your connections see it."),
        choices=lambda: [("", _("Choose …")), *country_choices()],
    )

    def clean_pseudonym(self) -> str:
        pseudonym = str(self.cleaned_data["pseudonym"])
        if is_borne_by_staff(pseudonym, self.person):
            raise ValidationError(taken_by_the_team())
        return pseudonym


class WayForm(StepForm, WithQuestions):
    way = WordsField(
        label=gettext_lazy("Where are you on your way, and what brings you here?"),
        help_text=gettext_lazy(
            "A few sentences are enough. Please do not write about offences."
        ),
        rows=8,
        max_length=LONGEST_WAY,
        validators=[no_links],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = dict(self.initial)
        self.initial = {**given, **initial_of_asked(given), **as_written(given)}
        self.add_questions(given.get("kind", ""), given.get(ASKED_MORE, {}))

    def answers(self) -> dict[str, Any]:
        words = {"way": self.cleaned_data["way"]} if "way" in self.cleaned_data else {}
        return {**words, ASKED_MORE: self.asked()}


def as_written(given: dict[str, Any]) -> dict[str, str]:
    """Of the questions what is no answer yet goes before what was one."""
    return {name: text for name, text in given.items() if name.startswith(PREFIX)}


class AppealForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("What should the third person know?"),
        help_text=gettext_lazy("You can leave this empty. Please, no offences."),
        rows=4,
        max_length=LONGEST_WAY,
        required=False,
        validators=[no_links],
    )


class ConsentForm(forms.Form):
    """Shows the current texts. Sent back with another text's hash, it asks again."""

    joining = forms.BooleanField(
        label=gettext_lazy("I agree that my application is stored and read."),
        error_messages={"required": gettext_lazy("Without this we cannot read it.")},
    )
    special = forms.BooleanField(
        label=gettext_lazy("I agree expressly to what I tell about my past."),
        error_messages={"required": gettext_lazy("Without this we cannot store it.")},
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Your age"),
        widget=forms.RadioSelect,
        choices=[
            (ADULT, gettext_lazy("I am 18 or over")),
            (MINOR, gettext_lazy("I am under 18")),
        ],
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        purposes = (Purpose.JOINING, Purpose.SPECIAL_CATEGORY)
        self.texts: list[ConsentText] = [
            current_text(purpose, here()) for purpose in purposes
        ]
        self.mark = ".".join(text.text_hash[:16] for text in self.texts)
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.mark

    @property
    def is_minor(self) -> bool:
        return self.data.get("age") == MINOR

    def clean_seen(self) -> str:
        return check_seen(self.cleaned_data["seen"], self.mark)


def check_seen(seen: str, mark: str) -> str:
    """Raises `ValidationError` where another text was shown than stands today."""
    if seen != mark:
        raise ValidationError(
            _("A text has changed since you opened this page. Please read it.")
        )
    return mark


SCREENS: dict[int, type[StepForm]] = {1: KindForm, 2: AboutForm, 3: WayForm}
LAST = 4  # `ConsentForm`
