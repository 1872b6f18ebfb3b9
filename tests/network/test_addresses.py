"""Addresses that only take a form, and where their answers lead on to."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from network.http import nearest_page
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

ID = UUID(int=7)
PAGE, SEND = f"/messages/{ID}/", f"/messages/{ID}/send/"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/me/", "/me/"),
        ("/stories/?q=a", "/stories/?q=a"),
        ("/no/such/page/", "/no/such/page/"),
        (SEND, PAGE),
        (f"{SEND}?x=1", PAGE),
        (f"/ar{SEND}", f"/ar{PAGE}"),
        (f"{PAGE}7/delete/", PAGE),  # above it is a path without a page
        ("/registration/erase/", "/registration/"),
        ("/theme/", "/"),
    ],
)
def test_the_nearest_page_answers_who_only_looks(address: str, page: str) -> None:
    assert nearest_page(address) == page


@pytest.mark.parametrize("who", ["nobody", "former"])
def test_looking_at_an_address_for_forms_shows_a_page(cast: Cast, who: str) -> None:
    answer = client_of(getattr(cast, who, None)).get(SEND)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    body = answer.content.decode()
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    for words in ("nothing to see at this address", "Zur Startseite", "data-exit"):
        assert words in body
    assert 'href="../"' in body
    assert str(ID) not in body
    assert "csrf" not in body


def test_it_leads_back_to_the_page_before_unless_that_is_none_either() -> None:
    def body(before: str) -> str:
        return Client().get(SEND, headers={"referer": before}).content.decode()

    assert 'href="/stories/?q=a"' in body("http://testserver/stories/?q=a")
    for before in (f"http://testserver{SEND}", "https://elsewhere.example/stories/"):
        assert 'href="../"' in body(before)


@pytest.mark.parametrize("referer", [PAGE, SEND, ""])
def test_a_refused_form_leaves_language_and_theme_on_its_page(
    cast: Cast, referer: str
) -> None:
    """The answer stands at the address of the form, where nobody can look."""
    client = Client(enforce_csrf_checks=True)
    before = {"referer": f"http://testserver{referer}"} if referer else {}
    answer = client.post(SEND, {"body": "x"}, headers=before)
    assert answer.status_code == 403
    body = answer.content.decode()
    assert SEND not in body
    assert f'name="next" value="{PAGE}"' in body
    assert f'href="/ar{PAGE}"' in body


@pytest.mark.parametrize("choice", [{"theme": "dark"}, {"language": "de"}])
def test_a_choice_never_leads_where_nobody_can_look(choice: dict[str, str]) -> None:
    address = f"/{next(iter(choice))}/"
    answer = Client().post(address, {**choice, "next": SEND})
    assert answer.headers["Location"] in {PAGE, f"/de{PAGE}"}


def test_signing_in_after_a_form_leads_to_its_page() -> None:
    answer = Client().post(
        SEND, {"body": "x"}, headers={"referer": "http://testserver" + PAGE}
    )
    assert answer.headers["Location"] == f"/accounts/login/?next={PAGE}"
