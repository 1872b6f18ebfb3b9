"""The engine of production: an Elasticsearch cluster."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, Elasticsearch, TransportError

from search.documents import Change
from search.elastic.feeding import Refresh, feed
from search.elastic.indices import Indices
from search.elastic.matching import ElasticMatcher
from search.elastic.text import ElasticText
from search.engine import (
    MATCHES,
    Candidate,
    Counts,
    EngineUnavailable,
    MatchRequest,
    Page,
    SearchRequest,
)
from search.related import RelatedSkills, Similarities

HELD = {"bool": {"must_not": [{"term": {"dead": True}}]}}


class ElasticEngine:
    """May be used from any thread. `related[required][held]` is a similarity.

    With `refresh` "true" a change is found at once, which costs the server much;
    with "false" it is found within the second.
    """

    def __init__(
        self,
        client: Elasticsearch | str,
        related: Similarities,
        *,
        prefix: str = "waymark",
        refresh: Refresh = "false",
    ) -> None:
        self._client = Elasticsearch(client) if isinstance(client, str) else client
        self._indices = Indices(prefix)
        self._refresh = refresh
        skills = RelatedSkills(related)
        self._matcher = ElasticMatcher(self._client, self._indices, skills)
        self._text = ElasticText(self._client, self._indices)

    def prepare(self) -> None:
        """Makes templates and those indices that are missing; may be called again."""
        with _reaching():
            self._indices.prepare(self._client)

    def drop(self) -> None:
        """Removes the indices with everything in them."""
        with _reaching():
            self._indices.drop(self._client)

    def apply(self, changes: Iterable[Change]) -> None:
        with _reaching():
            feed(self._client, self._indices, changes, self._refresh)

    def search(self, request: SearchRequest) -> Page:
        with _reaching():
            return self._text.search(request)

    def match(self, request: MatchRequest, k: int = MATCHES) -> list[Candidate]:
        with _reaching():
            return self._matcher.match(request, k)

    def ready(self) -> bool:
        try:
            names = ",".join(self._indices.all)
            return bool(self._client.indices.exists_alias(name=names))
        except (ApiError, TransportError):
            return False

    def count(self) -> Counts:
        with _reaching():
            return Counts(*(self._held(index) for index in self._indices.all))

    def _held(self, index: str) -> int:
        return int(self._client.count(index=index, query=HELD)["count"])


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (ApiError, TransportError) as error:
        raise EngineUnavailable(type(error).__name__) from error
