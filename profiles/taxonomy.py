"""The skills and causes that people are found by, in the site's five languages.

Read once from `profiles/data/`. Ids are stable: a label may change, an id never does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from profiles.typeahead import Term, TypeAhead

LANGUAGES = ("en", "ar", "fr", "de", "es")

Kind = Literal["skill", "cause"]

_DATA = Path(__file__).parent / "data"
_BETWEEN_ANSWERS = re.compile(r"[,;،؛\n]+")


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over skills; nobody is matched by it."""

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Skill:
    """`related` says how far another skill can stand in for this one, 0 to 1."""

    id: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    parent: str
    related: Mapping[str, float] = field(hash=False)
    is_first_offer: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    id: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`via` is the synonym that was matched, empty when it was the label itself."""

    kind: Kind
    id: str
    label: str
    via: str = ""


def skill(id: str) -> Skill:
    """Raises KeyError when there is none."""
    return _skills()[id]


def cause(id: str) -> Cause:
    """Raises KeyError when there is none."""
    return _causes()[id]


def is_skill(id: str) -> bool:
    return id in _skills()


def is_cause(id: str) -> bool:
    return id in _causes()


def all_skills() -> tuple[Skill, ...]:
    return tuple(_skills().values())


def first_offers() -> tuple[Skill, ...]:
    """What an ordinary volunteer can offer without a profession."""
    return tuple(skill for skill in all_skills() if skill.is_first_offer)


def causes() -> tuple[Cause, ...]:
    return tuple(_causes().values())


@cache
def groups() -> tuple[Group, ...]:
    rows = _read("skills.json")["groups"]
    return tuple(Group(row["id"], MappingProxyType(row["labels"])) for row in rows)


def skills_in(group_id: str) -> tuple[Skill, ...]:
    return tuple(skill for skill in all_skills() if skill.parent == group_id)


def sim(a: str, b: str) -> float:
    """How far skill `b` stands in for `a`, the same in both directions.

    1 for the same skill, 0.3 to 0.8 for a curated pair, else 0; so too for an id that
    no longer exists.
    """
    if a == b:
        return 1.0
    found = _skills().get(a)
    return found.related.get(b, 0.0) if found else 0.0


def related(id: str) -> Mapping[str, float]:
    """Raises KeyError when there is no such skill."""
    return skill(id).related


def label(id: str, language: str) -> str:
    """The name of a skill or cause; in English where the language is not one of ours.

    Raises KeyError for an unknown id.
    """
    entry = _skills().get(id) or _causes()[id]
    return entry.labels[_ours(language)]


def suggest(text: str, language: str, limit: int = 8) -> list[Suggestion]:
    """Skills and causes by what was typed so far, best first, then by English names.

    Only where nothing is spelt so are slips of the finger allowed for. Labels are in
    `language` even where an English name was matched.
    """
    shown = _ours(language)
    searched = [_typeahead(each) for each in dict.fromkeys((shown, "en"))]
    found = [hit for names in searched for hit in names.find(text, limit)]
    if not found:
        found = [hit for names in searched for hit in names.guess(text, limit)]
    chosen: dict[str, Suggestion] = {}
    for hit in found:
        chosen.setdefault(hit.term.key, _suggestion(hit.term, shown))
    return list(chosen.values())[:limit]


def resolve(text: str, language: str) -> Suggestion | None:
    """The one skill or cause with exactly this name or synonym, in any language."""
    shown = _ours(language)
    for searched in dict.fromkeys((shown, *LANGUAGES)):
        if term := _typeahead(searched).exact(text):
            return _suggestion(term, shown)
    return None


def resolve_list(text: str, language: str) -> tuple[list[Suggestion], list[str]]:
    """What a comma-separated answer names, each once, and what names nothing."""
    found: dict[str, Suggestion] = {}
    unknown: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN_ANSWERS.split(text))):
        if named := resolve(part, language):
            found.setdefault(named.id, named)
        else:
            unknown.append(part)
    return list(found.values()), unknown


def _ours(language: str) -> str:
    base = language.split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def _suggestion(term: Term, language: str) -> Suggestion:
    kind: Kind = "skill" if is_skill(term.key) else "cause"
    shown = label(term.key, language)
    return Suggestion(kind, term.key, shown, "" if term.text == shown else term.text)


@cache
def _typeahead(language: str) -> TypeAhead:
    return TypeAhead(_terms(language))


def _terms(language: str) -> Iterator[Term]:
    for skill in all_skills():
        yield from _named(skill, language, 0 if skill.is_first_offer else 1)
    for cause in causes():
        yield from _named(cause, language, 1)


def _named(entry: Skill | Cause, language: str, weight: int) -> Iterator[Term]:
    yield Term(entry.id, entry.labels[language], weight)
    for synonym in entry.synonyms.get(language, ()):
        yield Term(entry.id, synonym, weight + 2)


@cache
def _skills() -> Mapping[str, Skill]:
    rows = _read("skills.json")["skills"]
    pairs = _both_ways(rows)
    return MappingProxyType({row["id"]: _skill(row, pairs[row["id"]]) for row in rows})


def _skill(row: dict[str, Any], related: dict[str, float]) -> Skill:
    return Skill(
        id=row["id"],
        labels=MappingProxyType(row["labels"]),
        synonyms=_tuples(row["synonyms"]),
        parent=row["parent"],
        related=MappingProxyType(related),
        is_first_offer=row.get("register", False),
    )


def _both_ways(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """The table gives each pair once, under either of the two."""
    pairs: dict[str, dict[str, float]] = {row["id"]: {} for row in rows}
    for row in rows:
        for other, closeness in row["related"].items():
            pairs[row["id"]][other] = closeness
            pairs[other][row["id"]] = closeness
    return pairs


@cache
def _causes() -> Mapping[str, Cause]:
    return MappingProxyType(
        {
            row["id"]: Cause(
                row["id"], MappingProxyType(row["labels"]), _tuples(row["synonyms"])
            )
            for row in _read("causes.json")["causes"]
        }
    )


def _tuples(lists: dict[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(value) for key, value in lists.items()})


@cache
def _read(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return table
