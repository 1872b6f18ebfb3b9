"""A profile as one viewer sees it: what they may not see is not in the object."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from network.countries import country_name
from network.widgets import slot_choices
from profiles import languages, roles, taxonomy
from profiles.models import Kind, Meets, Profile, ProfileSkill


@dataclass(frozen=True)
class ShownSkill:
    label: str
    level: str


@dataclass(frozen=True)
class ShownProfile:
    """Hidden fields are empty, as they are where nothing was written."""

    user_id: UUID
    pseudonym: str = ""
    kind: str = ""
    way: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[ShownSkill, ...] = ()
    causes: tuple[str, ...] = ()
    roles_offered: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    country: str = ""
    experience_years: int = 0
    checked_for: str = ""  # whom they may meet

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else ""


def show(profile: Profile, audiences: Collection[str]) -> ShownProfile:
    """Fields whose audience is among `audiences`."""

    def may(field: str) -> bool:
        return profile.audience_of(field) in audiences

    here = get_language() or "en"
    return ShownProfile(
        user_id=profile.user_id,
        pseudonym=profile.pseudonym if may("pseudonym") else "",
        kind=profile.kind if may("kind") else "",
        way=profile.way if may("way") else "",
        languages=spoken(profile, here) if may("languages") else (),
        skills=skills(profile, here) if may("skills") else (),
        experience_years=profile.experience_years if may("skills") else 0,
        causes=labels(profile.causes, here) if may("causes") else (),
        roles_offered=roles.labels(profile.roles_offered)
        if may("roles_offered")
        else (),
        slots=times(profile.slots) if may("slots") else (),
        country=country_name(profile.country)
        if profile.country and may("country")
        else "",
        checked_for=str(Meets(profile.tier_today).label)
        if profile.tier_today and may("safeguarding")
        else "",
    )


def spoken(profile: Profile, here: str) -> tuple[str, ...]:
    return tuple(languages.name(code, here) for code in profile.languages)


def skills(profile: Profile, here: str) -> tuple[ShownSkill, ...]:
    rows = sorted(profile.skills.all(), key=lambda row: (-row.level, row.skill))
    return tuple(
        ShownSkill(
            taxonomy.label(row.skill, here),
            str(ProfileSkill.Level(row.level).label),
        )
        for row in rows
        if taxonomy.is_skill(row.skill)
    )


def labels(ids: Collection[str], here: str) -> tuple[str, ...]:
    return tuple(taxonomy.label(id, here) for id in ids if taxonomy.is_cause(id))


def times(slots: Collection[str]) -> tuple[str, ...]:
    return tuple(label for slot, label in slot_choices() if slot in slots)
