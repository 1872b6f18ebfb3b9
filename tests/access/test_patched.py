"""Each access function made to let everybody pass: the matrix has to notice.

A line of the matrix that stays green whatever access says would be no test. First a
round through the lines notes which functions each one asks; then, function by function,
only those lines are tried that ask it, until the first answer that is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.urls import resolve

from projects.access import meeting_detail
from projects.models import Answer
from tests.access.doors import doors, guards_made_by, instead, original, yes
from tests.access.matrix import Line, lines
from tests.access.people import ROLES
from tests.access.world import World
from tests.scale import SCALE, is_one_of, some

DOORS = doors()
LINES = lines()
# functions that decide nothing, and why
NO_DECISION = {
    "profiles.own_profile": "one's own row, whatever the standing",
    "profiles.find_profile": "whoever it is; `tier_of` decides what is shown",
    "profiles.kind_of": "one's own label; `is_kept_from` decides by it",
    "profiles.request_sent": "one's own request, found again and not made twice",
    "network.is_signed_in": "tells that there is an account; without one, every page "
    "breaks that takes there to be one",
    "profiles.shown_to_lead": "a preview of one's own profile",
    "profiles.people_in": "whom on the staff to tell",
    "profiles.is_on_a_pause": "what is said of an accepted connection in one's own "
    "list; tests of connections and messages look at it",
    "profiles.name_at": "by what somebody is known; the test of fields looks for it",
    "profiles.is_overdue": "what a member may do who has not answered; tests of the "
    "yearly question ask it",
    "profiles.blocked_ids": "whom to leave out of lists; tests of connections and of "
    "who looked block somebody on either side",
    "profiles.tiers_of": "no door asks it: whose name stands in the list of who "
    "looked; its tests try each reason for being nameless",
    "profiles.can_be_introduced": "whom to ask: no door's answer tells it, tests of "
    "introductions look",
    "profiles.has_said_no": "as `can_be_introduced`",
    "search.seeks_peers": "one's own switches; tests of peers look at both",
    "profiles.browser_to_switch_on": "the very session that asks",
    "profiles.is_same_person": "asked of whoever is signed in with a fresh letter "
    "open, as no role of the matrix is; tests of becoming try both",
    "profiles.can_contact": "no door asks it; tests of connections do",
    "projects.lacks_check": "what a task asks of who would help; tests of answers, of "
    "checks and of matching ask it",
    "projects.remember_registration": "writes into the session",
    "projects.live_answer": "what the asking person said before",
    "messaging.others_in": "the other side of one's own conversation",
    "moderation.own_checks": "one's own rows",
    "moderation.has_blocked": "one's own block: where a report leads back to",
    "moderation.others_asking": "for the same account, named to vetters, who read each",
    "moderation.one_spelling": "how an id is written",
    "moderation.reported_thing": "whether what a report was about is still there",
}
# second checks, within the action's transaction: seen once the first one is open too
BEHIND = {
    "profiles.check_may_decide": ("moderation.application_for_vetter",),
    "profiles.check_may_review": ("moderation.review_for_vetter",),
    "moderation.check_may_say": ("moderation.check_for_vetter",),
}
# checked a second time on the way to the reader, outside access
TWICE = {
    "projects.meeting_detail": "the page shows it in the state `accepted` only; the "
    "test at the end asks the function itself",
}
DECIDING = [
    name
    for name in sorted(set(DOORS) - set(NO_DECISION) - set(TWICE))
    if is_one_of(SCALE.patched, name)
]
# in one process: the round before costs as much as all the rest
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("patched")]


@pytest.fixture(scope="module")
def asking(world: World) -> dict[str, list[Line]]:
    """Function → the lines of the routes that ask it; of a guard that stands around
    views, the lines of these views."""
    heard: dict[str, set[str]] = {name: set() for name in DOORS}
    asked: set[str] = set()
    with ExitStack() as stack:
        for name, function in DOORS.items():
            if not guards_made_by(function):
                stack.enter_context(instead(function, noting(asked, name, function)))
        for line, role in samples(world):
            asked.clear()
            world.ask(role, line.method, world.routes[line.route], line.name)
            for name in asked:
                heard[name].add(line.route)
    return {
        name: lines_of(name, routes) if routes else guarded(world, DOORS[name])
        for name, routes in heard.items()
    }


def samples(world: World) -> list[tuple[Line, str]]:
    """The first line for each answer that a route gives to a role; on a push to some of
    the roles that it answers alike. Wagtail's own routes ask nothing but the guard
    around them."""
    found: dict[tuple[str, str], dict[str, Line]] = {}
    for line in reversed(LINES):
        if not world.routes[line.route].is_editors:
            for role, cell in reversed(line.cells.items()):
                found.setdefault((line.route, cell), {})[role] = line
    return [
        (by_role[role], role)
        for (route, cell), by_role in found.items()
        for role in some(list(by_role), SCALE.roles_alike, by=f"{route} {cell}")
    ]


def noting(asked: set[str], name: str, function: Any) -> Any:
    twin = original(function)

    def note(*args: Any, **kwargs: Any) -> Any:
        asked.add(name)
        return twin(*args, **kwargs)

    return note


def lines_of(name: str, routes: set[str]) -> list[Line]:
    """Those of the function's own room first: there it decides, elsewhere it is mostly
    asked for what stands in a menu."""
    room = name.partition(".")[0]
    found = [line for line in LINES if line.route in routes]
    return sorted(found, key=lambda line: not line.route.startswith(f"{room}:"))


def guarded(world: World, function: FunctionType) -> list[Line]:
    codes = {guard.__code__ for guard in guards_made_by(function)}
    return [
        line
        for line in LINES
        if codes & codes_around(world.address(world.routes[line.route], line.name))
    ]


def codes_around(address: str) -> set[CodeType]:
    """Of the view and of all that is wrapped around it."""
    waiting: list[Any] = [resolve(address.partition("?")[0]).func]
    found: set[CodeType] = set()
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType) and function.__code__ not in found:
            found.add(function.__code__)
            waiting += [cell.cell_contents for cell in function.__closure__ or ()]
    return found


@contextmanager
def letting_pass(*names: str) -> Iterator[None]:
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(instead(DOORS[name], yes(name, DOORS[name])))
        yield


@pytest.mark.parametrize("name", DECIDING)
def test_a_door_that_lets_all_pass_is_noticed(
    world: World, asking: dict[str, list[Line]], name: str
) -> None:
    assert asking[name], f"no line of the matrix asks {name}"
    assert any(is_noticed(world, name, *cell) for cell in cells(asking[name]))


def cells(found: list[Line]) -> list[tuple[Line, str]]:
    """First those who are kept out, then those who could read too much."""
    every = [(line, role) for line in found for role in ROLES]
    return sorted(every, key=lambda cell: cell[0].cells[cell[1]] in {"ok", "method"})


def is_noticed(world: World, name: str, line: Line, role: str) -> bool:
    """An answer of another class, or with a word in it that the role may not read. An
    error is none: it would show that the function is called, not what it keeps."""
    route, fronts = world.routes[line.route], BEHIND.get(name, ())
    known = line.cells[role]
    if fronts:
        with letting_pass(*fronts):
            known = world.ask(role, line.method, route, line.name).kind
    with letting_pass(*fronts, name):
        now = world.ask(role, line.method, route, line.name).kind
    return now not in {known, "500"}


def test_the_lists_of_exceptions_name_what_there_is() -> None:
    assert {*NO_DECISION, *BEHIND, *TWICE} <= set(DOORS)


@pytest.mark.parametrize("name", ["own", "own:ended", "own:agreed"])
def test_where_a_task_meets_is_told_while_both_yeses_stand(
    world: World, name: str
) -> None:
    answer = Answer.objects.get(pk=world.things.key("answer", name))
    assert bool(meeting_detail(answer)) == (name == "own:agreed")
