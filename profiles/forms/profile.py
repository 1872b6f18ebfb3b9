"""A member's own profile: each field with who sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.countries import country_choices
from network.edition import EditedForm
from network.widgets import WeekGrid, slot_choices
from network.words import WordsField
from profiles.actions.consent import current_text
from profiles.actions.profile import edition_of
from profiles.fields import LanguagesField, SkillsField, TownField, here
from profiles.forms.label import WithLabel, initial_of_label
from profiles.forms.levels import WithLevels, travel_choices
from profiles.forms.naming import PseudonymField
from profiles.links import no_links
from profiles.models import Audience, Profile, Purpose
from profiles.models.profile import DEFAULT_AUDIENCE
from profiles.queries import is_borne, is_survivor
from profiles.roles import RoleOffered

AUDIENCE = "audience_"
CAPS = (0, 1, 2, 3, 5, 8)

Section = tuple[object, object, tuple[str, ...]]
SECTIONS: tuple[Section, ...] = (
    (
        gettext_lazy("You"),
        gettext_lazy("No legal name, no picture, no date of birth is ever asked."),
        ("pseudonym", "way", "languages", "country"),
    ),
    (
        gettext_lazy("What you bring"),
        "",
        ("skills", "experience_years", "causes", "roles_offered"),
    ),
    (
        gettext_lazy("Where and when"),
        gettext_lazy(
            "Your town is never shown. It is rounded to a square of 25 km and used "
            "for matching only."
        ),
        ("town", "travel_km", "is_remote_ok", "slots", "load_cap"),
    ),
)


class ProfileForm(EditedForm, WithLevels, WithLabel):
    # nobody else changes it, and nobody is to fear so
    overtaken_words = gettext_lazy(
        "You have saved your profile since you opened this page, perhaps in another "
        "tab. Below is what you wrote here. Look at what stands now; if you save this, "
        "it takes its place, with who sees what."
    )
    pseudonym = PseudonymField(label=gettext_lazy("Name you go by"))
    way = WordsField(
        label=gettext_lazy("A few sentences about you"),
        rows=5,
        max_length=2000,
        required=False,
        validators=[no_links],
    )
    languages = LanguagesField()
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=lambda: [("", "–"), *country_choices()],
        required=False,
    )
    skills = SkillsField(
        label=gettext_lazy("What you can do"),
        help_text=gettext_lazy("Type a few letters and choose, or use commas."),
        kinds=("skill",),
        required=False,
    )
    experience_years = forms.IntegerField(
        label=gettext_lazy("Years of experience"),
        min_value=0,
        max_value=60,
        required=False,
    )
    causes = SkillsField(
        label=gettext_lazy("What you care about"), kinds=("cause",), required=False
    )
    roles_offered = forms.MultipleChoiceField(
        label=gettext_lazy("What you offer"),
        widget=forms.CheckboxSelectMultiple,
        choices=RoleOffered.choices,
        required=False,
    )
    town = TownField(required=False)
    travel_km = forms.TypedChoiceField(
        label=gettext_lazy("How far you travel"),
        choices=travel_choices,
        coerce=int,
        initial=25,
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
    load_cap = forms.TypedChoiceField(
        label=gettext_lazy("How many tasks you take on at once"), coerce=int
    )
    is_listed = forms.BooleanField(
        label=gettext_lazy("Members find me in the directory"), required=False
    )
    is_open_to_contact = forms.BooleanField(
        label=gettext_lazy("Members may ask me for contact"), required=False
    )
    accompanies = forms.BooleanField(
        label=gettext_lazy("New members may ask me to accompany them"),
        help_text=gettext_lazy(
            "Through their first 90 days: a word now and then, and somebody to ask."
        ),
        required=False,
    )
    shows_mutual = forms.BooleanField(
        label=gettext_lazy("Members see whom we both know"),
        help_text=gettext_lazy(
            "On each other’s page, and only where all three have switched this on. "
            "While it is off, nobody learns from here whom you are connected with."
        ),
        required=False,
    )
    is_matched = forms.BooleanField(
        label=gettext_lazy("Projects may find me by what I can do"),
        help_text=gettext_lazy(
            "And members who could learn from you may have you proposed to them."
        ),
        required=False,
    )
    no_formers = forms.BooleanField(
        label=gettext_lazy("Nothing with formers: they do not find me, nor I them"),
        required=False,
    )
    facilitator = forms.BooleanField(
        label=gettext_lazy("Contact only through the network's team, not directly"),
        required=False,
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        levels = {row.skill: row.level for row in profile.skills.all()}
        kwargs.setdefault("initial", initial_of(profile, list(levels)))
        super().__init__(*args, **kwargs)
        self.add_levels(levels)
        for field in DEFAULT_AUDIENCE:
            self.fields[AUDIENCE + field] = forms.ChoiceField(
                label=_("Who sees this"),
                choices=Audience.choices,
                initial=profile.audience_of(field),
            )
        self.fit_to_label()
        self.fit_to_person()
        if not is_survivor(profile):
            del self.fields["no_formers"], self.fields["facilitator"]
        self.matching_text = current_text(Purpose.MATCHING, here())

    def fit_to_person(self) -> None:
        zone = self.profile.user.time_zone.replace("_", " ")
        self.fields["slots"].help_text = _("In your time: %(zone)s.") % {"zone": zone}
        load = self.fields["load_cap"]
        assert isinstance(load, forms.TypedChoiceField)
        caps = sorted({*CAPS, self.profile.load_cap})
        load.choices = [(cap, cap or _("None for now")) for cap in caps]
        load.help_text = _(
            "Tasks you help with now: %(count)s. Once they are as many as this, no "
            "project finds you until one is done."
        ) % {"count": self.profile.load}

    def sections(self) -> Iterator[dict[str, Any]]:
        for title, hint, names in SECTIONS:
            fields = [(self[name], self.audience_field(name)) for name in names]
            yield {"title": title, "hint": hint, "fields": fields}

    def audience_field(self, name: str) -> forms.BoundField | None:
        return self[AUDIENCE + name] if AUDIENCE + name in self.fields else None

    def kind_audience(self) -> forms.BoundField:
        return self[f"{AUDIENCE}kind"]

    def check_audience(self) -> forms.BoundField:
        return self[f"{AUDIENCE}safeguarding"]

    def switches(self) -> list[forms.BoundField]:
        names = ("is_listed", "is_open_to_contact", "accompanies", "shows_mutual")
        return [self[name] for name in names]

    def rules(self) -> list[forms.BoundField]:
        names = ("no_formers", "facilitator")
        return [self[name] for name in names if name in self.fields]

    def clean_pseudonym(self) -> str:
        """Not that of another whom every member sees already."""
        pseudonym = str(self.cleaned_data["pseudonym"])
        if pseudonym != self.profile.pseudonym and is_borne(pseudonym, self.profile):
            raise ValidationError(
                _("Another member goes by this name. Add something to tell you apart.")
            )
        return pseudonym

    def audience(self) -> dict[str, str]:
        return {
            field: self.cleaned_data[AUDIENCE + field] for field in DEFAULT_AUDIENCE
        }

    def values(self) -> dict[str, Any]:
        """By the names of the profile's fields."""
        data = self.cleaned_data
        plain = (
            "pseudonym",
            "way",
            "languages",
            "country",
            "travel_km",
            "is_remote_ok",
            "slots",
            "load_cap",
            "roles_offered",
            "is_listed",
            "is_open_to_contact",
            "shows_mutual",
            "accompanies",
        )
        found = {name: data[name] for name in plain}
        found["causes"] = list(data["causes"].causes)
        found["experience_years"] = data["experience_years"] or 0
        if self.rules():
            rules = {name: data[name] for name in ("no_formers", "facilitator")}
            found["contact_rules"] = {name: True for name, on in rules.items() if on}
        return {**found, **self.label_values()}

    def skill_levels(self) -> dict[str, int]:
        return self.levels_of(self.cleaned_data["skills"].skills)


def initial_of(profile: Profile, skills: list[str]) -> dict[str, Any]:
    plain = (
        "pseudonym",
        "way",
        "languages",
        "country",
        "causes",
        "roles_offered",
        "experience_years",
        "travel_km",
        "is_remote_ok",
        "slots",
        "load_cap",
        "is_listed",
        "is_open_to_contact",
        "shows_mutual",
        "accompanies",
        "is_matched",
    )
    found = {name: getattr(profile, name) for name in plain}
    found["opened"] = edition_of(profile)
    found["town"] = profile.place.get("town_id", "")
    found |= initial_of_label(profile)
    return {**found, "skills": skills, **profile.contact_rules}
