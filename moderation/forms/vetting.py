"""What vetters write beside an application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.criteria import Criterion
from moderation.forms.desk import LONGEST
from moderation.models import Interview
from network.form_key import FormKey
from network.words import WordsField

UNSPOKEN = "0"


class InterviewForm(forms.Form):
    """The day, a score for each criterion, and words."""

    held_on = forms.DateField(
        label=gettext_lazy("When you spoke"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    notes = WordsField(
        label=gettext_lazy("What stayed with you"),
        help_text=gettext_lazy(
            "In your own words, and only what the decision needs. It is encrypted, and "
            "the applicant never sees it."
        ),
        rows=5,
        max_length=LONGEST,
        required=False,
    )

    def __init__(
        self, *args: Any, criteria: Iterable[Criterion], not_before: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria, self.not_before = list(criteria), not_before
        for criterion in self.criteria:
            self.fields[criterion.key] = score_field(criterion)
        self.order_fields(["held_on", *(one.key for one in self.criteria), "notes"])

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        if day < self.not_before:
            raise ValidationError(_("On this day the application was not with us yet."))
        return day

    @property
    def scores(self) -> dict[str, int]:
        """Of what was spoken about."""
        given = {one.key: self.cleaned_data[one.key] for one in self.criteria}
        return {key: int(score) for key, score in given.items() if score != UNSPOKEN}


class NoteForm(forms.Form):
    """`key` makes a form that was sent twice one note."""

    key = FormKey()
    words = WordsField(
        label=gettext_lazy("A note for the other vetters"),
        help_text=gettext_lazy(
            "Encrypted; the applicant never sees it. You can delete it within ten "
            "minutes."
        ),
        rows=3,
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write the note first.")},
    )


class BanForm(forms.Form):
    reason = WordsField(
        label=gettext_lazy("Why nobody should be admitted from this address"),
        help_text=gettext_lazy(
            "Vetters and administrators read it, for as long as it stands. Name "
            "nobody, and nothing by which somebody could be known."
        ),
        rows=3,
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Give a reason.")},
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Yes, turn this address away"),
        error_messages={"required": gettext_lazy("Tick this if you are sure of it.")},
    )


class LiftForm(forms.Form):
    reason = WordsField(
        label=gettext_lazy("Why it is lifted"),
        help_text=gettext_lazy("Vetters and administrators read it."),
        rows=3,
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Give a reason.")},
    )


def score_field(criterion: Criterion) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=str(criterion.label),
        widget=forms.RadioSelect,
        choices=[
            ("1", f"1 · {criterion.low}"),
            ("2", "2 · " + _("Closer to the first")),
            ("3", "3 · " + _("Closer to the last")),
            ("4", f"4 · {criterion.high}"),
            (UNSPOKEN, _("We did not speak about it")),
        ],
        error_messages={"required": _("Choose what fits best.")},
    )


def as_handed_in(sheet: Interview | None, criteria: Iterable[Criterion]) -> Any:
    """What the form begins with."""
    if sheet is None:
        return {"held_on": timezone.localdate()}
    scores = {one.key: str(sheet.scores.get(one.key, UNSPOKEN)) for one in criteria}
    return {"held_on": sheet.held_on, "notes": sheet.notes, **scores}
