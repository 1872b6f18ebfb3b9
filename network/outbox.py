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
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Min, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.utils import timezone

from network.models import Lane, OutboxEntry, OutboxPosition

KEPT = timedelta(days=30)
PRUNED = "pruned"  # the position up to which nothing is left
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

    def ahead(self, lane: int) -> Q:
        """What lies after this cursor in a lane.

        Compared as rows: for `xid > x OR (xid = x AND seq > s)` the database would walk
        through everything that was read before.
        """
        here = Tuple(F("xid"), F("seq"))
        return Q(lane=lane) & Q(TupleGreaterThan(here, self.at(lane)))

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
        lines = committed().filter(cursor.ahead(lane)).order_by("xid", "seq")
        found += lines[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def is_behind(cursor: Cursor) -> bool:
    """Whether there is anything to read: one question, cheap enough for each page.

    The highest `seq` cannot answer it: an entry that commits late lies below it.
    """
    ahead = [cursor.ahead(lane) for lane in Lane]
    return committed().filter(reduce(or_, ahead)).exists()


def end() -> Cursor:
    """The cursor behind everything committed now; take it before a full load."""
    cursor = load(PRUNED)
    for lane in Lane:
        last = committed().filter(lane=lane).order_by("-xid", "-seq").first()
        if last is not None:
            cursor.passed([last])
    return cursor


def version_of(entry: OutboxEntry) -> int:
    """Of what a reader of this entry finds in the tables: a later entry about the same
    thing never has a lower one, although it may have a lower `seq`.

    Entries of one transaction share it, for they become visible together.
    """
    return entry.xid or entry.seq


def load(consumer: str) -> Cursor:
    rows = OutboxPosition.objects.filter(consumer=consumer)
    return Cursor({row.lane: (row.xid, row.seq) for row in rows})


def read(consumer: str, limit: int = 500) -> list[OutboxEntry]:
    return pending(load(consumer), limit)


def advance(consumer: str, entries: Iterable[OutboxEntry]) -> None:
    """Remembers that `entries` are done; never moves back, whoever else reads as the
    same consumer."""
    done = Cursor()
    done.passed(entries)
    for lane, (xid, seq) in done.positions.items():
        fresh = OutboxPosition(consumer=consumer, lane=lane)
        OutboxPosition.objects.bulk_create([fresh], ignore_conflicts=True)
        behind = Q(xid__lt=xid) | Q(xid=xid, seq__lt=seq)
        row = OutboxPosition.objects.filter(behind, consumer=consumer, lane=lane)
        row.update(xid=xid, seq=seq, read_at=timezone.now())


def start(consumer: str, cursor: Cursor) -> None:
    """A consumer begins behind the cursor, wherever it stood before."""
    for lane in Lane:
        xid, seq = cursor.at(lane)
        OutboxPosition.objects.update_or_create(
            consumer=consumer, lane=lane, defaults={"xid": xid, "seq": seq}
        )


def has_started(consumer: str) -> bool:
    """False too after a restore: see `renumber_after_restore`."""
    return OutboxPosition.objects.filter(consumer=consumer).count() == len(Lane)


def forget(consumer: str) -> None:
    OutboxPosition.objects.filter(consumer=consumer).delete()


def waiting_since(consumer: str) -> datetime | None:
    """When the oldest entry was written that the consumer has not read."""
    cursor = load(consumer)
    ahead = reduce(or_, (cursor.ahead(lane) for lane in Lane))
    oldest: datetime | None = (
        committed().filter(ahead).aggregate(oldest=Min("created_at"))["oldest"]
    )
    return oldest


def lag(consumer: str) -> int:
    """How many committed entries the consumer has not read."""
    cursor = load(consumer)
    return sum(committed().filter(cursor.ahead(lane)).count() for lane in Lane)


def consumers() -> list[str]:
    names = OutboxPosition.objects.exclude(consumer=PRUNED).values_list("consumer")
    return [name for (name,) in names.distinct().order_by("consumer")]


def prune() -> int:
    """Drops entries over 30 days; see `has_gap`. Returns how many."""
    old = OutboxEntry.objects.filter(created_at__lt=timezone.now() - KEPT)
    with transaction.atomic():
        for lane in Lane:
            last = old.filter(lane=lane).order_by("-xid", "-seq").first()
            if last is not None:
                advance(PRUNED, [last])
        return old.delete()[0]


def has_gap(cursor: Cursor) -> bool:
    """Whether entries after the cursor were pruned: then rebuild from the tables."""
    pruned = load(PRUNED)
    return any(cursor.at(lane) < pruned.at(lane) for lane in Lane)


def renumber_after_restore() -> int:
    """Moves entries of another cluster's life to the start of the order.

    A restored PostgreSQL counts its transactions from the beginning again: every new
    entry would lie behind the restored positions and never be read. Nothing is lost:
    what is kept is read once more. Safe at any time; returns how many were moved.
    """
    if connection.vendor != "postgresql":
        return 0
    unborn = RawSQL(
        "pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
        [],
        output_field=BigIntegerField(),
    )
    OutboxPosition.objects.filter(xid__gte=unborn).delete()  # they start anew
    return OutboxEntry.objects.filter(xid__gte=unborn).update(xid=0)
