"""Who may bring whom together, and what each of the three sees of it.

Whatever stands between the two (a block, a rule of theirs, an earlier no) is never an
answer to the introducer: for them an introduction waits, and then it is over.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from network.access import NotFound
from network.models import User
from profiles.access.contact import takes_requests_of
from profiles.access.seeing import (
    AUDIENCES,
    Tier,
    is_kept_from,
    is_present,
)
from profiles.access.standing import is_active_member, is_settled
from profiles.access.ties import connection_between, friends_of, is_blocked_between
from profiles.models import Connection, Introduction, Profile
from profiles.models.connection import pair_of

State = Connection.State
Answer = Introduction.Answer
PEOPLE = ("introducer__profile", "one__profile", "other__profile")


def people_to_introduce(person: User) -> list[Profile]:
    """One's own connections who are there and name themselves to connections: by what
    the introducer sees anyway, and not by what stands between two of them."""
    if not is_settled(person):
        return []
    theirs = Profile.objects.active().filter(user__in=friends_of(person.pk))
    found = theirs.apart_from_blocks(person.pk).order_by("pseudonym", "pk")
    seen = AUDIENCES[Tier.CONNECTION]
    return [one for one in found if one.audience_of("pseudonym") in seen]


def introducible(person: User, user_id: UUID) -> Profile:
    """Raises `NotFound`."""
    for profile in people_to_introduce(person):
        if profile.user_id == user_id:
            return profile
    raise NotFound


def can_be_introduced(one: Profile, other: Profile) -> bool:
    """Whether the two may be asked now."""
    return (
        not is_blocked_between(one.user_id, other.user_id)
        and connection_between(one.user_id, other.user_id) is None
        and take_introductions(one, other)
    )


def take_introductions(one: Profile, other: Profile) -> bool:
    """Both are there and let themselves be asked, by the rules for requests."""
    are_there = is_present(one) and is_present(other)
    return (
        are_there
        and takes_requests_of(one.user, other)
        and takes_requests_of(other.user, one)
    )


def has_said_no(one: UUID, other: UUID) -> bool:
    """Either of the two to the other, asked by them or by whoever introduced them."""
    pair = pair_of(one, other)
    refused = Connection.objects.filter(
        pair=pair,
        answered_at__isnull=False,
        state__in=[State.DECLINED, State.WITHDRAWN],
    )
    no = Q(one_answer=Answer.NO) | Q(other_answer=Answer.NO)
    return refused.exists() or Introduction.objects.filter(no, pair=pair).exists()


def introductions_to(person: User) -> list[Introduction]:
    """Those that this member may answer, or has said yes to. The other's answer never
    shows in it: whoever is asked goes on being asked after a no."""
    if not is_active_member(person):
        return []
    mine = Q(one=person) | Q(other=person)
    asked = Introduction.objects.waiting().apart_from_blocks().filter(mine)
    return [row for row in asked.select_related(*PEOPLE) if is_asked(row, person)]


def is_asked(row: Introduction, person: User) -> bool:
    answer = row.answer_of(person.pk)
    if answer == Answer.NONE:
        is_there = is_present(row.introducer.profile)
        return is_there and take_introductions(row.one.profile, row.other.profile)
    return answer == Answer.YES


def introduction_for(person: User, introduction_id: UUID) -> Introduction:
    """One to which this person may answer. Raises `NotFound`."""
    for row in introductions_to(person):
        if row.pk == introduction_id:
            return row
    raise NotFound


def own_introductions(person: User) -> list[Introduction]:
    """What this member proposed: the same whatever has become of it, as long as they
    are connected with both."""
    if not is_active_member(person):
        return []
    rows = Introduction.objects.not_over().filter(introducer=person)
    friends = friends_of(person.pk)
    return [
        row
        for row in rows.select_related(*PEOPLE)
        if {row.one_id, row.other_id} <= friends
    ]


def own_introduction(person: User, introduction_id: UUID) -> Introduction:
    """Raises `NotFound`."""
    for row in own_introductions(person):
        if row.pk == introduction_id:
            return row
    raise NotFound


def sees_introduced(person: User, across: Profile) -> bool:
    """Whether the one whom they would meet is there for this person anyway; else the
    introducer's words have to do."""
    is_shown = is_present(across) and across.is_listed
    return is_shown and not is_kept_from(person, across)
