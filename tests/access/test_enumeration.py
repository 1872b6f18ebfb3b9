"""Known and unknown addresses, and links of every kind, are answered alike.

Signing up, signing in, a new password and a lost way in have tests of their own beside
their pages for what they answer; here stands what they cost, in queries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from messaging.access import LINK_PURPOSE as CONVERSATION
from moderation.access import LOST_ACCESS, STOP_RECOVERY
from network import mailed_links
from network.models import MailedLink, OutgoingMail, User
from network.notify import STOP_MAILS
from profiles.access import ACCOUNT_WISH, INVITATION, REFEREE
from profiles.access import LINK_PURPOSE as REGISTRATION
from profiles.models import Application, Invitation
from projects.models import Appeal, Need
from tests.cast import Cast, client_of
from tests.messaging.conftest import participant_of_volunteer
from tests.network.signing_in import create_person
from tests.profiles.conftest import applied, registered
from tests.projects.conftest import appeal, need, project
from tests.projects.test_journey import to_the_last_screen

__all__ = ["appeal", "need", "project"]
pytestmark = pytest.mark.django_db
Shown = tuple[Any, ...]

PASSWORD = "four cairns and a long way home"
KNOWN, UNKNOWN = "known@example.org", "curious@example.org"
NEAR = 6  # queries by which two answers may differ, in about forty
CHANGING = re.compile(
    r'nonce=\S+|(csrfmiddlewaretoken" value=|data-token=|name="token" value=|'
    r'name="key" value=)"[^"]+"'
)
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNALIKE = {"Content-Security-Policy", "Content-Length", "Expires"}


def shown(page: HttpResponse, address: str) -> Shown:
    """What the asker sees; their own address in a form is their own."""
    body = page.content.decode().replace(address, "ADDRESS")
    headers = {
        name: KEY.sub("KEY", value)
        for name, value in page.headers.items()
        if name not in UNALIKE
    }
    cookies = sorted(page.cookies)
    return page.status_code, KEY.sub("KEY", CHANGING.sub("", body)), headers, cookies


def asked(client: Client, path: str, form: dict[str, str], address: str) -> Shown:
    """The answer to a form, the page that it leads to, the mails to this address and
    the number of queries."""
    with CaptureQueriesContext(connection) as queries:
        page = client.post(path, form)
    pages = [shown(page, address)]
    if page.status_code == 302:
        pages.append(shown(client.get(page.headers["Location"]), address))
    mails = sorted(
        (mail.template, sorted(mail.context))
        for mail in OutgoingMail.objects.all()
        if mail.to == address
    )
    return pages, mails, len(queries)


def sign_up(cast: Cast, address: str) -> Shown:
    form = {"email": address, "password1": PASSWORD}
    return asked(Client(), "/accounts/signup/", form, address)


def sign_in(cast: Cast, address: str) -> Shown:
    form = {"login": address, "password": "a wrong guess entirely"}
    return asked(Client(), "/accounts/login/", form, address)


def reset(cast: Cast, address: str) -> Shown:
    return asked(Client(), "/accounts/password/reset/", {"email": address}, address)


def lose_access(cast: Cast, address: str) -> Shown:
    return asked(Client(), "/lost-access/", {"address": address}, address)


def invite(cast: Cast, address: str) -> Shown:
    """Each on an empty list: what stood in it before is no part of the answer."""
    Invitation.objects.all().delete()
    return asked(client_of(cast.lead), "/me/invitations/", {"email": address}, address)


def name_referee(cast: Cast, address: str) -> Shown:
    """By applicants with lists of their own."""
    row = applied(f"applicant{Application.objects.count()}")
    OutgoingMail.objects.all().delete()
    form = {"email": address, "known_as": "Finch"}
    return asked(client_of(row.applicant), "/join/referees/", form, address)


def register(cast: Cast, address: str) -> Shown:
    """As a volunteer, after an appeal, three screens long."""
    client = Client()
    to_the_last_screen(client)
    form = {"times": ["evenings"], "email": address, "website": ""}
    return asked(client, "/help/harbour/?step=3", form, address)


ASK: dict[str, Callable[[Cast, str], Shown]] = {
    "sign up": sign_up,
    "sign in": sign_in,
    "new password": reset,
    "lost access": lose_access,
    "invite": invite,
    "referee": name_referee,
    "volunteer": register,
}
OF_THEIR_OWN = {"sign up", "new password", "lost access"}  # mails to known addresses


@pytest.fixture
def known(cast: Cast, appeal: Appeal, need: Need) -> str:
    """Of somebody with an account, who has registered as a volunteer too."""
    create_person("known")
    registered("first", KNOWN)
    OutgoingMail.objects.all().delete()
    return KNOWN


@pytest.mark.parametrize("what", ASK)
def test_an_address_is_answered_alike(what: str, cast: Cast, known: str) -> None:
    ASK[what](cast, "before@example.org")  # what the first asker of all creates
    one, other = ASK[what](cast, known), ASK[what](cast, UNKNOWN)
    assert one[0] == other[0]
    assert what in OF_THEIR_OWN or one[1] == other[1]
    assert abs(one[2] - other[2]) <= NEAR, (one[2], other[2])


class Counting(MD5PasswordHasher):
    """Hashing is nine tenths of the time that a sign-up takes."""

    algorithm = "counting"
    counted: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.counted.append(salt)
        return super().encode(password, salt)


@pytest.mark.parametrize("is_same_browser", [True, False])
def test_each_press_of_a_sign_up_works_out_one_hash(
    known: str, settings: Any, is_same_browser: bool
) -> None:
    """Whether or not a letter goes out: to a known address the second waits a while."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    cost: dict[str, list[int]] = {}
    client = Client()
    for address in (known, UNKNOWN):
        for _press in range(3):
            an_hour_ago = timezone.now() - timedelta(hours=1)
            User.objects.update(created_at=an_hour_ago)
            Counting.counted.clear()
            browser = client if is_same_browser else Client()
            form = {"email": address, "password1": PASSWORD, "password2": PASSWORD}
            assert browser.post("/accounts/signup/", form).status_code == 302
            cost.setdefault(address, []).append(len(Counting.counted))
    assert cost == {known: [1, 1, 1], UNKNOWN: [1, 1, 1]}


