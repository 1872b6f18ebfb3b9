"""A person's own list of notices, and how mails tell of it."""

from django.db import transaction
from django.utils import timezone

from network import audit
from network.digest import next_digest
from network.models import MailChoice, Notice, Pace, User


def mark_notices_read(*, by: User) -> int:
    """Not audited: it is a reading mark, and nobody else's matter."""
    return Notice.objects.filter(person=by, read_at=None).update(read_at=timezone.now())


def choose_mails(*, by: User, pace: str, time_zone: str) -> None:
    """What is saved as it was moves no digest that is due."""
    with transaction.atomic():
        row = locked(by)
        person = User.objects.get(pk=by.pk)
        if (row.pace, person.time_zone) == (pace, time_zone):
            return
        User.objects.filter(pk=by.pk).update(time_zone=time_zone)
        set_pace(row, pace, time_zone)
        audit.record(action="mails chosen", by=by, subject=by)


def stop_mails(*, person: User) -> None:
    """By the link in a mail, or by the mail client: whoever it was has the mailbox.
    Pressed twice it is the same."""
    with transaction.atomic():
        row = locked(person)
        if row.pace != Pace.NEVER:
            set_pace(row, Pace.NEVER, person.time_zone, before=row.pace)
            audit.record(action="mails stopped", by=None, subject=person)


def resume_mails(*, person: User) -> None:
    """Back to what a press of "stop" has ended; who chose "never" is left alone."""
    with transaction.atomic():
        row = locked(person)
        if row.pace == Pace.NEVER and row.pace_before:
            set_pace(row, row.pace_before, person.time_zone)
            audit.record(action="mails resumed", by=None, subject=person)


def locked(person: User) -> MailChoice:
    return MailChoice.objects.select_for_update().get_or_create(person=person)[0]


def set_pace(row: MailChoice, pace: str, time_zone: str, *, before: str = "") -> None:
    row.pace, row.pace_before = pace, before
    row.due_at = next_digest(pace, time_zone, timezone.now())
    row.save(update_fields=["pace", "pace_before", "due_at"])
