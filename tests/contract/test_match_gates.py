"""Each gate alone shuts a pair out that passes all others, seen from both sides."""

from dataclasses import replace
from typing import Any

import pytest

from search.documents import NeedDocument, PersonDocument
from search.engine import Engine, MatchRequest
from tests.contract.cast import NEED, PERSON, TODAY, put

SHUT: dict[str, dict[str, Any]] = {
    "person hidden": {"visible": False},
    "person without capacity": {"has_capacity": False},
    "no shared language": {"languages": frozenset({"fr"})},
    "person without languages": {"languages": frozenset()},
    "too little experience": {"experience_years": 1},
    "tier too low": {"safeguarding_tier": 0},
    "too far for the person": {"travel_km": 10},
    "person without a town": {"lat": None, "lon": None},
    "person without skills": {"skills": {}},
    "only a skill that serves nothing": {"skills": {"translation": 1.0}},
}
SHUT_NEED: dict[str, dict[str, Any]] = {
    "need closed": {"open": False},
    "no seat left": {"seats_left": 0},
    "need without skills": {"skills": {}},
    "need without languages": {"languages": frozenset()},
    "less than half of the skills": {
        "skills": {"mediation": 0.4, "translation": 0.3, "teaching": 0.3}
    },
    "need without a place": {"lat": None, "lon": None},
    "more experience wanted": {"min_experience": 5},
    "higher tier wanted": {"safeguarding_tier": 2},
}
OPEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing changed": ({}, {}),
    "exactly half of the skills": (
        {},
        {"skills": {"mediation": 0.5, "translation": 0.5}},
    ),
    "one related skill alone": (
        {"skills": {"counselling": 0.8}},
        {"skills": {"mediation": 1.0}},
    ),
    "remote, however far": ({"lat": -33.0, "lon": 151.0}, {"remote": True}),
    "remote, without a town": ({"lat": None, "lon": None}, {"remote": True}),
    "remote need without a place": (
        {},
        {"remote": True, "lat": None, "lon": None},
    ),
    "no slots wanted": ({}, {"slots": frozenset()}),
    "no slot in common": ({"slots": frozenset()}, {}),
    "no cause in common": ({"causes": frozenset()}, {}),
    "experience and tier just enough": (
        {"experience_years": 2, "safeguarding_tier": 1},
        {},
    ),
    "the same town": ({"lat": NEED.lat, "lon": NEED.lon, "travel_km": 5}, {}),
}


def pairs(
    engine: Engine, person: PersonDocument, need: NeedDocument
) -> tuple[list[str], list[str]]:
    engine.apply(put(person, need))
    people = engine.match(MatchRequest(subject=need, today=TODAY))
    needs = engine.match(MatchRequest(subject=person, today=TODAY))
    return [found.id for found in people], [found.id for found in needs]


@pytest.mark.parametrize("change", SHUT.values(), ids=SHUT)
def test_a_gate_of_the_person_shuts(engine: Engine, change: dict[str, Any]) -> None:
    assert pairs(engine, replace(PERSON, **change), NEED) == ([], [])


@pytest.mark.parametrize("change", SHUT_NEED.values(), ids=SHUT_NEED)
def test_a_gate_of_the_need_shuts(engine: Engine, change: dict[str, Any]) -> None:
    assert pairs(engine, PERSON, replace(NEED, **change)) == ([], [])


def test_remote_need_leaves_out_who_will_not_work_remotely(engine: Engine) -> None:
    person, need = replace(PERSON, remote_ok=False), replace(NEED, remote=True)
    assert pairs(engine, person, need) == ([], [])


@pytest.mark.parametrize(("person", "need"), OPEN.values(), ids=OPEN)
def test_what_is_no_gate_lets_through(
    engine: Engine, person: dict[str, Any], need: dict[str, Any]
) -> None:
    found = pairs(engine, replace(PERSON, **person), replace(NEED, **need))
    assert found == (["person"], ["need"])


def test_excluded_ids_are_left_out(engine: Engine) -> None:
    other = replace(PERSON, id="other")
    engine.apply(put(PERSON, other, NEED))
    barred = frozenset({"person", "nobody"})
    request = MatchRequest(subject=NEED, exclude=barred, today=TODAY)
    assert [found.id for found in engine.match(request)] == ["other"]
    request = MatchRequest(subject=PERSON, exclude=frozenset({"need"}), today=TODAY)
    assert engine.match(request) == []


@pytest.mark.parametrize(("travel_km", "found"), [(24, []), (26, ["person"])])
def test_travel_counts_as_the_widest_preset_within_it(
    engine: Engine, travel_km: int, found: list[str]
) -> None:
    person = replace(PERSON, travel_km=travel_km)
    need = replace(NEED, lat=52.7)  # 23.2 km
    assert pairs(engine, person, need)[0] == found
