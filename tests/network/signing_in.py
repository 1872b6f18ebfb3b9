"""Signing in as a browser does it, for the tests of accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from network import notify
from network.adapters import factors_of
from network.models import User
from tests.cast import PASSWORD, create_account


def create_person(name: str, password: str = PASSWORD) -> User:
    person = create_account(name)
    person.set_password(password)
    person.save()
    return person


def give_factor(person: User) -> str:
    """The secret of the new factor."""
    secret = generate_totp_secret()
    with factors_of(person):
        TOTP.activate(person, secret)
    return secret


def code_of(secret: str) -> str:
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def secret_of(person: User) -> str:
    wrapped = Authenticator.objects.get(user=person, type="totp").wrap()
    from_row: str = wrapped.instance.data["secret"]
    return from_row


@dataclass
class Browser:
    client: Client
    person: User

    def sign_in(self, password: str = PASSWORD, path: str = "") -> HttpResponse:
        return self.client.post(
            f"/accounts/login/{path}",
            {"login": self.person.email, "password": password},
        )

    def prove(self, secret: str) -> HttpResponse:
        code = code_of(secret)
        return self.client.post("/accounts/2fa/authenticate/", {"code": code})

    @property
    def is_signed_in(self) -> bool:
        return "_auth_user_id" in self.client.session


def browser_of(person: User) -> Browser:
    return Browser(Client(), person)


def mailed_link() -> str:
    """The path of the first link in the newest mail, which the worker sends now."""
    notify.deliver_waiting()
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]
