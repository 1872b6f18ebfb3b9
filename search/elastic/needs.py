"""A person seeks needs."""

from collections import defaultdict
from collections.abc import Mapping

from elasticsearch.dsl.query import (
    Bool,
    Nested,
    Query,
    Range,
    Terms,
    TermsSet,
)

from search import formula
from search.documents import PersonDocument
from search.elastic.queries import (
    any_of,
    cause_points,
    nearness,
    place_of,
    shared_gates,
    times_field,
    within,
    worth,
)
from search.elastic.terms import term
from search.engine import MatchRequest


def needs_query(
    person: PersonDocument, request: MatchRequest, served: Mapping[str, float]
) -> Query | None:
    """All but what is the same for every need; None where nothing can match.

    `served` maps the required skills that the person serves to sim · level.
    """
    places = _place_gates(person)
    if not (person.visible and person.has_capacity and served and places):
        return None
    enough = {"terms": sorted(served), "minimum_should_match_field": "needed"}
    gates = [
        *shared_gates(request),
        Range("experience", {"lte": person.experience_years}),
        Range("tier", {"lte": person.safeguarding_tier}),
        TermsSet("skills", enough),
        any_of(places),
    ]
    points = [
        _skill_points(served),
        any_of(_place_points(person), "place"),
        any_of(_slot_points(person), "time"),
        cause_points(person.causes),
    ]
    return Bool(filter=gates, should=points, minimum_should_match=0)


def same_points(person: PersonDocument, request: MatchRequest) -> dict[str, float]:
    """What the person brings to every need alike."""
    idle = (request.today - person.last_active).days
    return {
        "recency": formula.recency_points(idle),
        "experience": formula.experience_points(person.experience_years),
    }


def _skill_points(served: Mapping[str, float]) -> Query:
    by_value: dict[float, list[str]] = defaultdict(list)
    for required, value in served.items():
        by_value[value].append(required)
    return Nested(
        path="weights",
        score_mode="sum",
        query=any_of(
            times_field(
                Terms("weights.skill", required),
                "weights.weight",
                formula.SKILLS * value,
            )
            for value, required in by_value.items()
        ),
    )


def _place_gates(person: PersonDocument) -> list[Query]:
    gates: list[Query] = [term("remote", True)] if person.remote_ok else []
    place, reach = place_of(person), formula.reach_km(person.travel_km)
    if place and reach:
        gates.append(Bool(filter=[term("remote", False), within(place, reach)]))
    return gates


def _place_points(person: PersonDocument) -> list[Query]:
    points = [worth(term("remote", True), formula.PLACE)]
    place = place_of(person)
    if place:
        points.append(Bool(filter=[term("remote", False)], must=[nearness(place)]))
    return points


def _slot_points(person: PersonDocument) -> list[Query]:
    return [
        times_field(term("slots", slot), "slot_share", formula.TIME)
        for slot in sorted(person.slots)
    ]
