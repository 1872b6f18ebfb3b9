"""The log of changes that every consumer follows at its own pace.

`append` runs in the transaction of the change. A reader keeps a position per lane and
must be idempotent by (kind, key, version).

Sequence order is not commit order: on PostgreSQL a transaction with a lower `seq` may
commit last. So an entry carries its transaction's id, a reader takes only entries of
transactions below the oldest one still running, in the order (xid, seq), and an entry
that commits late still lies ahead of every position that was reached before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from network.models import Lane, OutboxEntry, OutboxPosition

KEPT = timedelta(days=30)
Position = tuple[int, int]  # (xid, seq)
START: Position = (0, 0)


def append(*, lane: Lane, kind: str, key: UUID | str, version: int) -> None:
    """Adds one line; call it inside the transaction of the change that it tells.

    Raises `TransactionManagementError` outside a transaction: a line without its
    change, or a change without its line, is what the log exists to rule out.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("outbox.append needs atomic()")
    entry = OutboxEntry(lane=lane, kind=kind, key=str(key), row_version=version)
    if connection.vendor == "postgresql":
        entry.xid = RawSQL(
            "pg_current_xact_id()::text::bigint", [], output_field=BigIntegerField()
        )
    entry.save(force_insert=True)


@dataclass
class Cursor:
    """Where a reader stands in each lane. In memory; `load`/`advance` keep it."""

    positions: dict[int, Position] = field(default_factory=dict)

    def at(self, lane: int) -> Position:
        return self.positions.get(lane, START)

    def passed(self, entries: Iterable[OutboxEntry]) -> None:
        for entry in entries:
            here = (entry.xid, entry.seq)
            self.positions[entry.lane] = max(self.at(entry.lane), here)


def committed() -> QuerySet[OutboxEntry]:
    """Entries that no running transaction can still slip in front of."""
    entries = OutboxEntry.objects.all()
    if connection.vendor == "postgresql":
        horizon = RawSQL(
            "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
            [],
            output_field=BigIntegerField(),
        )
        return entries.filter(xid__lt=horizon)
    return entries


def pending(cursor: Cursor, limit: int = 500) -> list[OutboxEntry]:
    """At most `limit` entries after the cursor, withdrawals before everything else."""
    found: list[OutboxEntry] = []
    for lane in Lane:
        xid, seq = cursor.at(lane)
        ahead = Q(xid__gt=xid) | Q(xid=xid, seq__gt=seq)
        lines = committed().filter(ahead, lane=lane).order_by("xid", "seq")
        found += lines[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def end() -> Cursor:
    """The cursor behind everything committed now; take it before a full load."""
    cursor = Cursor()
    for lane in Lane:
        last = committed().filter(lane=lane).order_by("-xid", "-seq").first()
        if last is not None:
            cursor.positions[lane] = (last.xid, last.seq)
    return cursor


def load(consumer: str) -> Cursor:
    rows = OutboxPosition.objects.filter(consumer=consumer)
    return Cursor({row.lane: (row.xid, row.seq) for row in rows})


def read(consumer: str, limit: int = 500) -> list[OutboxEntry]:
    return pending(load(consumer), limit)


def advance(consumer: str, entries: Iterable[OutboxEntry]) -> None:
    """Remembers that `entries` are done; never moves back."""
    cursor = load(consumer)
    cursor.passed(entries)
    for lane, (xid, seq) in cursor.positions.items():
        OutboxPosition.objects.update_or_create(
            consumer=consumer, lane=lane, defaults={"xid": xid, "seq": seq}
        )


def lag(consumer: str) -> int:
    """How many committed entries the consumer has not read."""
    cursor = load(consumer)
    return sum(
        committed()
        .filter(
            Q(xid__gt=cursor.at(lane)[0])
            | Q(xid=cursor.at(lane)[0], seq__gt=cursor.at(lane)[1]),
            lane=lane,
        )
        .count()
        for lane in Lane
    )


def prune() -> int:
    """Drops entries over 30 days; a reader further behind rebuilds from the tables."""
    old = OutboxEntry.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
