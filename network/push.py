"""Telling a browser that there is something, and nothing else: a push without content.

Its maker's servers carry it and see when; so no word, name, kind or address goes along,
and what is shown stands in the browser already (`pwa.worker`).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from urllib3.exceptions import HTTPError

from network import parts, push_service
from network.crypto import Tampered
from network.models import Notice, PushHint, PushSubscription, User
from network.parts import NoticeKind

log = logging.getLogger("waymark.push")
PAUSE = timedelta(minutes=5)  # between two pushes to one browser
FAILURES, LONGEST_WAIT = 16, 256  # minutes: about two days
AT_ONCE = 500
GONE = {404, 410}
MARK = "push"  # in a session: which row is of this browser, when its key changes


def is_offered() -> bool:
    return bool(settings.VAPID_KEY)


def is_pushed(part: NoticeKind) -> bool:
    return part.mails or part.is_urgent


def hint(*, person: User) -> None:
    """In the transaction of the notice; whatever pace its mails have."""
    if is_offered() and PushSubscription.objects.filter(person=person.pk).exists():
        PushHint.objects.create(person=person)


def deliver_waiting(limit: int = 50) -> int:
    """Sends what is due; returns how many were taken. A service that does not answer
    ends the round: mails wait behind it."""
    if not is_offered():
        return 0
    spread_hints()
    sent = 0
    for _ in range(limit):
        row = _claim()
        if row is None:
            break
        try:
            sent += _deliver(row)
        except HTTPError as error:
            note_failure(row, type(error).__name__)
            break
    return sent


def spread_hints() -> None:
    """Marks the browsers of whoever is to be told; many hints are one mark."""
    if not PushHint.objects.exists():  # a question only: asked each second
        return
    with transaction.atomic():
        waiting = PushHint.objects.order_by("created_at")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        taken = list(waiting[:AT_ONCE])
        people = {one.person_id for one in taken}
        rows = PushSubscription.objects.filter(person__in=people)
        rows.update(asked_at=timezone.now())
        PushHint.objects.filter(pk__in=[one.pk for one in taken]).delete()


def due_rows() -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(
        asked_at__isnull=False, next_attempt_at__lte=timezone.now()
    ).order_by("next_attempt_at")


def _claim() -> PushSubscription | None:
    """Its next attempt lies ahead before it is sent: see `notify.deliver_waiting`."""
    if not due_rows().exists():
        return None
    with transaction.atomic():
        due = due_rows()
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        row: PushSubscription | None = due.first()
        if row is not None:
            row.next_attempt_at = timezone.now() + wait_after(row.failures + 1)
            row.save(update_fields=["next_attempt_at"])
    return row


def wait_after(failures: int) -> timedelta:
    return timedelta(minutes=min(2**failures, LONGEST_WAIT))


def _deliver(row: PushSubscription) -> bool:
    """Raises urllib3's `HTTPError` where nobody answers."""
    endpoint = address_of(row)
    if not endpoint or not is_alive(row):
        row.delete()
        return False
    if not has_unread(row):
        clear_mark(row)
        return False
    status = push_service.knock(endpoint)
    if 200 <= status < 300:
        note_success(row)
        return True
    if status in GONE:
        row.delete()
    else:
        note_failure(row, str(status))
    return False


def address_of(row: PushSubscription) -> str:
    """ "" for what is no push service any more, and for what another row has sealed."""
    try:
        endpoint = row.endpoint
    except Tampered:
        return ""
    return endpoint if push_service.is_push_service(endpoint) else ""


def is_alive(row: PushSubscription) -> bool:
    return PushSubscription.objects.filter(in_open_session(), pk=row.pk).exists()


def in_open_session() -> Q:
    still_open = Session.objects.filter(expire_date__gt=timezone.now())
    keys = still_open.values("session_key")
    return Q(person__is_active=True, session__session_key__in=keys)


def has_unread(row: PushSubscription) -> bool:
    """What was read meanwhile, or taken back by a block, calls nobody."""
    kinds = [name for name, part in parts.notice_kinds.items() if is_pushed(part)]
    unread = Notice.objects.filter(person=row.person_id, read_at=None, kind__in=kinds)
    return unread.exists()


def clear_mark(row: PushSubscription) -> None:
    """A hint that came while this one was on its way keeps its own mark."""
    rows = PushSubscription.objects.filter(pk=row.pk, asked_at=row.asked_at)
    rows.update(asked_at=None)


def note_success(row: PushSubscription) -> None:
    clear_mark(row)
    now = timezone.now()
    rows = PushSubscription.objects.filter(pk=row.pk)
    rows.update(failures=0, last_ok_at=now, next_attempt_at=now + PAUSE)


def note_failure(row: PushSubscription, error: str) -> None:
    """Later and later, and in the end no more."""
    log.warning("push not sent", extra={"error": error})
    failures = row.failures + 1
    if failures >= FAILURES:
        row.delete()
        return
    due = timezone.now() + wait_after(failures)
    rows = PushSubscription.objects.filter(pk=row.pk)
    rows.update(failures=failures, next_attempt_at=due)


def drop_of_session(session_key: str | None) -> None:
    if session_key:
        rows = PushSubscription.objects.filter(session__session_key=session_key)
        rows.delete()


def drop_over() -> None:
    """Of sessions that have run out."""
    PushSubscription.objects.exclude(in_open_session()).delete()
