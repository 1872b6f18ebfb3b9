"""How the other rooms learn of a change: one line in the outbox, in its transaction."""

from __future__ import annotations

from django.db import transaction

from network import outbox, parts
from network.models import Lane, User
from profiles.models import Block, ContactGrant, Profile, VolunteerRegistration


def tell_person(profile: Profile, *, withdrawn: bool = False) -> None:
    """`withdrawn`: they are to be found by fewer people than before, so at once."""
    lane = Lane.WITHDRAWALS if withdrawn else Lane.PEOPLE
    outbox.append(
        lane=lane, kind="person", key=profile.user_id, version=profile.version
    )


def tell_volunteer(row: VolunteerRegistration, *, withdrawn: bool = False) -> None:
    lane = Lane.WITHDRAWALS if withdrawn else Lane.PEOPLE
    outbox.append(lane=lane, kind="volunteer", key=row.pk, version=row.version)


def tell_block(block: Block) -> None:
    outbox.append(
        lane=Lane.WITHDRAWALS, kind="block", key=block.pk, version=block.version
    )


def tell_grant(grant: ContactGrant) -> None:
    """Ended ones go ahead of everything else."""
    lane = Lane.REST if grant.ended_at is None else Lane.WITHDRAWALS
    outbox.append(lane=lane, kind="grant", key=grant.pk, version=grant.version)


def revoke_on_commit(*, person: User, other: User | None = None, reason: str) -> None:
    """Open lines close once the change is true, and not before."""
    keys = person.pk, other.pk if other is not None else None
    transaction.on_commit(
        lambda: parts.revoke(person=keys[0], other=keys[1], reason=reason)
    )
