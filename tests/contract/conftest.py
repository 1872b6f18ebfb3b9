"""Both engines under one name. A missing server is a failure, never a skip."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan

from search.documents import Change
from search.elastic import ElasticEngine, Indices
from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.related import Similarities
from tests.contract.oracle import RELATED

NewEngine = Callable[[], Engine]
VERSIONS_APART = 10_000


@pytest.fixture(scope="session")
def related() -> Similarities:
    return RELATED


@pytest.fixture(
    scope="session",
    params=["embedded", pytest.param("elastic", marks=pytest.mark.services)],
)
def new_engine(
    request: pytest.FixtureRequest, related: Similarities
) -> Iterator[NewEngine]:
    """Makes empty engines; on the server each one made empties the one before."""
    if request.param == "embedded":
        yield lambda: EmbeddedEngine(related)
        return
    prefix = f"test-{uuid4().hex[:12]}"
    client = Elasticsearch(os.environ["ELASTICSEARCH_URL"])
    engine = ElasticEngine(client, related, indices=Indices(prefix), refresh="true")
    engine.prepare()
    generations = count(1)
    try:
        yield lambda: _emptied(engine, client, f"{prefix}-*", next(generations))
    finally:
        engine.drop()


class LaterVersions(ElasticEngine):
    """The server remembers the versions of what an earlier test deleted."""

    def __init__(self, engine: ElasticEngine, raised_by: int) -> None:
        self.__dict__.update(engine.__dict__)
        self._raised_by = raised_by

    def apply(self, changes: Iterable[Change]) -> None:
        super().apply(
            Change(change.doc_id, change.version + self._raised_by, change.document)
            for change in changes
        )


def _emptied(
    engine: ElasticEngine, client: Elasticsearch, indices: str, generation: int
) -> Engine:
    deletions = [
        {"_op_type": "delete", "_index": hit["_index"], "_id": hit["_id"]}
        for hit in scan(client, index=indices, source=False)
    ]
    bulk(client, deletions, refresh="true")
    return LaterVersions(engine, generation * VERSIONS_APART)


@pytest.fixture
def engine(new_engine: NewEngine) -> Engine:
    return new_engine()
