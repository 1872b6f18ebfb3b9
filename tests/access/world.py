"""The house with people and things in it, and one question at its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from network.models import OutboxEntry, User
from search.replica import replica
from tests.access import addresses
from tests.access.classes import answer_class, body_of
from tests.access.desk import (
    create_applications,
    create_bans,
    create_checks,
    create_invitations,
    create_joining_questions,
    create_notes_and_sheets,
    create_recoveries,
    create_reported,
    create_reports,
    create_reviews,
    opened_links,
)
from tests.access.editors import create_editors_matter
from tests.access.keys import create_keys_and_browsers
from tests.access.pages import create_pages
from tests.access.people import create_people, create_registration, sessions
from tests.access.routes import Route, routes
from tests.access.secrets import leaked
from tests.access.things import PARTS, Things, create_persons

NOWHERE = "/no/such/place/"
NO_LINK = "/registration/open/no-such-link/"


@dataclass(frozen=True, slots=True)
class Answer:
    kind: str  # a class of `classes.ANSWERS`, or what went wrong
    headers: tuple[tuple[str, str], ...]
    body: bytes
    path: str
    status: int


class Visitor(RequestFactory):
    """Django's `Client` loads the middleware anew for each browser, and keeps a copy of
    each template's context: nine tenths of the sweep's time."""

    def __init__(self, handler: ClientHandler) -> None:
        super().__init__()
        self.handler = handler

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


class World:
    def __init__(self) -> None:
        self.people: dict[str, User] = create_people()
        self.things = Things()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.routes = routes()
        volunteer = create_registration("volunteer")
        create_persons(self.things, self.people)
        create_keys_and_browsers(self.things, self.people)
        for create in PARTS:
            create(self.things, self.people, volunteer)
        create_pages(self.things, self.people)
        create_reported(self.things)
        create_reports(self.things, self.people)
        create_applications(self.things, self.people)
        create_invitations(self.things, self.people)
        create_notes_and_sheets(self.things, self.people)
        create_bans(self.things, self.people)
        create_recoveries(self.things, self.people)
        create_reviews(self.things, self.people)
        create_checks(self.things, self.people)
        create_joining_questions(self.things, self.people)
        create_editors_matter(self.things)
        participant = self.things.key("participant", "own")
        links = opened_links(self.things)
        self.sessions = sessions(self.people, volunteer, participant, links)

    def address(self, route: Route, name: str) -> str:
        if route.name in addresses.PATHS:
            return addresses.PATHS[route.name]
        words = addresses.keywords(route, name, self.things)
        if route.name == "wagtail_serve":
            return reverse(route.name, args=words.values())
        query = addresses.QUERIES.get(route.name, {}).get(name, "")
        return reverse(route.name, kwargs=words) + query

    def ask(self, role: str, method: str, route: Route, name: str) -> Answer:
        data = addresses.form(route, self.things) if method == "POST" else {}
        at = (route.name, name)
        return self.knock(role, method, self.address(route, name), data, at)

    def knock(
        self,
        role: str,
        method: str,
        path: str,
        data: dict[str, Any] | None = None,
        at: tuple[str, str] = ("", "-"),
    ) -> Answer:
        """One request; whatever it wrote is rolled back."""
        with undone():
            response = self.response(role, method, path, data)
            body = body_of(response)
            headers = tuple(sorted(response.items()))
            cookies = tuple(("Set-Cookie", each) for each in sorted(response.cookies))
        kind = answer_class(response)
        has_page = kind == "ok" or response.status_code == 401
        if has_page and (told := leaked(role, body, at)):
            kind = f"{kind}, and tells {told}"
        return Answer(kind, headers + cookies, body, path, response.status_code)

    def response(
        self, role: str, method: str, path: str, data: dict[str, Any] | None
    ) -> Any:
        visitor = Visitor(self.handler)
        if role in self.sessions:
            visitor.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        if method == "POST":
            return visitor.post(path, data)
        return visitor.generic(method, path)

    @cached_property
    def nothing(self) -> Answer:
        """What a path that never was answers."""
        return self.knock("anonymous", "GET", NOWHERE)

    @cached_property
    def no_link(self) -> Answer:
        """What a mailed link that never was answers."""
        return self.knock("anonymous", "GET", NO_LINK)


class OutboxWatch:
    """Whether something was written that the replica may have read since."""

    is_written = False

    def __call__(
        self, execute: Any, sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith("INSERT") and OutboxEntry._meta.db_table in sql:
            self.is_written = True
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    watch = OutboxWatch()
    with connection.execute_wrapper(watch), transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
    if watch.is_written:
        replica.reset()
