"""Whoever has stolen the table of sessions can sign in as nobody."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from network.devices import device_name
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


FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def signed_in_twice(cast: Cast) -> tuple[Client, Client, int]:
    """The person's browser, a phone of theirs, and the phone's number in the list."""
    here, phone = client_of(cast.former), client_of(cast.former)
    phone.get("/me/", HTTP_USER_AGENT=FIREFOX)
    here.get("/me/")
    return here, phone, UserSession.objects.get(user_agent=FIREFOX).pk


def test_a_device_is_named_in_plain_words_and_signed_out_alone(cast: Cast) -> None:
    here, phone, number = signed_in_twice(cast)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox Mobile, Android" in page
    assert "Gecko" not in page
    assert page.count("/end/") == 1  # not for the browser at hand
    ended = here.post(f"/accounts/sessions/{number}/end/", follow=True)
    assert "That device is signed out." in ended.content.decode()
    assert phone.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    assert here.post(f"/accounts/sessions/{number}/end/").status_code == 404


def test_nobody_ends_a_session_of_somebody_else(cast: Cast) -> None:
    _here, phone, number = signed_in_twice(cast)
    other = client_of(cast.lead)
    assert other.post(f"/accounts/sessions/{number}/end/").status_code == 404
    assert phone.get("/me/").status_code == 200


@pytest.mark.parametrize("sent", ["", "x" * 9000, "(" * 3000, "\u202e'\"<b>"])
def test_what_no_browser_sends_is_named_as_unknown(sent: str) -> None:
    assert device_name(sent) == "A browser that we do not know"
