"""What the feed hands to an engine: plain values, no models, no names, no e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

LEVELS: Final = (0.8, 0.9, 1.0)


class PersonKind(StrEnum):
    MEMBER = "member"
    VOLUNTEER = "volunteer"


class TextKind(StrEnum):
    STORY = "story"
    PACK = "pack"
    PRACTICE = "practice"
    PROJECT = "project"
    APPEAL = "appeal"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDocument:
    """One person who may be matched.

    `skills` maps a skill id to a level of .8, .9 or 1. `lat` and `lon` are degrees, of
    the centre of a cell or town; a person without a town has None for both and meets
    remote needs only. `travel_km` counts as the widest of 5, 10, 25, 50 and 100 km that
    it covers. Raises ValueError for any other level.
    """

    id: str
    kind: PersonKind
    skills: Mapping[str, float]
    languages: frozenset[str]
    lat: float | None
    lon: float | None
    travel_km: int
    remote_ok: bool
    slots: frozenset[str]
    causes: frozenset[str]
    experience_years: int
    last_active: date
    safeguarding_tier: int
    visible: bool
    has_capacity: bool

    def __post_init__(self) -> None:
        if strange := set(self.skills.values()) - set(LEVELS):
            raise ValueError(f"levels of {self.id} outside {LEVELS}: {strange}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDocument:
    """One need of a project; `skills` maps a skill id to its weight, summing to 1.

    A need that is not remote and has no coordinates matches nobody, and so does one
    without skills.
    """

    id: str
    skills: Mapping[str, float]
    languages: frozenset[str]
    lat: float | None
    lon: float | None
    remote: bool
    slots: frozenset[str]
    causes: frozenset[str]
    min_experience: int
    safeguarding_tier: int
    open: bool
    seats_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDocument:
    """One published text. Who shares none of its `acl` tokens never sees it."""

    id: str
    kind: TextKind
    language: str
    title: str
    summary: str
    body: str
    url: str
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acl: frozenset[str]
    date: date


AnyDocument = PersonDocument | NeedDocument | TextDocument


@dataclass(frozen=True, slots=True)
class Change:
    """A document as of one version; None deletes it.

    An engine ignores a version that is not above the one it has seen, also after a
    deletion. An id belongs to one sort of document for ever. Raises ValueError when
    the document carries another id.
    """

    doc_id: str
    version: int
    document: AnyDocument | None

    def __post_init__(self) -> None:
        if self.document is not None and self.document.id != self.doc_id:
            raise ValueError(f"change of {self.doc_id} carries {self.document.id}")
