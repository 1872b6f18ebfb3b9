"""Who gets which answer at which door: each line of the matrix, for fifteen roles."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.access.classes import ANSWERS
from tests.access.matrix import Line, lines
from tests.access.people import ROLES
from tests.access.routes import is_tried
from tests.access.variants import variants
from tests.access.world import Answer, World
from tests.scale import SCALE, some

LINES = lines()
# Wagtail has its own page for what is missing in their area
EDITORS = frozenset({"editor", "admin"})
COMMON = frozenset({"login", "method", "missing", "ok"})
# and what is made at random for each form
ADDRESSES = re.compile(
    rb'(?:nonce|token|value|href|action)="[^"]*"|[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}'
)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "line", [line for line in LINES if is_tried(line.route)], ids=lambda line: line.id
)
def test_every_role_gets_the_answer_of_the_matrix(world: World, line: Line) -> None:
    route = world.routes[line.route]
    roles = asking(line)
    answers = {role: world.ask(role, line.method, route, line.name) for role in roles}
    kinds = {role: answer.kind for role, answer in answers.items()}
    assert kinds == {role: line.cells[role] for role in roles}
    for role, answer in answers.items():
        if answer.status == 401:
            check_comes_back_alike(world, line, role, answer)
        elif not (route.is_editors and role in EDITORS):
            nothing = world.no_link if "token" in route.parameters else world.nothing
            check_tells_nothing(answer, nothing)


def asking(line: Line) -> list[str]:
    """Of each common kind of answer some of the roles that get it."""
    return [
        role
        for kind in dict.fromkeys(line.cells.values())
        for role in some(alike(line, kind), count_of(kind), by=line.id)
    ]


def count_of(kind: str) -> int:
    return SCALE.roles_alike if kind in COMMON else len(ROLES)


def alike(line: Line, kind: str) -> list[str]:
    return [role for role in ROLES if line.cells[role] == kind]


def test_every_role_is_asked_by_some_line_of_every_kind() -> None:
    asked = {(role, line.cells[role]) for line in LINES for role in asking(line)}
    assert asked == {(role, line.cells[role]) for line in LINES for role in ROLES}


def check_comes_back_alike(world: World, line: Line, role: str, answer: Answer) -> None:
    """Words that were sent while signed out: whatever they were for."""
    route = world.routes[line.route]
    if "missing" in variants(route, world.things):
        missing = world.ask(role, line.method, route, "missing")
        assert bare(answer) == bare(missing)


def bare(answer: Answer) -> bytes:
    return ADDRESSES.sub(b"", answer.body)


def check_tells_nothing(answer: Answer, nothing: Answer) -> None:
    """Hidden, missing and never there: one and the same page, headers too. And who is
    not signed in is sent to the same door whatever they asked for."""
    if answer.kind == "missing":
        assert (answer.headers, answer.body) == (nothing.headers, nothing.body)
    if answer.kind == "login":
        location = dict(answer.headers)["Location"]
        assert unquote(location.partition("?next=")[2]) in {"", "/", answer.path}
        assert answer.body == b""


def test_every_route_of_the_site_has_its_lines(world: World) -> None:
    wanted = {
        (route.name, method, name)
        for route in world.routes.values()
        for method in ("GET", "POST")
        for name in variants(route, world.things)
    }
    listed = {line.key for line in LINES}
    assert wanted - listed == set(), "new doors: tests/access/list_routes.py"
    assert listed - wanted == set(), "these doors are gone: take their lines out"


def test_the_matrix_has_no_line_twice_and_no_unknown_word() -> None:
    assert len({line.key for line in LINES}) == len(LINES)
    assert {cell for line in LINES for cell in line.cells.values()} <= ANSWERS


def test_what_is_hidden_from_all_answers_like_what_is_missing() -> None:
    """A line `hidden` without a reason is for nobody."""
    by_key = {line.key: line for line in LINES}
    for line in LINES:
        if line.name == "hidden":
            missing = by_key[line.route, line.method, "missing"]
            assert line.cells == missing.cells, line.id
