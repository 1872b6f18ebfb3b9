"""Methods that no form sends: they give nobody more than GET and POST do, and HEAD
answers what GET does."""

from __future__ import annotations

from functools import cache

import pytest

from network.http import nearest_page
from tests.access.matrix import Line, lines
from tests.access.people import ROLES
from tests.access.routes import is_tried
from tests.access.world import Answer, World
from tests.scale import SCALE, some

OTHERS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
# what lets nobody through, and says of no object that it is there
NOTHING = frozenset({"login", "missing", "method", "refused", "bad"})
# Wagtail's form for a copy takes PUT for POST, and fails on one without fields. The
# editors' area needs PUT elsewhere (translations); only an editor can see this.
FAILS = frozenset({("wagtailadmin_pages:copy", "PUT")})
# Wagtail's own frames in the editors' area list their methods by hand, without HEAD
WITHOUT_HEAD = frozenset(
    {
        "wagtailadmin_block_preview",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_pages:revisions_view",
    }
)
by_key = {line.key: line for line in lines()}
EVERY = list(dict.fromkeys(line.route for line in by_key.values()))
ROUTES = [route for route in EVERY if is_tried(route)]
pytestmark = pytest.mark.django_db


def of_route(route: str) -> list[Line]:
    return [line for line in by_key.values() if line.route == route]


def cells(route: str, name: str, role: str) -> tuple[str, ...]:
    """What the matrix says of both methods."""
    return tuple(
        by_key[route, method, name].cells[role]
        for method in ("GET", "POST")
        if (route, method, name) in by_key
    )


def spokesmen(route: str, name: str) -> dict[tuple[str, ...], str]:
    """One role for each kind of answer that this object gets: those whom the matrix
    treats alike need no further request."""
    return {cells(route, name, role): role for role in reversed(ROLES)}


def names(route: str) -> list[str]:
    return list(dict.fromkeys(line.name for line in of_route(route)))


def takes_forms(route: str) -> bool:
    """Nothing else, whoever asks. Wagtail's area has forms of its own."""
    rows = [line for line in of_route(route) if line.method == "GET"]
    found = {kind for line in rows for kind in line.cells.values()}
    return found == {"method"} and not route.startswith("wagtail")


@pytest.mark.parametrize("route", ROUTES)
def test_no_other_method_lets_through_or_tells(world: World, route: str) -> None:
    @cache
    def ask(method: str, name: str, role: str) -> Answer:
        return world.ask(role, method, world.routes[route], name)

    for name in names(route):
        for known, role in spokesmen(route, name).items():
            for method in some(OTHERS, SCALE.methods, by=f"{route} {name}"):
                answer = ask(method, name, role)
                check_lets_nobody_through(route, method, answer, known)
                if is_not_there(route, name, role):
                    nothing = ask(method, "missing", role)
                    assert seen(answer) == seen(nothing), (method, name, role)


def check_lets_nobody_through(
    route: str, method: str, answer: Answer, known: tuple[str, ...]
) -> None:
    if (route, method) not in FAILS and not describes_the_view(method, answer):
        assert answer.kind in NOTHING | set(known), (method, answer.path)


@pytest.mark.parametrize("route", ROUTES)
def test_head_answers_what_get_does(world: World, route: str) -> None:
    for name in names(route):
        for role in spokesmen(route, name).values():
            wanted = world.ask(role, "GET", world.routes[route], name)
            answer = world.ask(role, "HEAD", world.routes[route], name)
            is_left_out = route in WITHOUT_HEAD and answer.kind == "method"
            assert is_left_out or answer.status == wanted.status, (name, role)
            assert answer.body == b""


@pytest.mark.parametrize("route", [route for route in EVERY if takes_forms(route)])
def test_an_address_for_forms_is_known_as_no_page(world: World, route: str) -> None:
    address = world.address(world.routes[route], names(route)[0])
    assert nearest_page(address) != address


def is_not_there(route: str, name: str, role: str) -> bool:
    """For this role the object is as good as one that never was."""
    known = cells(route, name, role)
    is_kept_out = {"missing", "login", "method"}.issuperset(known)
    return is_kept_out and known == cells(route, "missing", role)


def describes_the_view(method: str, answer: Answer) -> bool:
    """Which methods there are: said before anybody looked for the object."""
    is_listed = "Allow" in dict(answer.headers)
    return method == "OPTIONS" and answer.kind == "ok" and is_listed


def seen(answer: Answer) -> tuple[object, ...]:
    """Without the address itself, which stands in the way to the log-in."""
    return (
        answer.kind,
        answer.body,
        [pair for pair in answer.headers if pair[0] != "Location"],
    )
