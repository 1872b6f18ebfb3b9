"""Beside the worker's loop: keeps the cluster fed, and builds it anew where it must be.

A thread of its own, so that a cluster that is slow or away holds up neither mail nor
anything else. Two of them do no harm: what is fed twice changes nothing.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.core.cache import cache
from django.db import close_old_connections
from django.utils import timezone

from search import feed, reindexing, serving
from search.elastic import ElasticEngine
from search.elastic.connection import engine_on, feeding_client
from search.engine import EngineUnavailable
from search.replica import related_skills

log = logging.getLogger("waymark.search")

EVERY: Final = 1.0  # seconds
LONGEST_PAUSE: Final = 30.0
BUILDING: Final = "search cluster is being built"
BUILT_WITHIN: Final = 3600  # seconds; then another one may try


class Feeder:
    def __init__(self, engine: ElasticEngine) -> None:
        self.engine = engine
        self.stopped = threading.Event()

    def run(self) -> None:
        """Until `stop`; waits longer from one failure to the next."""
        pause = EVERY
        while not self.stopped.wait(pause):
            close_old_connections()
            try:
                self.turn()
                pause = EVERY
            except EngineUnavailable as error:
                serving.tell_away(error)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:  # the database may be away
                log.warning("not fed", extra={"error": type(error).__name__})
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                close_old_connections()

    def turn(self) -> None:
        try:
            feed.feed(self.engine)
        except feed.NotFed:
            self.build()

    def build(self) -> None:
        """One at a time, of all workers and of those who do it by hand."""
        if not cache.add(BUILDING, timezone.now().isoformat(), timeout=BUILT_WITHIN):
            return
        try:
            for _step in reindexing.reindex(self.engine):
                pass
        finally:
            cache.delete(BUILDING)

    def stop(self) -> None:
        self.stopped.set()


_running: list[threading.Thread] = []


def keep_running() -> None:
    """Starts the thread of this process, or another one where it has died."""
    if any(thread.is_alive() for thread in _running):
        return
    feeder = Feeder(engine_on(feeding_client(), related_skills()))
    thread = threading.Thread(target=feeder.run, name="feeder", daemon=True)
    _running[:] = [thread]
    thread.start()
