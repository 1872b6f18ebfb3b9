"""When nothing is found: which one thing to leave out, and how many that finds.

The counts of the facets, which the empty answer holds already, tell which filters are
worth a question to the engine; each further question is one way out, and no more than
`MOST_ASKED` are put.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from network.words import in_a_row
from search import queries, serving
from search.engine import Hit, Page, SearchRequest
from search.labels import value_label
from search.lists import TextList
from search.queries import Results
from search.text import TOKEN

SHOWN: Final = 3
MOST_ASKED: Final = 8  # of the engine, for one page that found nothing
MOST_WORDS: Final = 6  # of a longer question no single word is left out


@dataclass(frozen=True)
class WayOut:
    """`before` and `words` are shown one behind the other, the words as they were
    typed; `query` is the address of what it finds."""

    before: str
    words: str
    count: int
    query: str


@dataclass(frozen=True)
class Try:
    before: str
    words: str
    request: SearchRequest
    query: QueryDict


def ways_out(
    asked: SearchRequest, texts: TextList, empty: Results, *, seen_in: HttpRequest
) -> list[WayOut]:
    """At most three, each of which finds something that this reader can open."""
    engine = serving.engine()
    found: list[tuple[Try, Page]] = []
    for number, one in enumerate(tries(asked, texts, empty, seen_in.GET)):
        if number == MOST_ASKED or len(found) == SHOWN:
            break
        page = engine.search(one.request)
        if page.total:
            found.append((one, page))
    hits = {hit.id: hit for _one, page in found for hit in page.hits}
    items = queries.live_items(hits.values(), seen_in.user)
    return [
        WayOut(one.before, one.words, page.total, f"?{one.query.urlencode()}")
        for one, page in found
        if opens(page.hits, items)
    ]


def opens(hits: tuple[Hit, ...], items: dict[str, Any]) -> bool:
    return any(hit.id in items for hit in hits)


def tries(
    asked: SearchRequest, texts: TextList, empty: Results, query: QueryDict
) -> Iterator[Try]:
    """The cheapest useful ones first: all of the words and most of the filters."""
    plain = replace(asked, page=1)
    asked_here = texts.asked_in(query)
    chosen = [name for name in texts.filters if name in asked_here]
    for name in chosen:
        if is_worth_asking(empty, name):
            yield without(plain, name, asked_here)
    if plain.text and len(chosen) > 1:
        yield Try(
            _("Only the words, in everything:"),
            plain.text,
            unfiltered(plain, chosen),
            queries.query_of(q=plain.text),
        )
    yield from fewer_words(plain, asked_here)
    if plain.text and chosen:
        bare = asked_here.copy()
        bare.pop("q")
        yield Try(
            _("Only what you chose, without the words"),
            "",
            replace(plain, text=""),
            bare,
        )


def is_worth_asking(empty: Results, name: str) -> bool:
    """Each facet is counted under all the others: where nothing is, nothing will be."""
    counted = empty.facets.get(name)
    return counted is None or any(value.count for value in counted)


def without(plain: SearchRequest, name: str, asked: QueryDict) -> Try:
    rest = asked.copy()
    values = rest.pop(name)
    shown = in_a_row(value_label(name, value) for value in values)
    return Try(_("Without:"), shown, unfiltered(plain, [name]), rest)


def unfiltered(plain: SearchRequest, names: list[str]) -> SearchRequest:
    return replace(
        plain,
        kinds=frozenset() if "kind" in names else plain.kinds,
        languages=frozenset() if "language" in names else plain.languages,
        filters={key: kept for key, kept in plain.filters.items() if key not in names},
    )


def fewer_words(plain: SearchRequest, asked: QueryDict) -> Iterator[Try]:
    """One word left out at a time; of two words, each alone."""
    typed = list(dict.fromkeys(TOKEN.findall(plain.text)))
    if not 1 < len(typed) <= MOST_WORDS:
        return
    for gone in reversed(typed):
        text = " ".join(word for word in typed if word != gone)
        query = asked.copy()
        query["q"] = text
        yield Try(_("Only:"), text, replace(plain, text=text), query)
