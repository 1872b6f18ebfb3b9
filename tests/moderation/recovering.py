"""Losing one's way into an account, as browsers do it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from moderation.actions import recovery_desk
from moderation.actions.vetting import Answer
from moderation.models import AccessRecovery
from network import notify
from network.models import User
from tests.cast import Cast

WORDS = "I wrote in my application about the ferry and the tin box."
NEW_PASSWORD = "seven stones beside a river"


def mails_to(address: str) -> list[str]:
    """The texts, the newest first; the worker sends all that waits, also what was
    written in a time to come."""
    with later(days=99):
        while notify.deliver_waiting():
            pass
    return [str(one.body) for one in reversed(mail.outbox) if one.to == [address]]


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return urlsplit(found[0]).path


@dataclass
class Lost:
    """Somebody who asks, and the browser that has opened their link."""

    client: Client
    reach: str
    key: UUID

    @property
    def row(self) -> AccessRecovery:
        return AccessRecovery.objects.get(pk=self.key)

    def page(self) -> str:
        return self.client.get("/lost-access/yours/").content.decode()

    def choose(self, password: str = NEW_PASSWORD) -> int:
        data = {"password": password}
        answer = self.client.post("/lost-access/yours/password/", data)
        return int(answer.status_code)


def ask(address: str, reach: str = "") -> None:
    Client().post("/lost-access/", {"address": address, "reach": reach})


def begin(person: User, reach: str = "") -> Lost:
    ask(person.email, reach)
    to = reach or person.email
    client = Client()
    client.get(link_in(mails_to(to)[0]), follow=True)
    return Lost(client, to, AccessRecovery.objects.latest("begun_at").pk)


def send(person: User, reach: str = "") -> Lost:
    lost = begin(person, reach)
    lost.client.post("/lost-access/yours/", {"words": WORDS})
    return lost


def agree(cast: Cast, row: AccessRecovery) -> AccessRecovery:
    for vetter in (cast.vetter, cast.second_vetter):
        row = recovery_desk.decide_recovery(
            recovery=row, by=vetter, answer=Answer.APPROVE, reason="Knew the box."
        )
    return row


def later(**length: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**length), tick=False)
