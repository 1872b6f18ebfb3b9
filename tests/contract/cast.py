"""People, needs and texts for the contract suite: a fixed pair, and made-up many."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from search.documents import (
    LEVELS,
    AnyDocument,
    Change,
    NeedDocument,
    PersonDocument,
    PersonKind,
    TextDocument,
    TextKind,
)
from tests.contract.oracle import SKILLS

TODAY = date(2026, 3, 14)
LANGUAGES = ["en", "ar", "fr", "de", "uk"]
SLOTS = [f"{day}-{part}" for day in ("mon", "wed", "sat") for part in ("am", "eve")]
CAUSES = ["leaving", "survivors", "schools", "after-an-attack"]

PERSON = PersonDocument(
    id="person",
    kind=PersonKind.MEMBER,
    skills={"mediation": 0.9, "nursing": 1.0},
    languages=frozenset({"en", "ar"}),
    lat=52.5,
    lon=13.4,
    travel_km=25,
    remote_ok=True,
    slots=frozenset({"mon-am", "sat-eve"}),
    causes=frozenset({"schools"}),
    experience_years=4,
    last_active=TODAY - timedelta(days=30),
    safeguarding_tier=1,
    visible=True,
    has_capacity=True,
)
NEED = NeedDocument(
    id="need",
    skills={"mediation": 0.6, "first-aid": 0.4},
    languages=frozenset({"en", "de"}),
    lat=52.6,
    lon=13.5,
    remote=False,
    slots=frozenset({"mon-am", "wed-am"}),
    causes=frozenset({"schools", "leaving"}),
    min_experience=2,
    safeguarding_tier=1,
    open=True,
    seats_left=2,
)


def text(doc_id: str, title: str, **changes: object) -> TextDocument:
    plain = TextDocument(
        id=doc_id,
        kind=TextKind.STORY,
        language="en",
        title=title,
        summary="",
        body="",
        url=f"/{doc_id}/",
        acl=frozenset({"public"}),
        date=TODAY,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def put(*documents: AnyDocument, version: int = 1) -> list[Change]:
    return [Change(document.id, version, document) for document in documents]


def some(words: list[str], *, least: int = 0, most: int = 4) -> st.SearchStrategy:
    return st.frozensets(st.sampled_from(words), min_size=least, max_size=most)


# Degrees on a grid some kilometres apart: no distance falls on the edge of a reach.
latitudes = st.integers(0, 12).map(lambda step: 52.0 + step * 0.0931)
longitudes = st.integers(0, 12).map(lambda step: 13.0 + step * 0.1373)


@st.composite
def people(draw: st.DrawFn, number: int) -> PersonDocument:
    placed = draw(st.integers(0, 5)) > 0
    return PersonDocument(
        id=f"person-{number}",
        kind=draw(st.sampled_from(PersonKind)),
        skills=draw(
            st.dictionaries(
                st.sampled_from(SKILLS), st.sampled_from(LEVELS), max_size=5
            )
        ),
        languages=draw(some(LANGUAGES, most=3)),
        lat=draw(latitudes) if placed else None,
        lon=draw(longitudes) if placed else None,
        travel_km=draw(st.sampled_from([5, 10, 25, 50, 100])),
        remote_ok=draw(st.booleans()),
        slots=draw(some(SLOTS)),
        causes=draw(some(CAUSES)),
        experience_years=draw(st.integers(0, 30)),
        last_active=TODAY - timedelta(days=draw(st.integers(0, 900))),
        safeguarding_tier=draw(st.integers(0, 3)),
        visible=draw(st.integers(0, 7)) > 0,
        has_capacity=draw(st.integers(0, 7)) > 0,
    )


@st.composite
def needs(draw: st.DrawFn, number: int) -> NeedDocument:
    skills = sorted(draw(some(SKILLS, most=4)))
    shares = [draw(st.integers(1, 9)) for _ in skills]
    placed = draw(st.integers(0, 5)) > 0
    return NeedDocument(
        id=f"need-{number}",
        skills={
            skill: share / sum(shares)
            for skill, share in zip(skills, shares, strict=True)
        },
        languages=draw(some(LANGUAGES, most=3)),
        lat=draw(latitudes) if placed else None,
        lon=draw(longitudes) if placed else None,
        remote=draw(st.booleans()),
        slots=draw(some(SLOTS)),
        causes=draw(some(CAUSES)),
        min_experience=draw(st.sampled_from([0, 0, 0, 1, 5])),
        safeguarding_tier=draw(st.sampled_from([0, 0, 1, 2])),
        open=draw(st.integers(0, 7)) > 0,
        seats_left=draw(st.integers(0, 3)),
    )


@st.composite
def populations(
    draw: st.DrawFn,
) -> tuple[list[PersonDocument], list[NeedDocument]]:
    return (
        [draw(people(number)) for number in range(draw(st.integers(1, 16)))],
        [draw(needs(number)) for number in range(draw(st.integers(1, 6)))],
    )
