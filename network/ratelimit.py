"""Limits that survive without a cache server: counters in the database.

A sliding window out of two fixed ones: the hits of the window before count by the part
of it that still lies within `per`. Keys are stored as keyed hashes only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

from django.db.models import F
from django.utils import timezone

from network.cipher import blind_index
from network.models import RateCounter

LONGEST = timedelta(days=3)  # two windows stay under the 7 days promised for addresses
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Decision:
    """`delay` is in seconds, and only set by limits that slow down, never refuse."""

    allowed: bool
    retry_after: timedelta = AT_ONCE
    delay: float = 0.0


@dataclass(frozen=True)
class _Window:
    name: str
    key_hash: str
    start: datetime
    per: timedelta
    elapsed: float  # part of the window that is over, 0 to 1

    def counts(self) -> tuple[int | None, int]:
        """Hits in this window (`None`: no row yet) and in the one before."""
        found = dict(
            RateCounter.objects.filter(
                name=self.name,
                key_hash=self.key_hash,
                window_start__in=[self.start, self.start - self.per],
            ).values_list("window_start", "count")
        )
        return found.get(self.start), found.get(self.start - self.per, 0)

    def create_row(self) -> None:
        fresh = RateCounter(
            name=self.name, key_hash=self.key_hash, window_start=self.start, count=0
        )
        RateCounter.objects.bulk_create([fresh], ignore_conflicts=True)

    def add_hit(self, *, below: int | None = None) -> bool:
        """One statement, so that two at once cannot both take the last place."""
        rows = RateCounter.objects.filter(
            name=self.name, key_hash=self.key_hash, window_start=self.start
        )
        if below is not None:
            rows = rows.filter(count__lt=below)
        return rows.update(count=F("count") + 1) == 1


def hit(
    name: str, *, key: str, limit: int, per: timedelta, delay_up_to: float | None = None
) -> Decision:
    """Counts one hit of `key`. A refused hit is not counted.

    With `delay_up_to` (seconds) nobody is refused: beyond the limit each further hit is
    asked to wait a little longer. For addresses that a whole school may share.
    Inside a transaction that is rolled back the hit is forgotten.
    """
    window = _window(name, key, per)
    current, before = window.counts()
    if current is None:
        window.create_row()
        current = 0
    if delay_up_to is not None:
        window.add_hit()
        over = current + 1 + before * (1 - window.elapsed) - limit
        return Decision(True, delay=_slowed(over, limit, delay_up_to))
    carried = floor(before * (1 - window.elapsed))
    if limit > carried and window.add_hit(below=limit - carried):
        return Decision(True)
    return Decision(False, retry_after=_wait(window, current, before, limit))


def prune() -> int:
    """Deletes counters that no limit reads any more; returns how many."""
    old = RateCounter.objects.filter(window_start__lt=timezone.now() - 2 * LONGEST)
    return old.delete()[0]


def _window(name: str, key: str, per: timedelta) -> _Window:
    if not timedelta(seconds=1) <= per <= LONGEST:
        raise ValueError(f"a limit runs over 1 second to {LONGEST.days} days")
    seconds, now = per.total_seconds(), timezone.now().timestamp()
    number, within = divmod(now, seconds)
    start = datetime.fromtimestamp(number * seconds, tz=UTC)
    key_hash = blind_index(key, purpose=f"limit {name}")
    return _Window(name, key_hash, start, per, within / seconds)


def _slowed(over: float, limit: int, delay_up_to: float) -> float:
    return min(max(over, 0) / max(limit, 1), 1.0) * delay_up_to


def _wait(window: _Window, current: int, before: int, limit: int) -> timedelta:
    """Until the window before has slid far enough away for one more hit."""
    if current < limit:
        part = _part_for_room(before, limit - current) - window.elapsed
    else:
        part = 1 - window.elapsed + _part_for_room(current, limit)
    return max(window.per * part, timedelta(seconds=1))


def _part_for_room(before: int, room: int) -> float:
    """Part of a window after which fewer than `room` of `before` hits are left."""
    return 1 - min(room / before, 1) if before else 0.0
