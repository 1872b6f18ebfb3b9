"""A need seeks people."""

from collections import defaultdict
from itertools import chain

from elasticsearch.dsl.query import (
    Bool,
    DisMax,
    DistanceFeature,
    MatchAll,
    Query,
    Range,
    Terms,
)

from search import formula
from search.documents import LEVELS, NeedDocument
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
from search.elastic.rows import skill_term
from search.elastic.terms import term
from search.engine import MatchRequest
from search.related import RelatedSkills


def people_query(
    need: NeedDocument, request: MatchRequest, related: RelatedSkills
) -> Query | None:
    """The whole formula; None where the need itself can match nobody."""
    place_gate = _place_gate(need)
    if not need.open or need.seats_left < 1 or not need.skills or not place_gate:
        return None
    gates = [
        *shared_gates(request),
        Range("experience", {"gte": need.min_experience}),
        Range("tier", {"gte": need.safeguarding_tier}),
        _skills_gate(need, related),
        place_gate,
    ]
    points = [
        *(_skill_points(need, required, related) for required in need.skills),
        _place_points(need),
        any_of(_slot_points(need), "time"),
        cause_points(need.causes),
        DistanceFeature(
            _name="recency",
            field="last_active",
            # A bare day would count from its end.
            origin=f"{request.today.isoformat()}T00:00:00.000Z",
            pivot=f"{formula.PIVOT_DAYS}d",
            boost=formula.RECENCY,
        ),
        _experience_points(),
    ]
    return Bool(filter=gates, should=points, minimum_should_match=0)


def _terms_by_value(required: str, related: RelatedSkills) -> dict[float, list[str]]:
    """Terms of skill and level, by what they are worth for the required skill."""
    terms: dict[float, list[str]] = defaultdict(list)
    for held, similarity in related.serving(required).items():
        for level in LEVELS:
            terms[similarity * level].append(skill_term(held, level))
    return terms


def _skill_points(need: NeedDocument, required: str, related: RelatedSkills) -> Query:
    whole = formula.SKILLS * need.skills[required]
    return DisMax(
        _name=f"skill:{required}",
        queries=[
            worth(Terms("skills", terms), whole * value)
            for value, terms in _terms_by_value(required, related).items()
        ],
    )


def _skills_gate(need: NeedDocument, related: RelatedSkills) -> Query:
    serving = [
        Terms("skills", list(chain(*_terms_by_value(required, related).values())))
        for required in need.skills
    ]
    needed = formula.skills_needed(len(need.skills))
    return Bool(should=serving, minimum_should_match=needed)


def _place_gate(need: NeedDocument) -> Query | None:
    if need.remote:
        return term("remote_ok", True)
    place = place_of(need)
    if place is None:
        return None
    return any_of(
        Bool(filter=[term("reach", str(reach)), within(place, reach)])
        for reach in formula.REACHES
    )


def _place_points(need: NeedDocument) -> Query:
    place = place_of(need)
    if need.remote or place is None:
        return worth(MatchAll(), formula.PLACE, "place")
    return nearness(place, "place")


def _slot_points(need: NeedDocument) -> list[Query]:
    return [
        worth(term("slots", slot), formula.TIME / len(need.slots))
        for slot in sorted(need.slots)
    ]


def _experience_points() -> Query:
    per_year = formula.EXPERIENCE / formula.FULL_EXPERIENCE_YEARS
    counted = times_field(MatchAll(), "experience_counted", per_year)
    return Bool(_name="experience", must=[counted])
