"""The cluster's way through the outbox. A generation of indices has a position of its
own, so that a new one is filled while the old one goes on answering.

Each batch takes withdrawals first, whatever else waits; the position moves only when
the cluster has taken the batch, so whatever was between is sent again.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from network import outbox
from search.changes import changes
from search.elastic import ElasticEngine
from search.engine import EngineUnavailable

BATCH: Final = 500


class NotFed(EngineUnavailable):
    """The indices that answer are not those that this database filled: build anew."""


NAMED: Final = "search "


def consumer_of(generation: str) -> str:
    return f"{NAMED}{generation}"


def beside(current: str) -> list[str]:
    """Other generations that are kept, or being filled."""
    names = (name for name in outbox.consumers() if name.startswith(NAMED))
    found = [name.removeprefix(NAMED) for name in names]
    return [one for one in found if one != current and is_fed(one)]


def is_fed(generation: str | None) -> bool:
    """Whether what the outbox still holds is enough to bring it up to date."""
    if generation is None:
        return False
    consumer = consumer_of(generation)
    return outbox.has_started(consumer) and not outbox.has_gap(outbox.load(consumer))


def feed(engine: ElasticEngine, *, seconds: float = 5.0) -> int:
    """Feeds the indices that answer, for about so long; returns how many entries were
    read. Raises `NotFed`, `EngineUnavailable`.

    Then those beside them: whoever is erased must not stay in an index that is only
    kept in case.
    """
    generation = engine.current()
    if generation is None or not is_fed(generation):
        raise NotFed
    count = catch_up(engine.of(generation), seconds=seconds)
    for other in beside(generation):
        catch_up(engine.of(other), seconds=seconds)
    return count


def catch_up(engine: ElasticEngine, *, seconds: float | None = None) -> int:
    """The same for the engine of one generation; until nothing waits, if no time is
    set."""
    consumer = consumer_of(engine.indices.generation)
    end = None if seconds is None else monotonic() + seconds
    count = 0
    while entries := outbox.read(consumer, BATCH):
        engine.apply(changes(entries, outbox.version_of))
        outbox.advance(consumer, entries)
        count += len(entries)
        if end is not None and monotonic() > end:
            break
    return count
