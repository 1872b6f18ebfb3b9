"""Reads: introductions as each of the three sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from network.models import User
from profiles import access
from profiles.access import Tier
from profiles.models import Introduction, Profile


@dataclass(frozen=True)
class Asked:
    """To one of the two. Without `person_id` the other is not named."""

    introduction: Introduction
    introducer_id: UUID
    introducer: str
    person_id: UUID | None
    name: str
    note: str
    has_said_yes: bool


@dataclass(frozen=True)
class Proposed:
    """To the introducer: nothing that an answer would change."""

    introduction: Introduction
    names: tuple[str, str]
    until: datetime


def asked_of(person: User) -> list[Asked]:
    return [asked(row, person) for row in access.introductions_to(person)]


def asked(row: Introduction, person: User) -> Asked:
    across: Profile = row.across_from(person.pk).profile
    is_seen = access.sees_introduced(person, across)
    return Asked(
        introduction=row,
        introducer_id=row.introducer_id,
        introducer=name_of(row.introducer.profile),
        person_id=across.user_id if is_seen else None,
        name=access.name_at(across, Tier.MEMBER) if is_seen else _("A member"),
        note=row.note,
        has_said_yes=row.answer_of(person.pk) == Introduction.Answer.YES,
    )


def proposed_by(person: User) -> list[Proposed]:
    return [
        Proposed(
            row, (name_of(row.one.profile), name_of(row.other.profile)), row.expires_at
        )
        for row in access.own_introductions(person)
    ]


def name_of(profile: Profile) -> str:
    """Of somebody with whom the reader is connected."""
    is_there = access.is_present(profile) or access.is_on_a_pause(profile)
    return access.name_at(profile, Tier.CONNECTION) if is_there else _("A member")
