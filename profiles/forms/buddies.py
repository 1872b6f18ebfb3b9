from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from network.words import in_a_row
from profiles.access import Tier, shown_at
from profiles.forms.people import NoteForm
from profiles.models import Profile


class BuddyForm(NoteForm):
    """`offered` are those whom this new member may ask."""

    person = forms.TypedChoiceField(
        label=_("Whom would you like to ask?"),
        widget=forms.RadioSelect,
        coerce=UUID,
        error_messages={
            "required": _("Choose somebody."),
            "invalid_choice": _("They cannot be asked any more. Choose somebody else."),
        },
    )
    field_order = ("person", "note")

    def __init__(self, *args: Any, offered: list[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {row.user_id: row for row in offered}
        choices = [(str(row.user_id), line_of(row)) for row in offered]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Profile:
        return self.offered[self.cleaned_data["person"]]


def line_of(row: Profile) -> str:
    """As a member sees them: the name, and what they speak where that is shown."""
    shown = shown_at(row, Tier.MEMBER)
    return " · ".join([shown.pseudonym, *filter(None, [in_a_row(shown.languages)])])
