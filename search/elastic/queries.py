"""The clauses that both directions of matching are put together from."""

from collections.abc import Collection, Iterable
from typing import Final

from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DistanceFeature,
    FunctionScore,
    GeoDistance,
    Ids,
    MatchNone,
    Query,
    Terms,
)

from search import formula
from search.documents import NeedDocument, PersonDocument
from search.elastic.terms import term
from search.engine import MatchRequest

PIVOT: Final = f"{formula.PIVOT_KM:g}km"

Place = dict[str, float]


def place_of(document: PersonDocument | NeedDocument) -> Place | None:
    if document.lat is None or document.lon is None:
        return None
    return {"lat": document.lat, "lon": document.lon}


def shared_gates(request: MatchRequest) -> list[Query]:
    """Consent, capacity, a language in common, and nobody who is excluded."""
    gates: list[Query] = [
        term("live", True),
        Terms("languages", sorted(request.subject.languages)),
    ]
    if request.exclude:
        gates.append(Bool(must_not=[Ids(values=sorted(request.exclude))]))
    return gates


def within(place: Place, km: int) -> Query:
    return GeoDistance(distance=f"{km}km", place=place)


def nearness(place: Place, name: str | None = None) -> Query:
    named = {"_name": name} if name else {}
    return DistanceFeature(
        field="place", origin=place, pivot=PIVOT, boost=formula.PLACE, **named
    )


def any_of(clauses: Iterable[Query], name: str | None = None) -> Query:
    """Matches nothing without clauses, where a bare `bool` would match everything."""
    should = list(clauses) or [MatchNone()]
    if name is None:
        return Bool(should=should, minimum_should_match=1)
    return Bool(should=should, minimum_should_match=1, _name=name)


def worth(query: Query, points: float, name: str | None = None) -> Query:
    named = {"_name": name} if name else {}
    return ConstantScore(filter=query, boost=points, **named)


def times_field(query: Query, field: str, factor: float) -> Query:
    """What matches is worth the field's value times the factor."""
    return FunctionScore(
        query=query,
        functions=[FieldValueFactor(field=field, factor=factor, missing=0)],
        boost_mode="replace",
    )


def cause_points(causes: Collection[str]) -> Query:
    return worth(Terms("causes", sorted(causes)), formula.CAUSE, "cause")
