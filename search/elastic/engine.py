"""The engine of production: an Elasticsearch cluster."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import scan

from search.documents import Change
from search.elastic.feeding import Refresh, feed
from search.elastic.indices import Indices
from search.elastic.matching import ElasticMatcher
from search.elastic.text import ElasticText
from search.engine import (
    MATCHES,
    Candidate,
    Counts,
    EngineRefused,
    EngineUnavailable,
    MatchRequest,
    Page,
    SearchRequest,
)
from search.related import RelatedSkills, Similarities

PAGE = 5_000
WRONG = (400, 413)
HELD = {"bool": {"must_not": [{"term": {"dead": True}}]}}


class ElasticEngine:
    """May be used from any thread. `related[required][held]` is a similarity.

    With `refresh` "true" a change is found at once, which costs the server much;
    with "false" it is found within the second. It reads and writes what the aliases
    point to, or the indices of one `generation`.
    """

    def __init__(
        self,
        client: Elasticsearch,
        related: Similarities,
        *,
        indices: Indices,
        refresh: Refresh = "false",
    ) -> None:
        self._client = client
        self.indices = indices
        self._related = related
        self._refresh = refresh
        self._matcher = ElasticMatcher(client, indices, RelatedSkills(related))
        self._text = ElasticText(client, indices)

    def of(self, generation: str) -> "ElasticEngine":
        """The same server's engine on the indices of one generation."""
        return ElasticEngine(
            self._client,
            self._related,
            indices=self.indices.of(generation),
            refresh=self._refresh,
        )

    def prepare(self) -> None:
        """Makes templates and those indices that are missing; may be called again."""
        with reaching():
            self.indices.prepare(self._client)

    def create(self) -> None:
        """The empty indices of this engine's generation."""
        with reaching():
            self.indices.put_templates(self._client)
            self.indices.create(self._client)

    def switch(self, generation: str) -> None:
        with reaching():
            self.indices.switch(self._client, generation)

    def current(self) -> str | None:
        with reaching():
            return self.indices.current(self._client)

    def generations(self) -> list[str]:
        with reaching():
            return self.indices.generations(self._client)

    def drop(self) -> None:
        """Removes the indices of its generation, or of all where it has none."""
        with reaching():
            if self.indices.generation:
                self.indices.drop(self._client)
            else:
                self.indices.drop_all(self._client)

    def apply(self, changes: Iterable[Change]) -> None:
        with reaching():
            feed(self._client, self.indices, changes, self._refresh)

    def search(self, request: SearchRequest) -> Page:
        with reaching():
            return self._text.search(request)

    def match(self, request: MatchRequest, k: int = MATCHES) -> list[Candidate]:
        with reaching():
            return self._matcher.match(request, k)

    def ready(self) -> bool:
        try:
            return self.indices.current(self._client) is not None
        except (ApiError, TransportError):
            return False

    def count(self) -> Counts:
        with reaching():
            return Counts(*(self._held(index) for index in self.indices.all))

    def refresh(self) -> None:
        """What was fed is found from now on."""
        with reaching():
            self._client.indices.refresh(index=list(self.indices.all))

    def ids(self) -> Iterator[str]:
        """Of everything held, deleted ones left out."""
        with reaching():
            for hit in scan(
                self._client,
                index=list(self.indices.all),
                query={"query": HELD, "_source": False},
                size=PAGE,
            ):
                yield hit["_id"]

    def rows(self, ids: Collection[str], sort: str) -> dict[str, Mapping[str, Any]]:
        """What the server holds of these, of one of people, needs and texts."""
        if not ids:
            return {}
        with reaching():
            answer = self._client.mget(index=getattr(self.indices, sort), ids=list(ids))
        return {
            row["_id"]: row["_source"]
            for row in answer["docs"]
            if row.get("found") and not row["_source"].get("dead")
        }

    def _held(self, index: str) -> int:
        return int(self._client.count(index=index, query=HELD)["count"])


@contextmanager
def reaching() -> Iterator[None]:
    """An answer that the question was wrong is told apart from no answer: the next
    question may be a better one."""
    try:
        yield
    except ApiError as error:
        is_wrong = error.meta.status in WRONG
        kind = EngineRefused if is_wrong else EngineUnavailable
        raise kind(f"{type(error).__name__} {error.meta.status}") from error
    except TransportError as error:
        raise EngineUnavailable(type(error).__name__) from error
