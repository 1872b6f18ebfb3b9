"""What the mailed link of a registration opens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from network.widgets import WeekGrid, slot_choices
from profiles.actions.volunteers import Offer
from profiles.fields import LanguagesField, SkillsField, TownField
from profiles.forms.levels import WithLevels, travel_choices
from profiles.models import VolunteerRegistration


class RegistrationForm(WithLevels):
    interests = SkillsField(
        label=gettext_lazy("What you can do and what you care about"),
        help_text=gettext_lazy("Type a few letters and choose, or use commas."),
    )
    languages = LanguagesField()
    town = TownField(required=False)
    travel_km = forms.TypedChoiceField(
        label=gettext_lazy("How far you travel"), choices=travel_choices, coerce=int
    )
    is_remote_ok = forms.BooleanField(
        label=gettext_lazy("I can also help by phone or online"), required=False
    )
    slots = forms.MultipleChoiceField(
        label=gettext_lazy("When you are usually free"),
        widget=WeekGrid,
        choices=slot_choices,
        required=False,
    )
    experience_years = forms.IntegerField(
        label=gettext_lazy("Years of experience"),
        min_value=0,
        max_value=60,
        required=False,
    )

    def __init__(
        self, *args: Any, registration: VolunteerRegistration, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial_of(registration))
        super().__init__(*args, **kwargs)
        self.add_levels(registration.skills)

    def main_fields(self) -> list[forms.BoundField]:
        levels = {field.name for field in self.level_fields}
        return [field for field in self.visible_fields() if field.name not in levels]

    def offer(self) -> Offer:
        data = self.cleaned_data
        return Offer(
            skills=self.levels_of(data["interests"].skills),
            causes=data["interests"].causes,
            languages=data["languages"],
            town=data["town"],
            slots=data["slots"],
            travel_km=data["travel_km"],
            is_remote_ok=data["is_remote_ok"],
            experience_years=data["experience_years"] or 0,
        )


def initial_of(row: VolunteerRegistration) -> dict[str, Any]:
    return {
        "interests": [*row.skills, *row.causes],
        "languages": row.languages,
        "town": row.place.get("town_id", ""),
        "travel_km": row.travel_km,
        "is_remote_ok": row.is_remote_ok,
        "slots": row.slots,
        "experience_years": row.experience_years,
    }
