"""The three indices as typed documents. What they hold is what MATCHING allows."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from elasticsearch.dsl import (
    Boolean,
    Date,
    Document,
    Double,
    GeoPoint,
    InnerDoc,
    Integer,
    Keyword,
    Long,
    MetaField,
    Nested,
    Text,
    mapped_field,
)

from search.documents import NeedDocument, PersonDocument, TextDocument
from search.formula import (
    FULL_EXPERIENCE_YEARS,
    reach_km,
    skills_needed,
    tie_key,
)
from search.indexing import (
    BODY,
    BOOSTS,
    SUMMARY,
    TITLE,
    facet_terms,
    newest_first,
    trigrams_of,
    vocabulary_of,
)
from search.text import OTHER, STEMMED, field_language

MARK_START, MARK_END = "\ue000", "\ue001"
_WITHOUT_MARKS: Final = str.maketrans("", "", MARK_START + MARK_END)
PLAIN: Final = "plain"

Body = dict[str, Any]
TOMBSTONE: Final[Mapping[str, Any]] = {"dead": True}


class Row(Document):
    """`dead` rows are tombstones: they keep the version of what was deleted.

    The server itself forgets the version of a deletion after a minute.
    """

    dead: bool = mapped_field(Boolean())

    class Meta:
        dynamic = MetaField("strict")


class MatchRow(Row):
    live: bool = mapped_field(Boolean())
    tie: int = mapped_field(Long())
    skills: list[str] = mapped_field(Keyword(multi=True))
    languages: list[str] = mapped_field(Keyword(multi=True))
    place: dict[str, float] | None = mapped_field(GeoPoint())
    slots: list[str] = mapped_field(Keyword(multi=True))
    causes: list[str] = mapped_field(Keyword(multi=True))
    experience: int = mapped_field(Integer())
    tier: int = mapped_field(Integer())


class PersonRow(MatchRow):
    """`skills` are terms of skill and level; `experience_counted` stops at ten."""

    reach: str = mapped_field(Keyword())
    remote_ok: bool = mapped_field(Boolean())
    experience_counted: float = mapped_field(Double())
    last_active: date = mapped_field(Date())


class Weight(InnerDoc):
    skill: str = mapped_field(Keyword())
    weight: float = mapped_field(Double())


class NeedRow(MatchRow):
    """`slot_share` is 1 divided by the number of slots wanted."""

    weights: list[Weight] = mapped_field(Nested(Weight))
    needed: int = mapped_field(Integer())
    remote: bool = mapped_field(Boolean())
    slot_share: float = mapped_field(Double())


class TextRow(Row):
    """Title, summary and body are in the fields of their language, as `title_fr`."""

    acl: list[str] = mapped_field(Keyword(multi=True))
    facet: list[str] = mapped_field(Keyword(multi=True))
    kind: str = mapped_field(Keyword())
    order: int = mapped_field(Long())
    words: list[str] = mapped_field(Keyword(multi=True))
    trigrams: list[str] = mapped_field(Keyword(multi=True))


ANALYZERS: Final = {**STEMMED, OTHER: PLAIN}
for _language, _analyzer in ANALYZERS.items():
    for _part in BOOSTS:
        _field = Text(analyzer=_analyzer)
        TextRow._doc_type.mapping.field(f"{_part}_{_language}", _field)


def skill_term(skill: str, level: float) -> str:
    return f"{skill}:{level:.1f}"


def person_row(person: PersonDocument) -> Body:
    return PersonRow(
        **_shared(person),
        live=person.visible and person.has_capacity,
        skills=sorted(skill_term(*held) for held in person.skills.items()),
        reach=str(reach_km(person.travel_km)),
        remote_ok=person.remote_ok,
        experience=person.experience_years,
        experience_counted=min(max(person.experience_years, 0), FULL_EXPERIENCE_YEARS),
        last_active=person.last_active,
    ).to_dict()


def need_row(need: NeedDocument) -> Body:
    return NeedRow(
        **_shared(need),
        live=need.open and need.seats_left > 0,
        skills=sorted(need.skills),
        weights=[
            Weight(skill=skill, weight=weight)
            for skill, weight in sorted(need.skills.items())
        ],
        needed=skills_needed(len(need.skills)),
        remote=need.remote,
        experience=need.min_experience,
        slot_share=1 / max(1, len(need.slots)),
    ).to_dict()


def text_row(document: TextDocument) -> Body:
    language = field_language(document.language)
    parts = {TITLE: document.title, SUMMARY: document.summary, BODY: document.body}
    row = TextRow(
        dead=False,
        acl=sorted(document.acl),
        facet=facet_terms(document),
        kind=str(document.kind),
        order=newest_first(document),
        words=vocabulary_of(document),
        trigrams=trigrams_of(document) if language == OTHER else [],
    ).to_dict()
    for part, text in parts.items():
        row[f"{part}_{language}"] = text.translate(_WITHOUT_MARKS)
    return row


def _shared(document: PersonDocument | NeedDocument) -> Body:
    shared: Body = {
        "dead": False,
        "tie": tie_key(document.id),
        "languages": sorted(document.languages),
        "slots": sorted(document.slots),
        "causes": sorted(document.causes),
        "tier": document.safeguarding_tier,
    }
    if document.lat is not None and document.lon is not None:
        shared["place"] = {"lat": document.lat, "lon": document.lon}
    return shared
