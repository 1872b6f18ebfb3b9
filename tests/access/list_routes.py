"""Adds the lines that the matrix lacks, with the answers as they are now.

    pytest --reuse-db tests/access/list_routes.py

What it writes is a proposal. Read every new line against SAFETY before it is committed:
the file is the promise, not this program's opinion.
"""

from __future__ import annotations

import pytest

from tests.access.matrix import Line, lines, write
from tests.access.people import ROLES
from tests.access.routes import Route
from tests.access.variants import variants
from tests.access.world import World


def proposed(world: World, route: Route, method: str, name: str) -> Line:
    cells = {role: world.ask(role, method, route, name).kind for role in ROLES}
    return Line(route.name, method, name, cells)


def completed(world: World) -> list[Line]:
    """Old lines of routes that still exist, and new ones, in the resolver's order."""
    known = {line.key: line for line in lines()}
    return [
        known.get((route.name, method, name)) or proposed(world, route, method, name)
        for route in world.routes.values()
        for method in ("GET", "POST")
        for name in variants(route, world.things)
    ]


@pytest.mark.django_db
def test_write(world: World) -> None:
    write(completed(world))
