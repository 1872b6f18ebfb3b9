"""Who did what to what: an append-only log, sealed into a hash chain in the background.

Entries are written unchained in the action's own transaction (a chain written inline
would make every transaction wait for the one before). Once a second a single writer
seals what is new: `entry_hash = H(salt, contents)`, `chain_hash = H(previous, entry)`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from network import crypto
from network.models import AuditEntry, AuditSeal, User

FIRST = "0" * 64
BATCH = 1000
WRITER_LOCK = 0x5EA1  # any number that nothing else in this database locks


def record(
    *,
    action: str,
    by: User | AnonymousUser | None,
    subject: models.Model | str,
    reason: str = "",
) -> AuditEntry:
    """Writes one entry. `subject` is a row or "app.Model:id"; never pass a value.

    `reason` is what a person typed as the reason; it is stored encrypted.
    """
    actor = by.pk if by is not None and by.is_authenticated else None
    return AuditEntry.objects.create(
        action=action,
        actor=actor,
        subject=subject_of(subject),
        reason=reason,
        salt=secrets.token_hex(16),
    )


def record_view(
    *, by: User, subject: models.Model | str, reason: str = ""
) -> AuditEntry:
    """Staff opened something private: the access log that its owner can read."""
    return record(action="viewed", by=by, subject=subject, reason=reason)


def subject_of(subject: models.Model | str) -> str:
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.label}:{subject.pk}"


def history(subject: models.Model) -> models.QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(subject=subject_of(subject), is_dropped=False)
    return entries.order_by("at")


def seal(since: timedelta | None = None) -> int:
    """Chains what is not sealed yet, in order of time; returns how many.

    One writer at a time, or the chain would fork: a second one finds the lock taken and
    leaves. With `since` only entries of that age are looked at, which is cheap.
    """
    with transaction.atomic():
        if not _is_only_writer():
            return 0
        fresh = _unsealed(since)
        last = AuditSeal.objects.order_by("-seq").first()
        previous = last.chain_hash if last else FIRST
        for entry in fresh:
            mark = entry_hash(entry)
            previous = _digest(previous, mark)
            AuditSeal.objects.create(
                entry_id=entry.id, entry_hash=mark, chain_hash=previous
            )
    return len(fresh)


def _is_only_writer() -> bool:
    """On SQLite the transaction itself is the lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [WRITER_LOCK])
        return bool(cursor.fetchone()[0])


def _unsealed(since: timedelta | None) -> list[AuditEntry]:
    entries = AuditEntry.objects.filter(
        ~Exists(AuditSeal.objects.filter(entry_id=OuterRef("id")))
    )
    if since is not None:
        entries = entries.filter(at__gt=timezone.now() - since)
    return list(entries.order_by("at", "id")[:BATCH])


def entry_hash(entry: AuditEntry) -> str:
    contents = [
        entry.salt,
        str(entry.id),
        entry.at.isoformat(),
        entry.action,
        str(entry.actor),
        entry.subject,
        entry.reason,
    ]
    return _digest(json.dumps(contents))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def broken_links() -> Iterator[str]:
    """Yields one sentence for each seal that does not fit; nothing when all is well."""
    previous = FIRST
    seals = AuditSeal.objects.order_by("seq").iterator(chunk_size=BATCH)
    while batch := list(islice(seals, BATCH)):
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in batch])
        for seal in batch:
            if seal.chain_hash != _digest(previous, seal.entry_hash):
                yield f"Seal {seal.seq} does not follow the one before it."
            yield from _broken_entry(seal, entries.get(seal.entry_id))
            previous = seal.chain_hash


def _broken_entry(seal: AuditSeal, entry: AuditEntry | None) -> Iterator[str]:
    if entry is None:
        yield f"The entry of seal {seal.seq} is gone."
    elif not entry.is_dropped and not _fits(seal, entry):
        yield f"The entry of seal {seal.seq} was changed."


def _fits(seal: AuditSeal, entry: AuditEntry) -> bool:
    try:
        return entry_hash(entry) == seal.entry_hash
    except crypto.Tampered:  # the reason no longer opens
        return False


@dataclass(frozen=True)
class State:
    """`head` is worth noting elsewhere: it shows later whether the end was cut off."""

    sealed: int
    dropped: int
    waiting: int
    head: str  # "number:hash" of the last seal, "" before the first


def state() -> State:
    last = AuditSeal.objects.order_by("-seq").first()
    sealed = AuditSeal.objects.count()
    return State(
        sealed=sealed,
        dropped=AuditEntry.objects.filter(is_dropped=True).count(),
        waiting=AuditEntry.objects.count() - sealed,
        head=f"{last.seq}:{last.chain_hash}" if last else "",
    )


def holds_head(head: str) -> bool:
    """Whether a head that was noted earlier still stands in the chain."""
    number, _, chain_hash = head.partition(":")
    return (
        number.isdigit()
        and AuditSeal.objects.filter(seq=int(number), chain_hash=chain_hash).exists()
    )


def drop_old() -> int:
    """Blanks entries past the time that they are kept; their seals stay."""
    limit = timezone.now() - timedelta(days=365 * settings.AUDIT_YEARS)
    old = AuditEntry.objects.filter(at__lt=limit, is_dropped=False)
    return old.update(
        action="", subject="", reason="", salt="", actor=None, is_dropped=True
    )
