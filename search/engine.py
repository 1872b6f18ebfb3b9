"""The one interface that both engines answer, and what goes in and comes out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, Protocol

from search.documents import (
    Change,
    NeedDocument,
    PersonDocument,
    TextKind,
)

MATCHES: Final = 200
"""How many candidates the re-ranker asks for."""

DEEPEST: Final = 10_000
"""Hits beyond this place are not paged to."""


class EngineUnavailable(Exception):
    """The engine could not be reached or refused to work; nothing was answered."""


def _today() -> date:
    return datetime.now(UTC).date()


class EngineRefused(EngineUnavailable):
    """The engine works, but not with this question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequest:
    """A need seeks people, or a person seeks needs. `today` counts idle days."""

    subject: NeedDocument | PersonDocument
    exclude: frozenset[str] = frozenset()
    today: date = field(default_factory=_today)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` is 0..1 to six places. `points` says what it is made of.

    Its keys are `skill:<skill id of the need>`, `place`, `time`, `cause`, `recency`
    and `experience`; what gave nothing is left out.
    """

    id: str
    score: float
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """`acl` holds the viewer's tokens; without any nothing is found.

    Empty `text` lists the newest first, those in the language `before` ahead of the
    others. Empty `languages`, `kinds` or values in
    `filters` do not narrow; values of one name widen, names narrow each other. With
    `prefix` the last word may be the beginning of one. `page` counts from 1.
    """

    acl: frozenset[str]
    text: str = ""
    languages: frozenset[str] = frozenset()
    kinds: frozenset[TextKind] = frozenset()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    prefix: bool = False
    before: str = ""
    page: int = 1
    size: int = 20

    def narrowing(self) -> dict[str, frozenset[str]]:
        """Every filter that narrows, kinds and languages among them, by facet name."""
        named: dict[str, frozenset[str]] = {
            "kind": frozenset(str(kind) for kind in self.kinds),
            "language": self.languages,
            **self.filters,
        }
        return {name: values for name, values in named.items() if values}


Fragment = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """`highlights` is an excerpt cut into pieces of (text, is a match); never HTML."""

    id: str
    kind: TextKind
    score: float
    highlights: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`facets` maps a name to counts by value, each name under the other filters.

    The names `kind` and `language` are always counted. `suggestion` is the text as it
    was probably meant, when words of it occur nowhere that the viewer may look.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    people: int
    needs: int
    texts: int


class Answering(Protocol):
    """Raises EngineUnavailable from any call when the engine is out of reach."""

    def search(self, request: SearchRequest) -> Page: ...

    def match(self, request: MatchRequest, k: int = MATCHES) -> list[Candidate]:
        """The best k that pass every gate, best first."""


class Engine(Answering, Protocol):
    def apply(self, changes: Iterable[Change]) -> None:
        """Idempotent by (doc_id, version); a lower version is ignored."""

    def ready(self) -> bool:
        """Whether it can answer now; raises nothing."""

    def count(self) -> Counts:
        """Documents held, deleted ones left out."""
