"""The house with people and things in it, and one question at its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from network.models import User
from search.replica import replica
from tests.access import addresses
from tests.access.classes import answer_class, body_of
from tests.access.desk import create_applications, create_reports
from tests.access.editors import create_editors_matter
from tests.access.pages import create_pages
from tests.access.people import create_people, create_registration, sessions
from tests.access.routes import Route, routes
from tests.access.secrets import leaked
from tests.access.things import PARTS, Things, create_persons

NOWHERE = "/no/such/place/"


@dataclass(frozen=True, slots=True)
class Answer:
    kind: str  # a class of `classes.ANSWERS`, or what went wrong
    headers: tuple[tuple[str, str], ...]
    body: bytes
    path: str


class World:
    def __init__(self) -> None:
        self.people: dict[str, User] = create_people()
        self.things = Things()
        self.routes = routes()
        volunteer = create_registration("volunteer")
        create_persons(self.things, self.people)
        for create in PARTS:
            create(self.things, self.people, volunteer)
        create_pages(self.things, self.people)
        create_reports(self.things, self.people)
        create_applications(self.things, self.people)
        create_editors_matter(self.things)
        participant = self.things.key("participant", "own")
        self.sessions = sessions(self.people, volunteer, participant)

    def address(self, route: Route, name: str) -> str:
        if route.name in addresses.PATHS:
            return addresses.PATHS[route.name]
        words = addresses.keywords(route, name, self.things)
        if route.name == "wagtail_serve":
            return reverse(route.name, args=words.values())
        return reverse(route.name, kwargs=words)

    def ask(self, role: str, method: str, route: Route, name: str) -> Answer:
        data = addresses.form(route, self.things) if method == "POST" else {}
        return self.knock(role, method, self.address(route, name), data)

    def knock(
        self, role: str, method: str, path: str, data: dict[str, Any] | None = None
    ) -> Answer:
        """One request; whatever it wrote is rolled back."""
        client = Client(raise_request_exception=False)
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with undone():
            response: Any = (
                client.generic(method, path)
                if method
                not in {
                    "GET",
                    "POST",
                }
                else getattr(client, method.lower())(path, data)
            )
            body = body_of(response)
            headers = tuple(sorted(response.items()))
            cookies = tuple(("Set-Cookie", each) for each in sorted(response.cookies))
        kind = answer_class(response)
        if kind == "ok" and (told := leaked(role, body)):
            kind = f"ok, and tells {told}"
        return Answer(kind, headers + cookies, body, path)

    @cached_property
    def nothing(self) -> Answer:
        """What a path that never was answers."""
        return self.knock("anonymous", "GET", NOWHERE)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
            replica.reset()
