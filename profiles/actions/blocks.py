"""A block is complete, both ways, at once, and told to nobody."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from network import audit
from network.models import Notice, User
from profiles.actions import changes
from profiles.actions.connections import end, end_grants, end_introductions
from profiles.models import Block, Connection
from profiles.models.connection import pair_of

State = Connection.State


def block_person(*, by: User, person: User) -> Block:
    """Ends what joins the two: requests, connection, the right to write.

    A declined request ends like one that waits: after an unblocking the one would be
    there and the other not, and tell of the silent no."""
    try:
        with transaction.atomic():
            block = Block.objects.create(blocker=by, blocked=person)
            audit.record(action="blocked", by=by, subject=block)
            end_what_joins(by, person)
            changes.tell_block(block)
            changes.revoke_on_commit(person=by, other=person, reason="block")
    except IntegrityError:  # pressed twice
        return Block.objects.get(blocker=by, blocked=person)
    return block


def end_what_joins(one: User, other: User) -> None:
    rows = Connection.objects.filter(
        pair=pair_of(one.pk, other.pk),
        state__in=[State.REQUESTED, State.DECLINED, State.ACCEPTED],
    )
    for row in rows.select_for_update():
        if row.state == State.ACCEPTED:
            end(row)
        else:
            row.state = State.WITHDRAWN
            row.save(update_fields=["state"])
    end_introductions(one.pk, other.pk)
    forget_notices(one, other)
    end_grants(Q(person=one, other_person=other) | Q(person=other, other_person=one))


def forget_notices(one: User, other: User) -> None:
    """What leads to the other's page: it would be counted in a digest, and open
    nothing."""
    for person, gone in ((one, other), (other, one)):
        url = reverse("profiles:profile_detail", args=[gone.pk])
        Notice.objects.filter(person=person, url__endswith=url).delete()


def unblock_person(*, block: Block, by: User) -> None:
    """What was ended stays ended: they may ask each other anew."""
    with transaction.atomic():
        audit.record(action="unblocked", by=by, subject=block)
        changes.tell_block(block)
        Block.objects.filter(pk=block.pk, blocker=by).delete()
