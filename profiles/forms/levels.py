"""A level for each skill that is stored; a new one begins as confident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy

from profiles.fields import label_of_term
from profiles.models import ProfileSkill

PREFIX = "level_"


class WithLevels(forms.Form):
    """Adds `level_<skill>` for each of `skills`."""

    def add_levels(self, skills: Mapping[str, int]) -> None:
        for skill, level in skills.items():
            label = label_of_term(skill)
            if label is not None:
                self.fields[PREFIX + skill] = forms.TypedChoiceField(
                    label=label,
                    choices=ProfileSkill.Level.choices,
                    coerce=int,
                    initial=level,
                    required=False,
                )

    @property
    def level_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def levels_of(self, skills: Iterable[str]) -> dict[str, int]:
        """Of the skills that were chosen in the form just cleaned."""
        default = ProfileSkill.Level.CONFIDENT.value
        return {
            skill: int(self.cleaned_data.get(PREFIX + skill) or default)
            for skill in skills
        }


def travel_choices() -> list[tuple[int, object]]:
    return [(km, gettext_lazy("%(km)s km") % {"km": km}) for km in (5, 10, 25, 50, 100)]
