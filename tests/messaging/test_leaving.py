"""A volunteer without an account, who opened the links of two mails, leaves."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from messaging import access, actions
from messaging.models import Participant
from network import mailed_links
from profiles.access import LINK_PURPOSE
from profiles.models import ContactGrant, VolunteerRegistration
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PAGES = ("/registration/", "/registration/answers/")


@pytest.fixture
def registration() -> VolunteerRegistration:
    return VolunteerRegistration.objects.create(
        email="vol@example.org",
        email_index="x",
        confirmed_at=timezone.now(),
        expires_at=timezone.now() + 300 * DAY,
    )


@pytest.fixture
def conversation(cast: Cast, registration: VolunteerRegistration) -> str:
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=uuid4(),
        person=cast.lead,
        other_registration=registration,
    )
    return f"/messages/{actions.open_conversation(grant=grant).pk}/"


@pytest.fixture
def volunteer(registration: VolunteerRegistration, conversation: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    mine = Participant.objects.get(registration=registration)
    for purpose, subject, address in (
        (access.LINK_PURPOSE, mine.pk, "/messages/open/"),
        (LINK_PURPOSE, registration.pk, "/registration/open/"),
    ):
        token = mailed_links.issue(purpose=purpose, subject=subject, lifetime=DAY)
        client.get(f"{address}{token}/")
    return client


def beacon(body: str) -> tuple[str, str]:
    found = re.search(r'data-beacon="([^"]+)" data-token="([^"]+)"', body)
    assert found is not None
    return found[1], found[2]


def looks(client: Client, conversation: str) -> list[tuple[int, str]]:
    answers = [client.get(address) for address in (conversation, *PAGES)]
    return [(each.status_code, each.headers.get("Location", "")) for each in answers]


def test_the_quick_exit_closes_every_mailed_link(
    volunteer: Client, conversation: str
) -> None:
    for address in (conversation, *PAGES):
        page = volunteer.get(address)
        assert page.status_code == 200
        url, token = beacon(page.content.decode())
    answer = volunteer.post(url, {"csrfmiddlewaretoken": token})
    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert looks(volunteer, conversation) == looks(Client(), conversation)


def test_each_of_their_pages_has_a_button_that_closes_the_link(
    volunteer: Client, conversation: str
) -> None:
    for address in (conversation, *PAGES):
        body = volunteer.get(address).content.decode()
        assert "Close the link" in body
    _, token = beacon(body)
    answer = volunteer.post("/exit/", {"csrfmiddlewaretoken": token, "next": "/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert looks(volunteer, conversation) == looks(Client(), conversation)
    assert "Close the link" not in volunteer.get("/language/").content.decode()


def test_who_holds_nothing_has_nothing_to_end(cast: Cast) -> None:
    body = Client().get("/offline/").content.decode()
    assert "data-exit" in body
    assert "data-beacon" not in body
    member = client_of(cast.former).get("/me/").content.decode()
    assert "data-beacon" in member
    assert "Close the link" not in member
