"""The three screens on which somebody without an account says how they can help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.widgets import TypeAhead
from profiles import taxonomy
from profiles.fields import LanguagesField, here, label_of_term, quoted
from projects.forms.fields import TownForm, terms_of
from projects.times import TIMES

# what most people can do, and what is asked for first after an attack
COMMON = (
    "active-listening",
    "cooking",
    "driving-car",
    "accompanying",
    "community-interpreting",
    "translation",
    "children-activities",
    "shopping-errands",
    "form-filling",
    "moving-help",
    "small-repairs",
    "event-help",
)


def common_choices() -> list[tuple[str, str]]:
    return [(skill, taxonomy.label(skill, here())) for skill in COMMON]


class OfferForm(forms.Form):
    """Screen 1: one question, answered by words, by ticks or by both."""

    use_required_attribute = False  # ticks alone are an answer too

    offers = forms.CharField(
        label=gettext_lazy("What can you do, and what do you care about?"),
        max_length=1000,
        error_messages={
            "required": gettext_lazy(
                "Name one thing that you can do, or tick one below."
            )
        },
        widget=TypeAhead(suggest="profiles:suggest", label_of=label_of_term),
        help_text=gettext_lazy(
            "For example: interpreting, cooking, young people. "
            "With commas between, or choose from the list."
        ),
    )
    common = forms.MultipleChoiceField(
        label=gettext_lazy("Often needed"),
        required=False,
        choices=common_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    leave_out = forms.BooleanField(
        label=gettext_lazy("Go on without the words that are not in the list"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # what was chosen from the list comes as several values of one name
        text = self["offers"].data if self.is_bound else ""
        self.found, self.unknown = terms_of(text or "")
        self.close = suggestions(self.unknown)
        has_ticks = self.is_bound and "common" in self.data
        self.fields["offers"].required = not has_ticks
        if not self.unknown:
            del self.fields["leave_out"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = list(dict.fromkeys([*self.found, *data.get("common", [])]))
        if self.unknown and not (chosen and data.get("leave_out")):
            self.add_error("offers", self._unknown_error())
        elif not (chosen or self.errors):
            self.add_error(
                "offers", _("Name one thing that you can do, or tick one below.")
            )
        return data | {"chosen": chosen}

    def _unknown_error(self) -> str:
        words = quoted(self.unknown)
        if self.close:
            return _(
                "%(words)s is not in our list. Near to it are: %(close)s. "
                "Write one of these, or leave the word out."
            ) % {"words": words, "close": ", ".join(self.close)}
        return _("%(words)s is not in our list. Try another word, or leave it out.") % {
            "words": words
        }

    def answers(self) -> dict[str, Any]:
        return {"offers": self.cleaned_data["chosen"]}

    @staticmethod
    def initial_from(answers: dict[str, Any]) -> dict[str, Any]:
        offers = answers.get("offers", [])
        return {
            "offers": ", ".join(each for each in offers if each not in COMMON),
            "common": [each for each in offers if each in COMMON],
        }


def suggestions(words: list[str]) -> list[str]:
    """Labels near to words that name nothing, at most four."""
    found = [each.label for word in words for each in nearest(word)]
    return list(dict.fromkeys(found))[:4]


def nearest(word: str) -> list[taxonomy.Suggestion]:
    whole = taxonomy.suggest(word, here(), limit=3)
    return whole or [
        each
        for part in word.split()
        if len(part) > 3
        for each in taxonomy.suggest(part, here(), limit=2)
    ]


class PlaceForm(TownForm):
    """Screen 2: languages, prefilled with the page's, and a town."""

    languages = LanguagesField(
        label=gettext_lazy("Which languages do you speak?"),
        help_text=gettext_lazy("With commas between."),
        error_messages={"required": gettext_lazy("Name at least one language.")},
    )
    field_order = ["languages", "town", "town_choice"]

    def __init__(self, *args: Any, preferred_country: str = "", **kwargs: Any) -> None:
        self.preferred_country = preferred_country
        super().__init__(*args, **kwargs)
        town = self.fields["town"]
        town.label = gettext_lazy("In or near which town?")
        town.help_text = gettext_lazy(
            "You are asked for tasks within 25 km. Leave it empty if you want to help "
            "only from home. Nobody is shown your town."
        )

    def answers(self) -> dict[str, Any]:
        town = self.cleaned_data["town"]
        return {
            "languages": self.cleaned_data["languages"],
            "town": town.id if town else None,
        }

    @staticmethod
    def initial_from(answers: dict[str, Any]) -> dict[str, Any]:
        codes = answers.get("languages") or [here().split("-")[0]]
        return {"languages": ", ".join(codes), "town": answers.get("town") or ""}


class AddressForm(forms.Form):
    """The one address that anything can be sent to."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy(
            "Only we see it. It is how you are asked, and how you change or erase this."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


class TimeForm(AddressForm):
    """Screen 3: when, and the address."""

    times = forms.MultipleChoiceField(
        label=gettext_lazy("When could you help?"),
        choices=TIMES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    website = forms.CharField(  # honeypot: people do not see it
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    field_order = ["times", "email", "website"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("This field has to stay empty. Empty it and send once more.")
            )
        return ""

    @staticmethod
    def initial_from(answers: dict[str, Any]) -> dict[str, Any]:
        return {"times": answers.get("times", [])}
