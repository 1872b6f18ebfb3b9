"""Matching both ways: one script-free query each, whose named parts are the reasons."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.dsl.query import Query

from search import formula
from search.documents import NeedDocument, PersonDocument
from search.elastic.indices import Indices
from search.elastic.needs import needs_query, same_points
from search.elastic.people import people_query
from search.engine import DEEPEST, Candidate, MatchRequest
from search.related import RelatedSkills

BEST_FIRST: Final = [{"_score": "desc"}, {"tie": "asc"}]

Found = Mapping[str, Any]
Points = Mapping[str, float]


class ElasticMatcher:
    def __init__(
        self, client: Elasticsearch, indices: Indices, related: RelatedSkills
    ) -> None:
        self._client = client
        self._indices = indices
        self._related = related

    def match(self, request: MatchRequest, k: int) -> list[Candidate]:
        if isinstance(request.subject, NeedDocument):
            return self._people_for(request.subject, request, k)
        return self._needs_for(request.subject, request, k)

    def _people_for(
        self, need: NeedDocument, request: MatchRequest, k: int
    ) -> list[Candidate]:
        query = people_query(need, request, self._related)
        if query is None:
            return []
        found = self._found(self._indices.people, query, k)
        return [_candidate(hit, {}, _named(hit)) for hit in found]

    def _needs_for(
        self, person: PersonDocument, request: MatchRequest, k: int
    ) -> list[Candidate]:
        served = self._related.served(person.skills)
        query = needs_query(person, request, served)
        if query is None:
            return []
        same = same_points(person, request)
        return [
            _candidate(hit, same, {**_skill_points(hit, served), **_named(hit)})
            for hit in self._found(
                self._indices.needs, query, k, source={"includes": ["weights"]}
            )
        ]

    def _found(
        self, index: str, query: Query, k: int, source: bool | Mapping[str, Any] = False
    ) -> Iterable[Found]:
        answer = self._client.search(
            index=index,
            query=query.to_dict(),
            size=min(k, DEEPEST),
            sort=BEST_FIRST,
            source=source,
            track_total_hits=False,
            include_named_queries_score=True,
        )
        hits: Iterable[Found] = answer["hits"]["hits"]
        return hits


def _candidate(hit: Found, same: Points, own: Points) -> Candidate:
    """`same` is not in the score that was found, `own` is."""
    points = {reason: value for reason, value in {**own, **same}.items() if value > 0}
    score = hit["_score"] + sum(same.values())
    return Candidate(hit["_id"], round(score, formula.SCORE_PLACES), points)


def _named(hit: Found) -> Points:
    named: Points = hit.get("matched_queries", {})
    return named


def _skill_points(hit: Found, served: Points) -> Points:
    """From the need's own weights: the nested query tells the sum of them only."""
    return {
        f"skill:{row['skill']}": formula.SKILLS
        * row["weight"]
        * served.get(row["skill"], 0.0)
        for row in hit["_source"]["weights"]
    }
