"""What a reader finds: hits of the engine, each read again from the database.

Everything passes through `request_for`, which adds what the viewer may see; facets,
counts, suggestions and highlights come from the same filtered set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from wagtail.models import Page

from cms import access as stories
from cms.models import AppealPage, PackPage, PracticePage, StandardPage, StoryPage
from cms.packs import contents
from network.access import Viewer
from projects import queries as projects
from projects.models import Project
from search import serving
from search.documents import TextKind
from search.engine import Fragment, Hit, SearchRequest
from search.keys import PAGE, PROJECT, doc_id, key_of
from search.published import EVERYBODY

SIZE = 12
LONGEST = 200  # letters of a question


@dataclass(frozen=True)
class Found:
    """One hit: `item` is the live page or project."""

    kind: TextKind
    item: Any
    url: str
    highlights: tuple[Fragment, ...]

    @property
    def summary(self) -> tuple[Fragment, ...]:
        """In pieces, with the matches marked that the excerpt found in it."""
        whole, excerpt = self._texts()
        if not excerpt or excerpt not in whole:
            return ((whole, False),)
        before, _, after = whole.partition(excerpt)
        return ((before, False), *self.highlights, (after, False))

    @property
    def beyond(self) -> tuple[Fragment, ...]:
        """The excerpt where it says more than the summary does."""
        whole, excerpt = self._texts()
        return () if excerpt in whole else self.highlights

    def _texts(self) -> tuple[str, str]:
        whole = getattr(self.item, "summary", "") or getattr(self.item, "intro", "")
        return str(whole), "".join(piece for piece, _ in self.highlights)


@dataclass(frozen=True)
class FacetValue:
    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Results:
    found: list[Found]
    total: int
    facets: dict[str, list[FacetValue]]
    suggestion: str | None
    page: int
    pages: int
    text: str
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def has_choices(self) -> bool:
        return bool(self.text or self.chosen)

    # what the pagination component asks of a page
    @property
    def number(self) -> int:
        return self.page

    @property
    def paginator(self) -> Results:
        return self

    @property
    def num_pages(self) -> int:
        return self.pages

    @property
    def has_other_pages(self) -> bool:
        return self.pages > 1

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def previous_page_number(self) -> int:
        return self.page - 1

    @property
    def next_page_number(self) -> int:
        return self.page + 1


def acl_of(viewer: Viewer) -> frozenset[str]:
    """The tokens of what this viewer may read. Texts are public or not indexed."""
    return EVERYBODY


def out_of_sight(viewer: Viewer) -> frozenset[str]:
    """What is public, but not there for this viewer: neither found nor counted."""
    gone = projects.unreadable_projects(viewer)
    return frozenset(doc_id(PROJECT, pk) for pk in gone)


def request_for(
    viewer: Viewer,
    query: QueryDict,
    *,
    kinds: Iterable[TextKind] = (),
    facets: Iterable[str] = (),
    size: int = SIZE,
) -> SearchRequest:
    chosen = {name: frozenset(query.getlist(name)[:20]) for name in facets}
    return SearchRequest(
        acl=acl_of(viewer),
        exclude=out_of_sight(viewer),
        text=query.get("q", "").replace("\x00", " ").strip()[:LONGEST],
        kinds=frozenset(kinds) or kinds_in(query),
        languages=frozenset(query.getlist("language")[:20]),
        filters={name: values for name, values in chosen.items() if values},
        before=get_language() or "",
        page=page_number(query),
        size=size,
    )


def query_of(**values: str) -> QueryDict:
    """As if it had stood in an address."""
    query = QueryDict(mutable=True)
    query.update(values)
    return query


def kinds_in(query: QueryDict) -> frozenset[TextKind]:
    known = set(TextKind)
    return frozenset(
        TextKind(kind) for kind in query.getlist("kind")[:10] if kind in known
    )


def page_number(query: QueryDict) -> int:
    text = query.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 5
    return max(1, int(text)) if is_number else 1


def results(
    request: SearchRequest, facets: Iterable[str], *, seen_in: HttpRequest
) -> Results:
    page = serving.engine().search(request)
    pages = max(1, -(-page.total // request.size))
    if request.page > pages:  # typed, or of a list that was longer
        return results(replace(request, page=pages), facets, seen_in=seen_in)
    narrowing = request.narrowing()
    return Results(
        found=live(page.hits, seen_in),
        total=page.total,
        facets={
            name: facet_values(page.facets.get(name, {}), narrowing.get(name))
            for name in facets
        },
        suggestion=page.suggestion,
        page=request.page,
        pages=pages,
        text=request.text,
        chosen={
            name: values for name, values in narrowing.items() if name in set(facets)
        },
    )


def facet_values(
    counts: Mapping[str, int], chosen: frozenset[str] | None
) -> list[FacetValue]:
    """Most found first; what is chosen stays, also when it finds nothing."""
    chosen = chosen or frozenset()
    every = {**dict.fromkeys(chosen, 0), **counts}
    ordered = sorted(every.items(), key=lambda pair: (-pair[1], pair[0]))
    return [FacetValue(value, count, value in chosen) for value, count in ordered]


def live(hits: Iterable[Hit], seen_in: HttpRequest) -> list[Found]:
    """The hits whose page this viewer can open now, in their order.

    The request remembers where the site's pages begin: without it each address of a
    page costs a query.
    """
    hits = list(hits)
    by_id = live_items(hits, seen_in.user)
    return [
        Found(hit.kind, item, url_of(item, seen_in), hit.highlights)
        for hit in hits
        if (item := by_id.get(hit.id)) is not None
    ]


def live_items(hits: Iterable[Hit], viewer: Viewer) -> dict[str, Any]:
    """Live pages and readable projects, by document id; two queries a class."""
    keys = [key_of(hit.id) for hit in hits]
    page_keys = [int(key) for kind, key in keys if kind == PAGE]
    project_keys = [key for kind, key in keys if kind == PROJECT]
    pages = {page.pk: page for page in live_pages(page_keys)} if page_keys else {}
    readable = projects.readable_projects(viewer)
    rows = readable.in_bulk(project_keys) if project_keys else {}
    return {
        **{doc_id(PAGE, pk): page for pk, page in pages.items()},
        **{doc_id(PROJECT, pk): row for pk, row in rows.items()},
    }


def live_pages(keys: Iterable[int]) -> list[Page]:
    pages = Page.objects.live().filter(pk__in=list(keys)).select_related("locale")
    found = pages.type(StoryPage, PackPage, PracticePage, AppealPage, StandardPage)
    rows = list(found.specific())
    bereft = contents.bereft([row.pk for row in rows if isinstance(row, PackPage)])
    return [page for page in rows if page.pk not in bereft and not has_expired(page)]


def has_expired(page: Page) -> bool:
    return isinstance(page, StoryPage) and stories.has_expired(page)


def url_of(item: Any, seen_in: HttpRequest) -> str:
    if isinstance(item, Project):
        return f"/projects/{item.slug}/"
    return str(item.get_url(seen_in) or "")
