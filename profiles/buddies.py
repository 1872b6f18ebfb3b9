"""Who accompanies a new member through the first 90 days."""

from __future__ import annotations

from django.db.models import Count, Q

from network.models import User
from profiles.access import AUDIENCES, SETTLED, Tier, people_kept_from
from profiles.access import takes_requests_of as takes
from profiles.models import Connection, Profile, Standing

OFFERED = 6
LOOKED_AT = 60
State = Connection.State


def buddy_request(newcomer: User) -> Connection | None:
    """The one that stands: a yes before one that waits. A no looks like waiting."""
    asked = Connection.objects.filter(
        requester=newcomer,
        is_buddy=True,
        state__in=[State.ACCEPTED, State.REQUESTED, State.DECLINED],
    ).select_related("recipient__profile")
    rows = list(asked.order_by("-created_at"))
    said_yes = [row for row in rows if row.state == State.ACCEPTED]
    return next(iter([*said_yes, *rows]), None)


def members_to_ask(newcomer: Profile) -> list[Profile]:
    """Settled members who offer it and whom this one may ask, those with a language in
    common first, then those who accompany the fewest."""
    person = newcomer.user
    mine = Q(requester=person) | Q(recipient=person)
    live = Connection.objects.filter(mine).exclude(state__in=[State.ENDED])
    known = {
        each for pair in live.values_list("requester", "recipient") for each in pair
    }
    accompanied = Q(
        user__connections_received__is_buddy=True,
        user__connections_received__state=State.ACCEPTED,
        user__connections_received__requester__profile__standing=Standing.PROBATION,
    )
    offering = (
        Profile.objects.listed()
        .apart_from_blocks(person.pk)
        .filter(accompanies=True, standing__in=SETTLED, is_overdue=False)
        .exclude(user__in=[person.pk, *known])
    )
    kept = people_kept_from(person, offering)
    busy = Count("user__connections_received", filter=accompanied, distinct=True)
    rows = offering.exclude(user__in=kept).annotate(busy=busy).select_related("user")
    rows = rows.prefetch_related("skills")  # of what is shown of them
    found = [
        (not set(row.languages) & set(newcomer.languages), row)
        for row in rows.order_by("busy", "pk")[:LOOKED_AT]
        if takes(person, row) and row.audience_of("pseudonym") in AUDIENCES[Tier.MEMBER]
    ]
    found.sort(key=lambda pair: pair[0])
    return [row for _is_foreign, row in found[:OFFERED]]