# beside the address of an answer: see tests/access/matrix.csv
AN_ANSWERS = "registration/answers/<uuid:answer_id>/open/<str:token>/"
LINKS = {
    INVITATION: "/invited/open/{}/",
    REFEREE: "/speak-for/open/{}/",
    REGISTRATION: "/registration/open/{}/",
    STOP_MAILS: "/mails/stop/{}/",
    LOST_ACCESS: "/lost-access/open/{}/",
    STOP_RECOVERY: "/lost-access/stop/{}/",
    ACCOUNT_WISH: "/registration/account/open/{}/",
    CONVERSATION: "/messages/open/{}/",
}


def opened(path: str, token: str) -> Shown:
    return shown(Client().get(path.format(token)), token)


def link(purpose: str, subject: UUID | None = None, **state: Any) -> str:
    token = mailed_links.issue(
        purpose=purpose, subject=subject or uuid4(), lifetime=timedelta(days=1)
    )
    MailedLink.objects.filter(purpose=purpose).update(**state)
    return token


@pytest.mark.parametrize("purpose", LINKS)
def test_a_link_that_opens_nothing_does_not_say_why(purpose: str, cast: Cast) -> None:
    path = LINKS[purpose]
    never = opened(path, "never-issued-at-all")
    over = timezone.now() - timedelta(days=1)
    assert never[0] == 404
    assert opened(path, link(purpose, expires_at=over)) == never
    assert opened(path, link(purpose, spent_at=over)) == never
    assert opened(path, link("another")) == never
    invitation = Invitation.objects.create(
        inviter=cast.former,
        email=UNKNOWN,
        expires_at=timezone.now() + timedelta(days=1),
    )
    subjects = {
        INVITATION: invitation.pk,
        STOP_MAILS: cast.former.pk,
        CONVERSATION: participant_of_volunteer(cast).pk,
    }
    good = link(purpose, subjects.get(purpose))
    assert opened(path, good)[0] == 302


def test_every_route_of_a_mailed_link_is_tried() -> None:
    routes = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        for pattern in walked(resolver)
        if "<str:token>" in str(pattern.pattern)
    }
    tried = {path.lstrip("/").format("<str:token>") for path in LINKS.values()}
    assert routes == tried | {AN_ANSWERS}


def walked(pattern: URLPattern | URLResolver) -> Iterator[URLPattern]:
    if isinstance(pattern, URLPattern):
        yield pattern
        return
    for one in pattern.url_patterns:
        yield from walked(one)
