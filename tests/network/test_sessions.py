"""Whoever has stolen the table of sessions can sign in as nobody."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from network.sessions import cookie_of, key_in
from tests.cast import Cast, client_of
from tests.network.signing_in import browser_of, create_person

pytestmark = pytest.mark.django_db
NAME = settings.SESSION_COOKIE_NAME


def with_cookie(value: str) -> Client:
    client = Client()
    client.cookies[NAME] = value
    return client


def test_what_stands_in_the_tables_is_no_cookie(cast: Cast) -> None:
    client = client_of(cast.former)
    assert client.get("/me/").status_code == 200
    cookie = client.cookies[NAME].value
    assert with_cookie(cookie).get("/me/").status_code == 200
    stored = {*Session.objects.values_list("session_key", flat=True)}
    stored |= {*UserSession.objects.values_list("session_key", flat=True)}
    assert stored
    for key in stored:
        assert key != cookie
        forged = (key, f"{key}:", f"{key}:{'x' * 43}", cookie.replace(":", ":x"))
        for value in forged:
            assert with_cookie(value).get("/me/").status_code == 302, value


def test_a_cookie_that_the_site_sets_is_signed() -> None:
    browser = browser_of(create_person("walker"))
    browser.sign_in()
    cookie = browser.client.cookies[NAME]
    key = key_in(cookie.value)
    assert key is not None
    assert cookie_of(key) == cookie.value
    assert cookie["httponly"]
    assert Session.objects.filter(session_key=key).exists()
