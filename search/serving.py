"""Which engine answers: the cluster, while it can and is up to date; else this
process's own, which is always right and needs no server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from time import monotonic
from typing import Final, TypeVar

from circuitbreaker import CircuitBreaker
from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections
from django.utils import timezone

from network import outbox
from search import feed
from search.elastic import ElasticEngine
from search.elastic.connection import asking_client, engine_on
from search.engine import (
    MATCHES,
    Answering,
    Candidate,
    EngineRefused,
    EngineUnavailable,
    MatchRequest,
    Page,
    SearchRequest,
)
from search.replica import related_skills, replica

log = logging.getLogger("waymark.search")

FAILURES: Final = 3
PAUSE: Final = 30  # seconds without a question, after so many failures in a row
LOOKED_AT_EVERY: Final = 2.0  # seconds; whether the cluster is up to date
LATE: Final = timedelta(minutes=1)  # behind the outbox by more: it does not answer
KEPT_WARM_EVERY: Final = 60.0  # seconds; this process's own engine, beside a cluster
AWAY: Final = "search cluster away"

T = TypeVar("T")


def engine() -> Answering:
    """What answers questions in this process. Never raises `EngineUnavailable`."""
    return guarded() if settings.ELASTICSEARCH_URLS else replica.engine()


@lru_cache
def guarded() -> Guarded:
    return Guarded(engine_on(asking_client(), related_skills()))


class Behind(EngineUnavailable):
    """The cluster holds what was true a while ago."""


class Guarded:
    def __init__(self, cluster: ElasticEngine) -> None:
        self.cluster = cluster
        self.breaker = CircuitBreaker(
            failure_threshold=FAILURES,
            recovery_timeout=PAUSE,
            expected_exception=is_failure,
        )
        self._is_current = Seen(self._look, every=LOOKED_AT_EVERY)
        self._warming = threading.Lock()
        self._warm_at = -KEPT_WARM_EVERY

    def search(self, request: SearchRequest) -> Page:
        return self._answer(lambda engine: engine.search(request))

    def match(self, request: MatchRequest, k: int = MATCHES) -> list[Candidate]:
        return self._answer(lambda engine: engine.match(request, k))

    def _answer(self, ask: Callable[[Answering], T]) -> T:
        self._keep_warm()
        if not self.breaker.opened:
            try:
                return self.breaker.call(lambda: self._ask_cluster(ask))
            except EngineUnavailable as error:
                if self.breaker.opened:
                    tell_away(error)
        return ask(replica.engine())

    def _ask_cluster(self, ask: Callable[[Answering], T]) -> T:
        if not self._is_current():
            raise Behind
        return ask(self.cluster)

    def _look(self) -> bool:
        generation = self.cluster.current()
        if generation is None or not feed.is_fed(generation):
            return False
        since = outbox.waiting_since(feed.consumer_of(generation))
        return since is None or timezone.now() - since < LATE

    def _keep_warm(self) -> None:
        """This process's own engine beside the cluster: loaded only when it is needed,
        the first answer without the cluster would be long in coming."""
        is_due = monotonic() - self._warm_at >= KEPT_WARM_EVERY
        if is_due and self._warming.acquire(blocking=False):
            self._warm_at = monotonic()
            threading.Thread(target=self._warm, name="replica", daemon=True).start()

    def _warm(self) -> None:
        try:
            replica.engine()
        except Exception as error:  # the next question loads it, or tells why it cannot
            log.warning("replica", extra={"error": type(error).__name__})
        finally:
            close_old_connections()
            self._warming.release()


def tell_away(error: EngineUnavailable) -> None:
    """To staff. Only the sort of error: a question may name somebody."""
    told = f"{type(error).__name__} {error}".strip()
    log.warning("the cluster does not answer", extra={"error": told})
    cache.set(AWAY, timezone.now().isoformat(), timeout=2 * PAUSE)


class Seen:
    """A yes or no that is asked for at most every so many seconds."""

    def __init__(self, look: Callable[[], bool], *, every: float) -> None:
        self._look, self._every = look, every
        self._at, self._answer = -every, False

    def __call__(self) -> bool:
        if monotonic() - self._at >= self._every:
            self._answer = self._look()
            self._at = monotonic()
        return self._answer


def is_failure(kind: type[BaseException], _error: BaseException) -> bool:
    """A question that is refused is the question's fault, not the cluster's."""
    return issubclass(kind, EngineUnavailable) and not issubclass(kind, EngineRefused)
