"""The lists of texts that one box searches: the whole site, and one for each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.urls import reverse

from search.documents import TextKind


@dataclass(frozen=True)
class TextList:
    """`facets` are shown and can be chosen; `kinds` are all that stands in it, if any
    are named."""

    name: str
    facets: tuple[str, ...]
    kinds: frozenset[TextKind] = frozenset()

    @property
    def url(self) -> str:
        return reverse(f"search:{self.name}")

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the address that narrow it; every list can be had in a language."""
        return tuple(dict.fromkeys((*self.facets, "language")))

    def asked_in(self, query: QueryDict) -> QueryDict:
        """What of an address is a question to this list, in one order."""
        asked = QueryDict(mutable=True)
        if words := query.get("q", "").strip():
            asked["q"] = words
        for name, values in self._chosen(query):
            asked.setlist(name, values)
        return asked

    def _chosen(self, query: QueryDict) -> Iterator[tuple[str, list[str]]]:
        for name in self.filters:
            if values := sorted(set(filter(None, query.getlist(name)))):
                yield name, values


SITE: Final = TextList("site", ("kind", "language"))
STORIES: Final = TextList(
    "stories",
    ("teller", "medium", "theme", "language", "length"),
    frozenset({TextKind.STORY}),
)
LIBRARY: Final = TextList(
    "library",
    ("subject", "age", "theme", "language", "format", "lessons"),
    frozenset({TextKind.PACK}),
)
PRACTICES: Final = TextList(
    "practices",
    ("approach", "audience", "country"),
    frozenset({TextKind.PRACTICE}),
)
LISTS: Final = {one.name: one for one in (SITE, STORIES, LIBRARY, PRACTICES)}
