"""How the text tests ask: as somebody who may see what is public."""

from dataclasses import replace

from search.engine import Engine, Page, SearchRequest

PUBLIC = SearchRequest(acl=frozenset({"public"}))


def search(engine: Engine, words: str, **changes: object) -> Page:
    request = replace(PUBLIC, text=words)
    return engine.search(replace(request, **changes))  # type: ignore[arg-type]


def ids(page: Page) -> list[str]:
    return [hit.id for hit in page.hits]
