"""A new generation of indices, without a moment in which nothing answers.

It begins at the outbox's end, is filled from the tables with versions below those of
every later entry, catches up, is compared, and only then do the aliases move. The old
one stays a day.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from django.core.cache import cache
from django.utils import timezone

from network import outbox
from search import feed, sources, verifying
from search.documents import AnyDocument, Change
from search.elastic import ElasticEngine
from search.engine import EngineRefused, EngineUnavailable

T = TypeVar("T")
BATCH: Final = 1_000
OLDEST: Final = 0  # below the version of every entry
TRIES: Final = 8  # a server that is lost takes a while to be replaced
FIRST_PAUSE: Final = 1.0  # seconds; doubled each time
KEPT: Final = timedelta(days=1)
NAMED: Final = "%Y%m%d%H%M%S%f"


LEASE: Final = 600  # seconds without a step; then another one may build
BUILDING: Final = "search cluster is being built"


class Building(Exception):
    """Somebody else builds new indices now."""


class Differs(Exception):
    """The new indices do not hold what the tables do; they do not answer."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__(f"{len(differences)} differences")
        self.differences = differences


@dataclass(frozen=True)
class Step:
    """`done` of `total` documents are filled in; then the names of what follows."""

    name: str
    done: int = 0
    total: int = 0


def reindex(engine: ElasticEngine) -> Iterator[Step]:
    """One at a time, of all workers and of those who do it by hand. Raises `Building`,
    and what `new_generation` raises."""
    if not cache.add(BUILDING, 1, timeout=LEASE):
        raise Building
    try:
        for step in new_generation(engine):
            cache.set(BUILDING, 1, timeout=LEASE)
            yield step
    finally:
        cache.delete(BUILDING)


def new_generation(engine: ElasticEngine) -> Iterator[Step]:
    """Raises `Differs`, and `EngineUnavailable` when the cluster stays away; then the
    old indices answer as before."""
    generation = datetime.now(UTC).strftime(NAMED)
    fresh = engine.of(generation)
    patiently(fresh.create)
    outbox.start(feed.consumer_of(generation), outbox.end())
    total = sources.count()
    done = 0
    for batch in batches(sources.everything()):
        patiently(partial(fresh.apply, batch))
        done += len(batch)
        yield Step("fill", done, max(total, done))
    yield Step("catch up")
    patiently(lambda: feed.catch_up(fresh))
    yield Step("compare")
    differences = patiently(lambda: list(verifying.differences(fresh)))
    if differences:
        give_up(engine, generation)
        raise Differs(differences)
    patiently(lambda: engine.switch(generation))
    yield Step("done")


def batches(documents: Iterable[AnyDocument]) -> Iterator[list[Change]]:
    changes = (Change(document.id, OLDEST, document) for document in documents)
    while batch := list(itertools.islice(changes, BATCH)):
        yield batch


def patiently(act: Callable[[], T]) -> T:
    """Tries again while the cluster is away, for some minutes; not what it refuses."""
    pause = FIRST_PAUSE
    for _turn in range(TRIES - 1):
        try:
            return act()
        except EngineRefused:
            raise
        except EngineUnavailable:
            time.sleep(pause)
            pause *= 2
    return act()


def give_up(engine: ElasticEngine, generation: str) -> None:
    outbox.forget(feed.consumer_of(generation))
    engine.of(generation).drop()


def drop_old(engine: ElasticEngine) -> list[str]:
    """Generations that do not answer and are over a day old; returns their names.
    Where none answers they all stay."""
    kept, dropped = engine.current(), []
    if kept is None:
        return []
    for generation in engine.generations():
        if generation != kept and made_at(generation) < timezone.now() - KEPT:
            give_up(engine, generation)
            dropped.append(generation)
    return dropped


def made_at(generation: str) -> datetime:
    """Long ago, where the name tells nothing."""
    try:
        return datetime.strptime(generation, NAMED).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
