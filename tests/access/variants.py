"""Which objects a route is tried with."""

from __future__ import annotations

from tests.access.addresses import NOUNS, OF_ROUTE, QUERIES
from tests.access.routes import Route
from tests.access.things import Things

ORDER = ("-", "own", "other", "hidden", "missing")


def nouns(route: Route) -> list[str]:
    if route.is_editors:
        return []
    found = (
        OF_ROUTE.get((route.name, each)) or NOUNS.get(each) for each in route.parameters
    )
    return [noun for noun in found if noun]


def variants(route: Route, things: Things) -> list[str]:
    """Those that every noun of the address has; `-` where it names no object."""
    if not nouns(route):
        return ["-", *QUERIES.get(route.name, {})]
    sets = [set(things.keys[noun]) for noun in nouns(route)]
    return sorted(set.intersection(*sets), key=place)


def place(name: str) -> tuple[int, str]:
    return ORDER.index(name.partition(":")[0]), name
