"""A push service on this machine, and a person with a browser that is switched on."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from network import crypto, push_service
from network.models import PushSubscription, User
from tests.cast import client_of

ALLOWED = "https://updates.push.services.mozilla.com/wpush/v2/"
CANARY = "gAAAAABcanaryOfAnEndpoint"


@dataclass
class Knock:
    path: str
    headers: Message
    body: bytes


@dataclass
class Service:
    """Answers each POST with `status` and remembers what came."""

    url: str = ""
    status: int = 201
    answer: dict[str, str] = field(default_factory=dict)
    knocks: list[Knock] = field(default_factory=list)

    def endpoint(self, name: str) -> str:
        return f"{self.url}/{name}"


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            service.knocks.append(Knock(self.path, self.headers, body))
            self.send_response(service.status)
            for name, value in service.answer.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The only place that the list lets through while the test runs."""
    with serving(Service()) as found:
        here = found.url + "/"
        monkeypatch.setattr(
            push_service, "is_push_service", lambda url: url.startswith(here)
        )
        yield found


def switched_on(person: User, endpoint: str = ALLOWED + CANARY) -> PushSubscription:
    """A browser in which this person has signed in, and switched it on."""
    return switched_on_in(client_of(person), person, endpoint)


def switched_on_in(client: Client, person: User, endpoint: str) -> PushSubscription:
    client.get("/me/")
    key = client.session.session_key
    return PushSubscription.objects.create(
        person=person,
        session=UserSession.objects.get(session_key=key),
        endpoint=endpoint,
        endpoint_index=crypto.blind_index(endpoint, purpose="push endpoint"),
    )


def claims_of(authorization: str) -> dict[str, Any]:
    token = authorization.partition("t=")[2].partition(",")[0]
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(
        urlsafe_b64decode(body + "=" * (-len(body) % 4))
    )
    return claims
