"""Reads: the list of a member's connections, of requests and of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from network.models import User
from profiles import access, buddies
from profiles.access import Tier
from profiles.models import Block, Connection, Profile, Standing

State = Connection.State
LISTED = 200  # of each list of connections


@dataclass(frozen=True)
class ContactRow:
    """One line in the list of connections: the other person and what stands between."""

    connection: Connection
    person_id: UUID
    name: str
    is_there: bool  # whether their profile can be opened
    is_paused: bool = False  # a connected person who takes a pause
    note: str = ""
    is_buddy: bool = False  # a new member and who accompanies them


@dataclass(frozen=True)
class BlockRow:
    person_id: UUID
    name: str


@dataclass(frozen=True)
class Contacts:
    received: list[ContactRow]
    sent: list[ContactRow]
    connected: list[ContactRow]


def contacts_of(person: User) -> Contacts:
    """Received, sent and accepted; nobody behind a block, declined ones as waiting."""
    mine = Q(requester=person) | Q(recipient=person)
    rows = (
        Connection.objects.filter(
            mine, state__in=[State.REQUESTED, State.ACCEPTED, State.DECLINED]
        )
        .exclude(Q(recipient=person) & Q(state=State.DECLINED))
        .select_related("requester__profile", "recipient__profile")
        .order_by("-created_at")[: 3 * LISTED]
    )
    gone = access.blocked_ids(person)
    found = Contacts([], [], [])
    for row in rows:
        other = row.recipient if row.requester_id == person.pk else row.requester
        if other.pk not in gone:
            list_for(found, row, person).append(contact_row(row, other, person))
    return found


def list_for(found: Contacts, row: Connection, person: User) -> list[ContactRow]:
    if row.state == State.ACCEPTED:
        return found.connected
    return found.sent if row.requester_id == person.pk else found.received


def contact_row(row: Connection, other: User, person: User) -> ContactRow:
    profile = getattr(other, "profile", None)
    is_there = profile is not None and may_open(row, profile, person)
    is_paused = (
        profile is not None
        and row.state == State.ACCEPTED
        and access.is_on_a_pause(profile)
    )
    is_for_me = row.state == State.REQUESTED and row.recipient_id == person.pk
    tier = Tier.CONNECTION if row.state == State.ACCEPTED else Tier.MEMBER
    return ContactRow(
        connection=row,
        person_id=other.pk,
        name=access.name_at(profile, tier)
        if profile is not None and (is_there or is_paused)
        else _("A member"),
        is_there=is_there,
        is_paused=is_paused,
        note=row.note if is_for_me else "",
        is_buddy=row.is_buddy and row.requester.profile.standing == Standing.PROBATION,
    )


def buddy_row(newcomer: User) -> ContactRow | None:
    """Whom a new member has asked to accompany them; None before, and behind a
    block."""
    row = buddies.buddy_request(newcomer)
    if row is None or access.is_blocked_between(newcomer.pk, row.recipient_id):
        return None
    return contact_row(row, row.recipient, newcomer)


def may_open(row: Connection, profile: Profile, person: User) -> bool:
    """The rule of `access.tier_of` for somebody whose row and blocks are known."""
    if not access.is_present(profile):
        return False
    if row.state == State.ACCEPTED or row.recipient_id == person.pk:
        return True
    return profile.is_listed and not access.is_kept_from(person, profile)


def blocks_by(person: User) -> list[BlockRow]:
    made = Block.objects.filter(blocker=person).select_related("blocked__profile")
    return [
        BlockRow(row.blocked_id, access.name_at(row.blocked.profile, Tier.MEMBER))
        for row in made.order_by("-created_at")
    ]
