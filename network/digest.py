"""Once a day or once a week one mail: how many new things wait, and nothing else.

It comes at about eight in the morning by the person's own clock, never at night: what
could not be sent in the morning waits for the next one. It is sent for what no mail has
told of yet, so nobody is reminded of the same every day.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from network import notify, parts
from network.models import MailChoice, Notice, Pace, User
from network.zones import zone_of

log = logging.getLogger("waymark.mail")
EIGHT, MONDAY = time(8), 0
MORNING = timedelta(hours=3)  # as long a digest may be late
LONGEST = timedelta(days=8)  # between two of them: further off was a wrong clock
AT_ONCE = 500


def next_digest(pace: str, time_zone: str, after: datetime) -> datetime | None:
    """Eight in the morning of the next day, or of the next Monday; None: no digest."""
    if pace not in {Pace.DAILY, Pace.WEEKLY}:
        return None
    zone = zone_of(time_zone)
    today = after.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(9)]
    mornings = [
        datetime.combine(day, EIGHT, zone).astimezone(UTC)
        for day in days
        if pace == Pace.DAILY or day.weekday() == MONDAY
    ]
    # in UTC: of two times in one zone Python compares the hands of the clock
    return next(morning for morning in mornings if morning > after)


def send_due_digests() -> int:
    """Returns how many went out. One that breaks holds up no other."""
    now, sent = timezone.now(), 0
    for choice in due_choices(now)[:AT_ONCE]:
        try:
            sent += send_digest(choice, now)
        except Exception as error:  # whatever it was: its turn comes again
            log.warning("digest not made", extra={"error": type(error).__name__})
    return sent


def due_choices(now: datetime) -> QuerySet[MailChoice]:
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + LONGEST)
    rows = MailChoice.objects.filter(is_due, person__is_active=True)
    return rows.select_related("person").order_by("due_at")


def send_digest(choice: MailChoice, now: datetime) -> bool:
    """The mark and the mail in one transaction: both are there, or neither is."""
    with transaction.atomic():
        is_morning = choice.due_at is not None and (
            choice.due_at <= now <= choice.due_at + MORNING
        )
        if not claim(choice, now, is_morning=is_morning) or not is_morning:
            return False
        waiting = unread(choice.person)
        if not waiting.filter(mailed_at=None).update(mailed_at=now):
            return False
        notify.mail_person(
            choice.person,
            "digest",
            count=waiting.count(),
            **notify.way_to_stop(choice.person),
        )
    return True


def claim(choice: MailChoice, now: datetime, *, is_morning: bool) -> bool:
    """Moves the time on, in one statement: of two workers the second one, and whoever
    has chosen something else meanwhile, finds another time there."""
    pace = choice.pace if is_morning else Pace.DAILY
    rows = MailChoice.objects.filter(
        pk=choice.pk, pace=choice.pace, due_at=choice.due_at
    )
    following = next_digest(pace, choice.person.time_zone, now)
    return bool(rows.update(due_at=following))


def unread(person: User) -> QuerySet[Notice]:
    """What the list of notices shows as new."""
    kinds = parts.notice_kinds.names()
    return Notice.objects.filter(person=person, read_at=None, kind__in=kinds)
