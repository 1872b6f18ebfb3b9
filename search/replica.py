"""This process's own engine, kept in step with the outbox before every question.

There is no lock file and no daemon: the first question loads everything, each later
one applies what was committed since. A document is always read as the database has it
now, so an entry applied late or twice changes nothing.
"""

from __future__ import annotations

import itertools
import threading
import time

from network import outbox
from network.outbox import Cursor
from profiles import taxonomy
from search import sources
from search.changes import changes
from search.documents import Change
from search.embedded import EmbeddedEngine


class Replica:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        # above every number of an earlier process, so that versions only rise
        self._versions = itertools.count(time.time_ns() // 1000)
        self.reset()

    def reset(self) -> None:
        """Forgets everything; the next question loads anew."""
        self._engine: EmbeddedEngine | None = None
        self._cursor = Cursor()

    def engine(self) -> EmbeddedEngine:
        """The engine, with everything in it that is committed."""
        with self._lock:
            if self._engine is None:
                self._load()
            else:
                self._catch_up()
            assert self._engine is not None
            return self._engine

    def _load(self) -> None:
        engine = EmbeddedEngine(related_skills())
        # the horizon first: what commits while loading is read again afterwards
        self._cursor = outbox.end()
        engine.apply(
            Change(document.id, next(self._versions), document)
            for document in sources.everything()
        )
        self._engine = engine
        self._catch_up()

    def _catch_up(self) -> None:
        assert self._engine is not None
        if not outbox.is_behind(self._cursor):
            return
        if outbox.has_gap(self._cursor):  # asleep for a month
            self._load()
            return
        while entries := outbox.pending(self._cursor):
            self._engine.apply(changes(entries, lambda _entry: next(self._versions)))
            self._cursor.passed(entries)


def related_skills() -> dict[str, dict[str, float]]:
    return {
        skill.id: dict(taxonomy.related(skill.id)) for skill in taxonomy.all_skills()
    }


replica = Replica()


def engine() -> EmbeddedEngine:
    return replica.engine()
