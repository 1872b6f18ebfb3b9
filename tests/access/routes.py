"""Every door of the resolver, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


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


def routes() -> dict[str, Route]:
    """Two patterns of one name are one route: the longer list of parameters counts,
    since each set is tried by its own line where they differ."""
    found: dict[str, Route] = {}
    for name, path, pattern in walk(get_resolver(), (), ""):
        regex = pattern.pattern.regex
        parameters = tuple(sorted(regex.groupindex)) or ("path",) * regex.groups
        known = found.get(name)
        if known is None or len(parameters) > len(known.parameters):
            found[name] = Route(name, parameters, path)
    return found


def walk(
    resolver: URLResolver, namespaces: tuple[str, ...], path: str
) -> Iterator[tuple[str, str, URLPattern]]:
    for each in resolver.url_patterns:
        text = f"{path}{each.pattern}"
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from walk(each, inner, text)
        else:
            yield ":".join((*namespaces, each.name or text)), text, each
