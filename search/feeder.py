"""Beside the worker's loop: keeps the cluster fed, and builds it anew where it must be.

A thread of its own, so that a cluster that is slow or away holds up neither mail nor
anything else. Two of them do no harm: what is fed twice changes nothing.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from time import monotonic
from typing import Final

from django.db import close_old_connections

from search import feed, reindexing, serving
from search.elastic import ElasticEngine
from search.elastic.connection import engine_on, feeding_client
from search.engine import EngineUnavailable
from search.replica import related_skills

log = logging.getLogger("waymark.search")

EVERY: Final = 1.0  # seconds
LONGEST_PAUSE: Final = 30.0
AFTER_DIFFERENCES: Final = 600.0
SWEPT_EVERY: Final = 3600.0


class Feeder:
    def __init__(self, engine: ElasticEngine) -> None:
        self.engine = engine
        self.stopped = threading.Event()
        self.swept_at = -SWEPT_EVERY

    def run(self) -> None:
        """Until `stop`; waits longer from one failure to the next."""
        pause = EVERY
        while not self.stopped.wait(pause):
            close_old_connections()
            try:
                self.turn()
                pause = EVERY
            except reindexing.Differs as error:  # building again at once would differ
                log.error("built, and differs", extra={"count": len(error.differences)})
                pause = AFTER_DIFFERENCES
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
        if monotonic() - self.swept_at >= SWEPT_EVERY:
            reindexing.drop_old(self.engine)
            self.swept_at = monotonic()

    def build(self) -> None:
        with suppress(reindexing.Building):
            for _step in reindexing.reindex(self.engine):
                pass

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
