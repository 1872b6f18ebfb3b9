"""What was written and could not be taken comes back, with a button to send it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Project
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db
WORDS = "A kitchen for & <everybody> on the quay."
OWN = "http://testserver"


def fields(project: Project, **changes: str) -> dict[str, str]:
    return {
        "title": project.title,
        "summary": WORDS,
        "stage": "running",
        "language": "en",
    } | changes


def sent_again(page: str) -> dict[str, str]:
    """What the button of the page sends."""
    found = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page, re.S)
    token = re.search(r'<form.*?name="csrfmiddlewaretoken" value="(\w+)"', page, re.S)
    assert token
    fields = {name: unescape(value) for name, value in found}
    return fields | {"csrfmiddlewaretoken": token[1]}


def strict(cast: Cast) -> Client:
    """The lead's browser, whose forms need their token."""
    client = client_of(cast.lead)
    client.handler.enforce_csrf_checks = True
    return client


def test_who_was_signed_out_meanwhile_finds_their_words(
    cast: Cast, project: Project
) -> None:
    path = f"/projects/{project.slug}/edit/"
    client = client_of(cast.lead)
    client.logout()
    answer = client.post(path, fields(project), headers={"referer": f"{OWN}{path}"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "no-store" in answer["Cache-Control"]
    assert f"{reverse('account_login')}?next={path}" in page
    again = client_of(cast.lead).post(path, sent_again(page))
    assert again.status_code == 302
    project.refresh_from_db()
    assert project.newest_words["summary"] == WORDS


def test_a_form_from_before_signing_in_comes_back_ready(
    cast: Cast, project: Project
) -> None:
    client = strict(cast)
    path = f"/projects/{project.slug}/edit/"
    old = "x" * 64
    sent = fields(project, csrfmiddlewaretoken=old)
    client.get(path)
    answer = client.post(path, sent, headers={"origin": OWN})
    assert answer.status_code == 403
    page = answer.content.decode()
    again = client.post(path, sent_again(page), headers={"origin": OWN})
    assert again.status_code == 302
    project.refresh_from_db()
    assert project.newest_words["summary"] == WORDS


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
def test_no_form_of_another_site_comes_back(
    cast: Cast, project: Project, origin: str | None
) -> None:
    client = strict(cast)
    headers = {"origin": origin} if origin else {}
    path = f"/projects/{project.slug}/edit/"
    answer = client.post(path, fields(project), headers=headers)
    assert answer.status_code == 403
    assert "everybody" not in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        ({"read": "0a1b2c"}, {}),
        ({"password": "two words"}, {}),
        ({"note": "two words"}, {"hx-request": "true"}),
        ({"note": "two words"}, {"accept": "application/json"}),
    ],
    ids=["no words", "a secret", "a part of a page", "a script"],
)
def test_nothing_is_shown_where_nothing_is_lost(
    project: Project, sent: dict[str, str], headers: dict[str, str]
) -> None:
    answer = Client().post(f"/projects/{project.slug}/edit/", sent, headers=headers)
    assert answer.status_code in {200, 302}
    assert b"two words" not in answer.content
