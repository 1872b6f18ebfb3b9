"""What the type-aheads answer, to anybody, in the language of the page."""

from __future__ import annotations

import pytest
from django.test import Client

from network import places
from profiles.fields import Chosen, LanguagesField, SkillsField, TownField
from profiles.views import suggest

pytestmark = pytest.mark.django_db


def labels(path: str, **query: str) -> list[str]:
    answer = Client().get(f"/suggest/{path}/", query)
    assert answer.status_code == 200
    return [row["label"] for row in answer.json()["results"]]


def test_skills_and_causes_are_offered_in_the_language_asked() -> None:
    assert "Written translation" in labels("skills", q="transl", language="en")
    german = labels("skills", q="Übersetz", language="de")
    assert german
    assert german != labels("skills", q="transl", language="en")


def test_towns_and_languages_are_offered() -> None:
    assert any("Malm" in label for label in labels("places", q="malmo"))
    assert labels("languages", q="Deut", language="en") == ["German"]


def test_nothing_and_nonsense_find_nothing() -> None:
    for text in ("", " ", "\x00", "q" * 500):
        assert labels("skills", q=text) == []


def test_a_flood_is_turned_away_and_told_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suggest, "A_MINUTE", 3)
    client = Client()
    for _ask in range(3):
        assert client.get("/suggest/skills/?q=a").status_code == 200
    answer = client.get("/suggest/skills/?q=a")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_what_is_offered_is_understood_when_sent_back_as_words() -> None:
    for label in labels("skills", q="tra", language="en"):
        assert SkillsField().clean(label)
    for label in labels("places", q="san", language="en"):
        assert TownField().clean(label) is not None


def test_ids_and_words_mix() -> None:
    chosen = SkillsField().clean("translation, Carpentry")
    assert isinstance(chosen, Chosen)
    assert chosen.skills == ("translation", "carpentry")
    assert LanguagesField().clean("ar; Deutsch، en") == ["ar", "de", "en"]
    town = places.resolve("Malmö")
    assert town is not None
    assert TownField().clean(str(town.id)) == town
