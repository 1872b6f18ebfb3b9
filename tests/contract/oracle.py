"""The formula and the gates once more, slow and plain, to hold the engines against."""

from collections.abc import Mapping
from datetime import date
from math import asin, ceil, cos, radians, sin, sqrt

from search.documents import NeedDocument, PersonDocument

RELATED: Mapping[str, Mapping[str, float]] = {
    "first-aid": {"nursing": 0.9, "paramedic": 0.8},
    "mediation": {"facilitation": 0.7, "counselling": 0.5},
    "facilitation": {"mediation": 0.6},
    "interpreting": {"translation": 0.5},
    "translation": {"interpreting": 0.75},
    "youth-work": {"teaching": 0.6, "facilitation": 0.4},
}
SKILLS = sorted({*RELATED, *(held for row in RELATED.values() for held in row)})


def score(
    need: NeedDocument, person: PersonDocument, today: date
) -> dict[str, float] | None:
    """The points by reason, of more than nothing; None where a gate is shut."""
    if not _may_meet(need, person):
        return None
    points = {
        **_skill_points(need, person),
        "place": 0.15 * _place(need, person),
        "time": 0.15 * len(need.slots & person.slots) / (len(need.slots) or 1),
        "cause": 0.10 if need.causes & person.causes else 0.0,
        "recency": 0.05 * 60 / (60 + abs((today - person.last_active).days)),
        "experience": 0.05 * min(person.experience_years, 10) / 10,
    }
    return {reason: value for reason, value in points.items() if value > 0}


def distance_km(need: NeedDocument, person: PersonDocument) -> float | None:
    if need.lat is None or need.lon is None or person.lat is None or person.lon is None:
        return None
    lat_1, lat_2 = radians(need.lat), radians(person.lat)
    across = radians(person.lon - need.lon)
    chord = (
        sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin(across / 2) ** 2
    )
    return 2 * 6371.0087714 * asin(sqrt(chord))


def _may_meet(need: NeedDocument, person: PersonDocument) -> bool:
    return (
        person.visible
        and person.has_capacity
        and need.open
        and need.seats_left > 0
        and bool(need.languages & person.languages)
        and person.experience_years >= need.min_experience
        and person.safeguarding_tier >= need.safeguarding_tier
        and _in_reach(need, person)
        and _enough_skills(need, person)
    )


def _in_reach(need: NeedDocument, person: PersonDocument) -> bool:
    if need.remote:
        return person.remote_ok
    distance = distance_km(need, person)
    return distance is not None and distance <= person.travel_km


def _enough_skills(need: NeedDocument, person: PersonDocument) -> bool:
    met = sum(_served(required, person) > 0 for required in need.skills)
    return bool(need.skills) and met >= ceil(len(need.skills) / 2)


def _skill_points(need: NeedDocument, person: PersonDocument) -> dict[str, float]:
    return {
        f"skill:{required}": 0.5 * weight * _served(required, person)
        for required, weight in need.skills.items()
    }


def _served(required: str, person: PersonDocument) -> float:
    return max(
        (_sim(required, held) * level for held, level in person.skills.items()),
        default=0.0,
    )


def _sim(required: str, held: str) -> float:
    return 1.0 if required == held else RELATED.get(required, {}).get(held, 0.0)


def _place(need: NeedDocument, person: PersonDocument) -> float:
    distance = 0.0 if need.remote else distance_km(need, person)
    assert distance is not None
    return 10 / (10 + distance)
