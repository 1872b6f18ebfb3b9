"""Whether the cluster holds what the tables do: every id, and what stands in a sample.

What changes while it is compared is compared once more, after it was fed.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from random import Random
from typing import Any, Final

from search import feed, sources
from search.documents import AnyDocument, NeedDocument, PersonDocument
from search.elastic import ElasticEngine
from search.elastic.rows import need_row, person_row, text_row
from search.keys import key_of

SAMPLE: Final = 1_000
ASKED_AT_ONCE: Final = 500
LOOKS: Final = 3
PAUSE: Final = 0.5  # seconds


def differences(engine: ElasticEngine, sample: int = SAMPLE) -> Iterator[str]:
    """In words, one for each document; `engine` is that of one generation."""
    feed.catch_up(engine)
    engine.refresh()
    doubtful = suspects(engine, sample)
    for _look in range(LOOKS):
        if not doubtful:
            return
        time.sleep(PAUSE)
        feed.catch_up(engine)
        engine.refresh()
        doubtful = dict(compared(engine, doubtful))
    for identifier, what in sorted(doubtful.items()):
        yield f"{what}: {identifier}"


def suspects(engine: ElasticEngine, sample: int) -> dict[str, str]:
    """By the ids of both sides, and the checksums of some."""
    held = set(engine.ids())
    expected = [document.id for document in sources.everything()]
    missing = [one for one in expected if one not in held]
    surplus = held.difference(expected)
    found = dict.fromkeys(missing, "missing") | dict.fromkeys(surplus, "surplus")
    chosen = Random().sample(expected, min(sample, len(expected)))  # noqa: S311
    return found | dict(compared(engine, [one for one in chosen if one not in found]))


def compared(engine: ElasticEngine, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Those of the ids that differ now, and how."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for identifier in ids:
        kind, key = key_of(identifier)
        by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), ASKED_AT_ONCE):
            yield from compared_of(engine, kind, keys[start : start + ASKED_AT_ONCE])


def compared_of(
    engine: ElasticEngine, kind: str, keys: Collection[str]
) -> Iterator[tuple[str, str]]:
    documents = {
        f"{kind}:{key}": document
        for key, document in sources.documents(kind, keys).items()
    }
    rows = engine.rows(list(documents), sources.SORTS[kind])
    for identifier, document in documents.items():
        row = rows.get(identifier)
        if document is None and row is not None:
            yield identifier, "surplus"
        elif document is not None and row is None:
            yield identifier, "missing"
        elif document is not None and checksum(row_of(document)) != checksum(row):
            yield identifier, "differs"


def row_of(document: AnyDocument) -> dict[str, Any]:
    match document:
        case PersonDocument():
            return person_row(document)
        case NeedDocument():
            return need_row(document)
        case _:
            return text_row(document)


def checksum(row: Mapping[str, Any] | None) -> str:
    written = json.dumps(row, sort_keys=True, default=str)
    return blake2b(written.encode(), digest_size=16).hexdigest()
