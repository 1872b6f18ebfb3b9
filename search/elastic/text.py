"""Text search on the server."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.dsl.query import Bool, Query

from search.documents import TextKind
from search.elastic.asking import in_language, narrowed, text_query, visible
from search.elastic.excerpts import HIGHLIGHT, excerpt
from search.elastic.indices import Indices
from search.elastic.vocabulary import VisibleWords
from search.engine import DEEPEST, Hit, Page, SearchRequest
from search.spelling import Wordings, wordings
from search.text import words

FACET_VALUES: Final = 1000
REST: Final = "rest"

FacetCounts = dict[str, dict[str, int]]
Answer = Mapping[str, Any]


class ElasticText:
    def __init__(self, client: Elasticsearch, indices: Indices) -> None:
        self._client = client
        self._index = indices.texts

    def search(self, request: SearchRequest) -> Page:
        vocabulary = VisibleWords(self._client, self._index, visible(request))
        asked = wordings(request.text, vocabulary, prefix=request.prefix)
        answer = self._answer(request, asked)
        return Page(
            hits=tuple(_hit(found) for found in answer["hits"]["hits"]),
            total=answer["hits"]["total"]["value"],
            facets=_facets(answer, request),
            suggestion=asked.suggestion,
        )

    def _answer(self, request: SearchRequest, asked: Wordings) -> Answer:
        has_words = bool(words(request.text))
        ranked = text_query(asked.texts) if has_words else in_language(request.before)
        last = request.page * request.size
        reachable = last <= DEEPEST
        answer: Answer = self._client.search(
            index=self._index,
            query=Bool(must=[ranked], filter=[visible(request)]).to_dict(),
            post_filter=narrowed(request).to_dict(),
            aggs=_facet_aggregations(request),
            highlight=HIGHLIGHT,
            sort=[{"_score": "desc"}, {"order": "desc"}],
            from_=last - request.size if reachable else 0,
            size=request.size if reachable else 0,
            source={"includes": ["kind"]},
            track_total_hits=True,
        ).body
        return answer


def _facet_aggregations(request: SearchRequest) -> dict[str, Any]:
    """One count under all filters, and one for each name that is itself a filter."""
    return {
        REST: _counting(narrowed(request)),
        **{
            f"name:{name}": _counting(narrowed(request, but=name))
            for name in request.narrowing()
        },
    }


def _counting(query: Query) -> dict[str, Any]:
    values = {"terms": {"field": "facet", "size": FACET_VALUES}}
    return {"filter": query.to_dict(), "aggs": {"values": values}}


def _facets(answer: Answer, request: SearchRequest) -> FacetCounts:
    counted = answer["aggregations"]
    narrowing = request.narrowing()
    rest = _counts(counted[REST])
    facets = {name: counts for name, counts in rest.items() if name not in narrowing}
    for name in narrowing:
        facets[name] = _counts(counted[f"name:{name}"]).get(name, {})
    return facets


def _counts(aggregation: Mapping[str, Any]) -> FacetCounts:
    counts: FacetCounts = defaultdict(dict)
    for bucket in aggregation["values"]["buckets"]:
        name, _, value = bucket["key"].partition("=")
        counts[name][value] = bucket["doc_count"]
    return dict(counts)


def _hit(found: Mapping[str, Any]) -> Hit:
    return Hit(
        id=found["_id"],
        kind=TextKind(found["_source"]["kind"]),
        score=found["_score"] or 0.0,
        highlights=excerpt(found.get("highlight", {})),
    )
