"""The three sentences of a match: each about something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from search.documents import NeedDocument, PersonDocument, PersonKind
from search.reasons import reasons


def somebody(skills: Mapping[str, float]) -> PersonDocument:
    return PersonDocument(
        id="p",
        kind=PersonKind.MEMBER,
        skills=skills,
        languages=frozenset({"en"}),
        lat=None,
        lon=None,
        travel_km=10,
        remote_ok=True,
        slots=frozenset(),
        causes=frozenset(),
        experience_years=0,
        last_active=date(2026, 1, 1),
        safeguarding_tier=0,
        visible=True,
        has_capacity=True,
    )


def asked_for(skills: Mapping[str, float]) -> NeedDocument:
    return NeedDocument(
        id="n",
        skills=skills,
        languages=frozenset({"en"}),
        lat=None,
        lon=None,
        remote=True,
        slots=frozenset(),
        causes=frozenset(),
        min_experience=0,
        safeguarding_tier=0,
        open=True,
        seats_left=1,
    )


def told(
    points: Mapping[str, float], held: Mapping[str, float], to_person: bool
) -> list[str]:
    wanted = {key.removeprefix("skill:"): 1.0 for key in points if "skill:" in key}
    need = asked_for(wanted)
    return reasons(need, somebody(held), points, to_person=to_person)


@pytest.mark.parametrize("to_person", [True, False])
def test_a_skill_asked_for_is_not_told_again_as_close_to_another(
    to_person: bool,
) -> None:
    """Also where being close to the other weighs more."""
    points = {
        "skill:community-interpreting": 0.4,
        "skill:translation": 0.2,
        "skill:subtitling": 0.1,
        "place": 0.05,
    }
    found = told(points, {"translation": 1.0}, to_person)
    assert [sentence for sentence in found if "ranslation" in sentence] == [
        "It asks for Written translation, which you offer"
        if to_person
        else "Offers Written translation, which you asked for"
    ]
    assert "It can be done from anywhere" in found


@pytest.mark.parametrize("to_person", [True, False])
def test_one_skill_close_to_two_others_is_told_once(to_person: bool) -> None:
    points = {"skill:community-interpreting": 0.2, "skill:subtitling": 0.4}
    found = told(points, {"translation": 1.0}, to_person)
    (sentence,) = (one for one in found if "ranslation" in one)
    assert sentence.endswith("is close to Subtitling and captions")


def test_two_skills_asked_for_are_both_told() -> None:
    points = {"skill:translation": 0.3, "skill:subtitling": 0.2}
    found = told(points, {"translation": 1.0, "subtitling": 0.8}, to_person=False)
    assert found[:2] == [
        "Offers Written translation, which you asked for",
        "Offers Subtitling and captions, which you asked for",
    ]
