"""A registration ends after a year; a month before, its owner is told."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from network.models import MailedLink
from profiles import access
from profiles.actions.volunteers import REMINDED, REMINDER, mail_link
from profiles.models import VolunteerRegistration


def remind_registrations() -> int:
    """One mail, a month before the end, with a fresh link; returns how many."""
    soon = timezone.now() + REMINDED
    count = 0
    for row in VolunteerRegistration.objects.confirmed().filter(expires_at__lte=soon):
        with transaction.atomic():
            if was_reminded(row):
                continue
            mail_link(row, template=REMINDER)
            count += 1
    return count


def was_reminded(row: VolunteerRegistration) -> bool:
    """The fresh link is what remains of the reminder."""
    return MailedLink.objects.filter(
        purpose=access.LINK_PURPOSE,
        subject=row.pk,
        created_at__gte=row.expires_at - REMINDED - timedelta(days=1),
    ).exists()
