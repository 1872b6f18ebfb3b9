"""Whom a member may meet, as two vetters found. `moderation` asks them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from network import audit
from network.models import User
from profiles.actions import changes
from profiles.models import Meets, Profile


def grant_tier(*, person: User, tier: int, until: date, by: User) -> None:
    """In the place of what counted before; `until` is the last day."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(user=person)
        row.safeguarding_tier, row.safeguarding_until = tier, until
        row.safeguarding_by, row.safeguarding_at = by, timezone.now()
        keep(row)
        audit.record(action="check granted", by=by, subject=row)
        changes.tell_person(row)


def end_tier(*, person: User, by: User | None) -> None:
    """From now on they are found for no task that asks for a check."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(user=person)
        if row.safeguarding_tier == Meets.NOBODY:
            return
        clear(row)
        audit.record(action="check ended", by=by, subject=row)
        changes.tell_person(row, withdrawn=True)


def clear(row: Profile) -> None:
    row.safeguarding_tier = Meets.NOBODY
    row.safeguarding_by = row.safeguarding_at = row.safeguarding_until = None
    keep(row)


def keep(row: Profile) -> None:
    row.save(
        update_fields=[
            "safeguarding_tier",
            "safeguarding_until",
            "safeguarding_by",
            "safeguarding_at",
        ]
    )
