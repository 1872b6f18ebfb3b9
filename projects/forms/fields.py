"""What several pages ask: a town, and words that may be skills or causes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import places
from network.places import City
from network.widgets import TypeAhead, parts_of
from profiles import taxonomy
from profiles.fields import here, label_of_term, label_of_town, town_of

MOST = 8  # towns of one name that are offered


def terms_of(text: str) -> tuple[list[str], list[str]]:
    """Ids of the skills and causes that a text names, and what names none."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for part in parts_of(text):
        named = None if label_of_term(part) else taxonomy.resolve(part, here())
        if named is not None:
            found[named.id] = None
        elif label_of_term(part):
            found[part] = None
        else:
            unknown.append(part)
    return list(found), unknown


class TownForm(forms.Form):
    """One town. A name that several towns have is asked about once more, by buttons."""

    town = forms.CharField(
        label=gettext_lazy("Town"),
        required=False,
        max_length=120,
        widget=TypeAhead(
            suggest="profiles:suggest_places", label_of=label_of_town, multiple=False
        ),
    )
    town_choice = forms.ChoiceField(
        label=gettext_lazy("Which of these?"),
        required=False,
        widget=forms.RadioSelect,
    )
    preferred_country = ""  # its towns stand first among those of one name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.data.get(self.add_prefix("town"), "") if self.is_bound else ""
        self.candidates = self._candidates(text.strip())
        if len(self.candidates) > 1:
            self.fields["town_choice"].choices = [  # type: ignore[attr-defined]
                (str(city.id), places.label(city, here())) for city in self.candidates
            ]
        else:
            del self.fields["town_choice"]

    def _candidates(self, text: str) -> list[City]:
        if not text:
            return []
        if (known := town_of(text)) is not None:
            return [known]
        found = places.matches(text) or places.search(text, here())
        found.sort(key=lambda city: city.country != self.preferred_country)
        return found[:MOST]

    def clean_town(self) -> City | None:
        if not self.cleaned_data["town"]:
            return None
        if not self.candidates:
            raise forms.ValidationError(
                _(
                    "We do not find this town. Try a larger one nearby, "
                    "or add the country: “Ostend, Belgium”."
                )
            )
        if len(self.candidates) == 1:
            return self.candidates[0]
        wanted = self.data.get(self.add_prefix("town_choice"))
        for city in self.candidates:
            if str(city.id) == wanted:
                return city
        raise forms.ValidationError(
            _("There is more than one town like this. Choose yours below.")
        )
