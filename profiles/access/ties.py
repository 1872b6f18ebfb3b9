"""What stands between two people: blocks, connections, requests."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from network.models import User
from profiles.models import (
    Block,
    Connection,
)

ASKED_AGAIN_AFTER = timedelta(days=7)


def blocked_ids(person: User) -> set[UUID]:
    """Whom this person blocked, and who blocked them."""
    pairs = Block.objects.filter(Q(blocker=person) | Q(blocked=person))
    ids = {each for pair in pairs.values_list("blocker", "blocked") for each in pair}
    return ids - {person.pk}


def asker_ids(person: User) -> set[UUID]:
    """Who waits for this person's answer."""
    asked = Connection.objects.filter(
        recipient=person, state=Connection.State.REQUESTED
    )
    return set(asked.values_list("requester", flat=True))


def is_blocked_between(one: UUID, other: UUID) -> bool:
    both = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Block.objects.filter(both).exists()


def connection_between(one: UUID, other: UUID) -> Connection | None:
    """The one that both accepted."""
    both = Q(requester=one, recipient=other) | Q(requester=other, recipient=one)
    return Connection.objects.filter(both, state=Connection.State.ACCEPTED).first()


def has_asked(requester: UUID, recipient: UUID) -> bool:
    """Waits for this recipient's answer, so is shown to them, listed or not."""
    return Connection.objects.filter(
        requester=requester, recipient=recipient, state=Connection.State.REQUESTED
    ).exists()


def request_sent(requester: UUID, recipient: UUID) -> Connection | None:
    """What the requester sees as waiting: a declined one too, the no is silent."""
    silent = [Connection.State.REQUESTED, Connection.State.DECLINED]
    return (
        Connection.objects.filter(
            requester=requester, recipient=recipient, state__in=silent
        )
        .order_by("-created_at")
        .first()
    )


def asks_again_from(requester: UUID, recipient: UUID) -> datetime | None:
    """Whoever asked lately, and took it back, waits: nobody is called again and again.
    The same whether or not the other had silently declined."""
    lately = timezone.now() - ASKED_AGAIN_AFTER
    taken_back = Connection.objects.filter(
        requester=requester,
        recipient=recipient,
        state=Connection.State.WITHDRAWN,
        created_at__gt=lately,
    )
    last = taken_back.order_by("-created_at").first()
    return last.created_at + ASKED_AGAIN_AFTER if last is not None else None


def friends_of(person: UUID) -> set[UUID]:
    """Ids of those with whom somebody is connected."""
    pairs = Connection.objects.filter(
        Q(requester=person) | Q(recipient=person), state=Connection.State.ACCEPTED
    ).values_list("requester", "recipient")
    return {other for pair in pairs for other in pair} - {person}
