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
from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from network.models import AuditEntry, AuditSeal, User

FIRST = "0" * 64


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


def seal() -> int:
    """Chains what is not sealed yet, in order of time; returns how many.

    One writer at a time: the unique `entry_id` turns a second one away.
    """
    with transaction.atomic():
        sealed = AuditSeal.objects.values("entry_id")
        fresh = AuditEntry.objects.exclude(id__in=sealed).order_by("at", "id")[:1000]
        last = AuditSeal.objects.order_by("-seq").first()
        previous = last.chain_hash if last else FIRST
        count = 0
        for entry in fresh:
            mark = entry_hash(entry)
            previous = _digest(previous, mark)
            AuditSeal.objects.create(
                entry_id=entry.id, entry_hash=mark, chain_hash=previous
            )
            count += 1
    return count


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
    seals = list(AuditSeal.objects.order_by("seq"))
    if seals and seals[0].chain_hash != _digest(FIRST, seals[0].entry_hash):
        yield f"The first seal ({seals[0].seq}) does not start the chain."
    for before, here in pairwise(seals):
        if here.chain_hash != _digest(before.chain_hash, here.entry_hash):
            yield f"Seal {here.seq} does not follow the one before it."
    entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
    for seal in seals:
        entry = entries.get(seal.entry_id)
        if entry is None:
            yield f"The entry of seal {seal.seq} is gone."
        elif not entry.is_dropped and entry_hash(entry) != seal.entry_hash:
            yield f"The entry of seal {seal.seq} was changed."


def drop_old() -> int:
    """Blanks entries past the time that they are kept; their seals stay."""
    limit = timezone.now() - timedelta(days=365 * settings.AUDIT_YEARS)
    old = AuditEntry.objects.filter(at__lt=limit, is_dropped=False)
    for entry in old:
        entry.action = entry.subject = entry.reason = entry.salt = ""
        entry.actor, entry.is_dropped = None, True
        entry.save()
    return len(old)
