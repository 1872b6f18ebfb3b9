"""Addresses from which nobody is admitted, and their way back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from moderation import access
from network import audit
from network.models import User
from profiles.models import Application, Ban


def add_ban(*, application: Application, by: User, reason: str) -> Ban:
    """Turns away the address of a declined application; once, however often it is
    sent. Raises `NotFound` for who may not read it, and where it is not declined."""
    with transaction.atomic():
        row = access.declined_application(by, application.pk)
        theirs = Application.objects.filter(applicant=row.applicant_id)
        # nobody says the second yes to another of theirs meanwhile
        list(theirs.select_for_update().order_by("pk"))
        bans = Ban.objects.of_address(row.applicant.email)
        known: Ban | None = bans.standing().first()
        if known is not None:
            return known
        ban = Ban.objects.create(
            address_index=Ban.index_of(row.applicant.email), reason=reason, by=by
        )
        audit.record(action="address turned away", by=by, subject=row)
    return ban


def lift_ban(*, ban: Ban, by: User, reason: str) -> Ban:
    """Lifting it twice is lifting it once. Raises `NotFound` for all but
    administrators."""
    with transaction.atomic():
        key = access.ban_to_lift(by, ban.pk).pk
        row = Ban.objects.select_for_update().get(pk=key)
        if row.lifted_at is None:
            row.lifted_at, row.lifted_by = timezone.now(), by
            row.lifted_because = reason
            row.save()
            audit.record(action="ban lifted", by=by, subject=row)
    return row
