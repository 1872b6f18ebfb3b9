"""Form fields that several pages share. Each takes ids from the type-ahead and, without
JavaScript, words with commas between."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network import places
from network.places import City
from network.widgets import TypeAhead, parts_of
from profiles import languages, taxonomy


def reader() -> str:
    return get_language() or "en"


def term_label(identifier: str) -> str | None:
    is_known = taxonomy.is_skill(identifier) or taxonomy.is_cause(identifier)
    return taxonomy.label(identifier, reader()) if is_known else None


def language_label(code: str) -> str | None:
    return languages.name(code, reader()) if languages.is_language(code) else None


def town_label(identifier: str) -> str | None:
    found = places.city(int(identifier)) if is_number(identifier) else None
    return places.label(found, reader()) if found else None


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def terms_of(text: str) -> tuple[list[str], list[str]]:
    """Ids of the skills and causes that a text names, and what names none."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for part in parts_of(text):
        if term_label(part):
            found[part] = None
            continue
        named, strange = taxonomy.resolve_list(part, reader())
        found |= {each.id: None for each in named}
        unknown += strange
    return list(found), unknown


class TermsField(forms.CharField):
    """Cleans to a list of ids; words that name nothing go to `unknown_terms`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        widget = TypeAhead(suggest="profiles:suggest", label_of=term_label)
        super().__init__(widget=widget, **kwargs)


class LanguagesField(forms.CharField):
    """Cleans to a list of ISO 639 codes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        widget = TypeAhead(
            suggest="projects:suggest_languages", label_of=language_label
        )
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("،", ",")
        codes: dict[str, None] = {}
        for part in parts_of(text):
            code = languages.resolve(part, reader())
            if code is None:
                raise forms.ValidationError(
                    _("We do not know the language “%(name)s”. Check how it is spelt."),
                    params={"name": part},
                )
            codes[code] = None
        if self.required and not codes:
            raise forms.ValidationError(self.error_messages["required"], "required")
        return list(codes)


class TownForm(forms.Form):
    """One town. A name that several towns have is asked about once more, by buttons."""

    town = forms.CharField(
        label=gettext_lazy("Town"),
        required=False,
        max_length=120,
        widget=TypeAhead(
            suggest="profiles:suggest_places", label_of=town_label, multiple=False
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
                (str(city.id), places.label(city, reader())) for city in self.candidates
            ]
        else:
            del self.fields["town_choice"]

    def _candidates(self, text: str) -> list[City]:
        if not text:
            return []
        if is_number(text):
            known = places.city(int(text))
            return [known] if known else []
        found = places.matches(text) or places.search(text, reader())
        found.sort(key=lambda city: city.country != self.preferred_country)
        return found[:8]

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
