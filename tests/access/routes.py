"""Every door of the resolver, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from tests.scale import SCALE, is_one_of


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is what `reverse` takes; a pattern without one goes by its own text."""

    name: str
    parameters: tuple[str, ...]
    path: str  # as the patterns write it

    @property
    def is_editors(self) -> bool:
        """Wagtail's own: the two hundred that come with its admin."""
        return self.path.lstrip("^").startswith("cms/")


@cache
def routes() -> dict[str, Route]:
    """Two patterns of one name are one route: the longer list of parameters counts,
    since each set is tried by its own line where they differ."""
    found: dict[str, Route] = {}
    for route in walk(get_resolver(), (), Route("", (), "")):
        known = found.get(route.name)
        if known is None or len(route.parameters) > len(known.parameters):
            found[route.name] = route
    return found


def is_tried(route: str) -> bool:
    """All of ours; of those that come with Wagtail's admin one in so many."""
    return not routes()[route].is_editors or is_one_of(SCALE.wagtail, route)


def walk(
    resolver: URLResolver, namespaces: tuple[str, ...], before: Route
) -> Iterator[Route]:
    """`before` holds what the patterns around this one have read already."""
    for each in resolver.url_patterns:
        path = f"{before.path}{each.pattern}"
        parameters = before.parameters + parameters_of(each)
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from walk(each, inner, Route("", parameters, path))
        else:
            name = ":".join((*namespaces, each.name or path))
            yield Route(name, tuple(sorted(parameters)), path)


def parameters_of(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    regex = pattern.pattern.regex
    return tuple(regex.groupindex) or ("path",) * regex.groups
