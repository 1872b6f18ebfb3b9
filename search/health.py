"""How the engines are, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from network import outbox
from network.parts import Health
from search import feed, serving
from search.engine import Counts, EngineUnavailable
from search.replica import replica

NAME = "search engine"


@dataclass(frozen=True)
class ClusterState:
    """`generation` is None where no indices answer; `error` says why nothing is known.

    `behind` counts entries of the outbox; `since` is when the oldest was written.
    """

    generation: str | None = None
    is_fed: bool = False
    behind: int = 0
    since: datetime | None = None
    counts: Counts | None = None
    error: str = ""

    @property
    def is_ok(self) -> bool:
        return self.is_fed and not self.error


def cluster() -> ClusterState:
    """Asks the servers; takes as long as they do."""
    engine = serving.guarded().cluster
    try:
        generation = engine.current()
        if generation is None or not feed.is_fed(generation):
            return ClusterState(generation)
        consumer = feed.consumer_of(generation)
        return ClusterState(
            generation,
            is_fed=True,
            behind=outbox.lag(consumer),
            since=outbox.waiting_since(consumer),
            counts=engine.count(),
        )
    except EngineUnavailable as error:
        return ClusterState(error=f"{type(error).__name__} {error}".strip())


def engines() -> Health:
    """What answers here now."""
    if not settings.ELASTICSEARCH_URLS:
        return Health(NAME, is_ok=True, detail=told(replica.engine().count()))
    state = cluster()
    if state.is_ok and state.counts and not is_away():
        detail = f"cluster: {told(state.counts)}, {state.behind} entries behind"
        return Health(NAME, is_ok=True, detail=detail)
    why = state.error or ("not filled yet" if not state.is_fed else "was away just now")
    detail = f"cluster: {why}; answers from memory: {told(replica.engine().count())}"
    return Health(NAME, is_ok=False, detail=detail)


def told(counts: Counts) -> str:
    return f"{counts.people} people, {counts.needs} needs, {counts.texts} texts"


def is_away() -> bool:
    """Whether some process has given up asking the cluster in the last minute."""
    return settings.ELASTICSEARCH_URLS != [] and cache.get(serving.AWAY) is not None
