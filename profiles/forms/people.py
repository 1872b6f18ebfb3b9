"""Short forms about oneself and others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.words import WordsField
from profiles.access import Tier, name_at
from profiles.actions.connections import LONGEST_NOTE
from profiles.links import holds_link
from profiles.models import Profile

BACK = "0"


class NoteForm(forms.Form):
    note = WordsField(
        label=gettext_lazy("A short note"),
        help_text=gettext_lazy(
            "Who you are and why you write, in up to 500 characters. No links."
        ),
        rows=4,
        max_length=LONGEST_NOTE,
        required=False,
    )

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"])
        if holds_link(note):
            raise ValidationError(_("No links or addresses in a first note, please."))
        return note


class IntroduceForm(NoteForm):
    """`people` are those from whom the second one is chosen."""

    person = forms.TypedChoiceField(
        label=gettext_lazy("To whom?"),
        help_text=gettext_lazy("One of your own connections."),
        coerce=UUID,
    )
    field_order = ("person", "note")

    def __init__(self, *args: Any, people: list[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(one.user_id), name_at(one, Tier.CONNECTION)) for one in people]
        self.fields["person"].choices = [("", "–"), *names]  # type: ignore[attr-defined]
        note = self.fields["note"]
        note.required = True
        note.label = _("Why these two?")
        note.help_text = _(
            "Both read it, in up to 500 characters. No links, and no names: each sees "
            "the other’s name only where they may see it already."
        )


class PauseForm(forms.Form):
    weeks = forms.ChoiceField(
        label=gettext_lazy("For how long?"),
        widget=forms.RadioSelect,
        choices=[
            ("1", gettext_lazy("A week")),
            ("4", gettext_lazy("Four weeks")),
            ("13", gettext_lazy("Three months")),
            ("52", gettext_lazy("A year")),
            (BACK, gettext_lazy("No pause: show me again")),
        ],
    )

    def until(self) -> datetime | None:
        weeks = int(self.cleaned_data["weeks"])
        return timezone.now() + timedelta(weeks=weeks) if weeks else None


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Erase my account and everything in it, for good"),
        error_messages={
            "required": gettext_lazy("Tick this if you want it. Nothing was erased.")
        },
    )
