"""What was erased stays erased when an older backup is restored.

Each erasure leaves a line in a file outside the database: a number of its own, the
kind, the moment, and a mark of the row's key that only this site's key can compare.
After a restore `manage.py replay_erasures` finds the rows whose marks stand in the
file, and erases them again.

The order, and why. The line is on the disk before the erasure commits. The other way
round, a crash between the two would leave an erasure that no line tells of, and the
next restore would bring the person back. So the file can only hold too much: a line
whose erasure broke off. Where this process sees it break off, a second line takes the
first one back. Where it cannot know (it was killed; the connection died in the
commit), the line stays, `erasures` in /health/ tells staff that the database does not
know it, and the replay ends what somebody had asked for. When the line cannot be
written, nothing is erased and whoever asked is told so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network import crypto
from network.models import Tombstone

# the lines of the erasure that is under way, those of what it takes along included
_under_way: ContextVar[list[UUID] | None] = ContextVar("under_way", default=None)
_replayed: ContextVar[bool] = ContextVar("replayed", default=False)


def mark_of(kind: str, key: UUID) -> str:
    return crypto.blind_index(str(key), purpose=f"erased {kind}")


@contextmanager
def erasing(*, kind: str, keys: Iterable[UUID]) -> Iterator[None]:
    """The transaction of one erasure, with a tombstone for each row. Erasures in it
    that belong to it have theirs, and are taken back together with it."""
    outer = _under_way.get()
    lines: list[UUID] = [] if outer is None else outer
    first = len(lines)
    token = _under_way.set(lines)
    try:
        with transaction.atomic():
            try:
                if not _replayed.get():
                    lines += [stone.pk for stone in keep(kind=kind, keys=keys)]
                yield
            except BaseException:  # an error of the commit itself is none of these
                take_back(lines[first:])
                del lines[first:]
                raise
    finally:
        _under_way.reset(token)


@contextmanager
def replaying() -> Iterator[None]:
    """What is erased again has its line already."""
    token = _replayed.set(True)
    try:
        yield
    finally:
        _replayed.reset(token)


def keep(*, kind: str, keys: Iterable[UUID]) -> list[Tombstone]:
    stones = [Tombstone(kind=kind, mark=mark_of(kind, key)) for key in keys]
    Tombstone.objects.bulk_create(stones)
    append([line_of(stone) for stone in stones])
    return stones


def line_of(stone: Tombstone) -> dict[str, Any]:
    return {
        "id": str(stone.pk),
        "kind": stone.kind,
        "mark": stone.mark,
        "at": stone.at.isoformat(timespec="seconds"),
    }


def take_back(ids: Iterable[UUID]) -> None:
    append([{"taken_back": str(id)} for id in ids])


# --- the file -------------------------------------------------------------------------


def append(lines: Iterable[Mapping[str, Any]]) -> None:
    """One write and on the disk when it returns. Raises `OSError`."""
    # begins anew: a line that a crash has cut off must not spoil the next one
    text = "".join(f"\n{json.dumps(line)}\n" for line in lines).encode()
    if not text:
        return
    path = Path(settings.TOMBSTONES)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(descriptor, text) != len(text):
            raise OSError("a tombstone could not be written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only with its folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass
class Kept:
    """What a file holds. `unreadable` are the numbers of lines."""

    stones: dict[UUID, Tombstone] = field(default_factory=dict)
    unreadable: list[int] = field(default_factory=list)

    def marks(self, kind: str) -> set[str]:
        return {stone.mark for stone in self.stones.values() if stone.kind == kind}


def read(path: Path | None = None) -> Kept:
    kept = Kept()
    path = path or Path(settings.TOMBSTONES)
    if not path.exists():
        return kept
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip() and not take_in(line, kept):
                kept.unreadable.append(number)
    return kept


def take_in(line: str, kept: Kept) -> bool:
    try:
        told = json.loads(line)
        if "taken_back" in told:
            kept.stones.pop(UUID(told["taken_back"]), None)
            return True
        stone = Tombstone(
            id=UUID(told["id"]),
            kind=told["kind"],
            mark=told["mark"],
            at=datetime.fromisoformat(told["at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    kept.stones[stone.pk] = stone
    return True


# --- the two beside each other --------------------------------------------------------


def known() -> set[UUID]:
    return set(Tombstone.objects.values_list("pk", flat=True))


def complete_file() -> int:
    """Writes what the database knows and the file does not: it was lost, or another
    machine has a file of its own. Returns how many."""
    missing = known() - read().stones.keys()
    stones = Tombstone.objects.filter(pk__in=missing).order_by("at")
    append([line_of(stone) for stone in stones])
    return len(missing)
