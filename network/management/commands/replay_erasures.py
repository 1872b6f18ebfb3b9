"""After a restore: erases again what was erased since the backup was made.

Tells what it would erase; `--erase` does it. May be run any number of times. Run it
before the site is started: whoever comes back with the backup is visible until then.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from rich.console import Console
from rich.progress import track

from network import audit, parts, tombstones
from network.models import Tombstone
from network.tombstones import Kept, mark_of


@dataclass
class Found:
    """Keys in the database that a tombstone names, by kind."""

    keys: dict[str, list[UUID]] = field(default_factory=dict)
    unknown_kinds: set[str] = field(default_factory=set)

    def each(self) -> Iterator[tuple[str, UUID]]:
        """Accounts before stories: an account takes its stories along."""
        for kind, keys in self.keys.items():
            for key in keys:
                yield kind, key


def find(kept: Kept) -> Found:
    found = Found(
        unknown_kinds={stone.kind for stone in kept.stones.values()}
        - set(parts.erasables.names())
    )
    for kind, part in parts.erasables.items():
        marks = kept.marks(kind)
        rows = part.standing() if marks else ()
        found.keys[kind] = [key for key in rows if mark_of(kind, key) in marks]
    return found


class Command(BaseCommand):
    help = "After a restore, erases again what was erased since the backup was made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--erase", action="store_true", help="do it; without this, only tell"
        )
        parser.add_argument(
            "--file",
            action="append",
            type=Path,
            default=[],
            help="a further file of tombstones, as of another machine",
        )

    def handle(self, *args: Any, erase: bool, file: list[Path], **options: Any) -> None:
        kept = self.read([Path(settings.TOMBSTONES), *file])
        found = find(kept)
        for kind, keys in found.keys.items():
            self.stdout.write(f"{kind}: {len(keys)} to be erased again")
        failed = self.erase_all(found) if erase else set()
        if erase:
            self.settle(kept, failed)
        troubles = [f"{kind} {mark[:12]}" for kind, mark in sorted(failed)]
        troubles += [f"unknown kind {kind}" for kind in sorted(found.unknown_kinds)]
        troubles += [f"unreadable line {number}" for number in kept.unreadable]
        if troubles:
            raise CommandError("Not erased: " + ", ".join(troubles))

    def read(self, paths: list[Path]) -> Kept:
        kept = Kept()
        for path in paths:
            if not path.exists():
                raise CommandError(f"There is no file {path}")
            one = tombstones.read(path)
            kept.stones |= one.stones
            kept.unreadable += one.unreadable
        self.stdout.write(f"{len(kept.stones)} tombstones")
        return kept

    def erase_all(self, found: Found) -> set[tuple[str, str]]:
        """Returns kinds and marks of what could not be erased."""
        failed = set()
        waiting = list(found.each())
        console = Console(stderr=True)
        with tombstones.replaying():
            for kind, key in track(
                waiting, description="Erasing", console=console, transient=True
            ):
                if not self.erase_one(kind, key):
                    failed.add((kind, mark_of(kind, key)))
        self.stdout.write(f"{len(waiting) - len(failed)} erased again")
        return failed

    def erase_one(self, kind: str, key: UUID) -> bool:
        part = parts.erasables.get(kind)
        assert part is not None
        try:
            with transaction.atomic():
                part.erase(key)
        except Exception as error:  # the others must go all the same
            self.stderr.write(
                f"{kind} {mark_of(kind, key)[:12]}: {type(error).__name__}"
            )
            return False
        return True

    def settle(self, kept: Kept, failed: set[tuple[str, str]]) -> None:
        """The database knows from now what stands in the file, and the other way."""
        known = set(parts.erasables.names())
        done = [
            stone
            for stone in kept.stones.values()
            if stone.kind in known and (stone.kind, stone.mark) not in failed
        ]
        with transaction.atomic():
            audit.record(
                action="erasures replayed", by=None, subject="network.Tombstone"
            )
            Tombstone.objects.bulk_create(done, ignore_conflicts=True)
        tombstones.complete_file()
        empty_the_log()


def empty_the_log() -> None:
    """SQLite's log file still holds the pages as they were restored."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
