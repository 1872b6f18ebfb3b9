"""Where nothing is found, the page offers what would be, and says how much."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.actions.blocks import block_person
from search import nearest
from tests.cast import Cast, client_of
from tests.search.test_site import publish

pytestmark = pytest.mark.django_db


def ways_out(client: Client, path: str = "/search/", **asked: object) -> dict[str, int]:
    page = client.get(path, asked)
    assert page.status_code == 200
    assert page.context["results"].total == 0
    return {
        f"{way.before} {way.words}".strip(): way.count
        for way in page.context["ways_out"]
    }


def test_a_filter_that_leaves_nothing_is_offered_to_be_left_out(cast: Cast) -> None:
    publish(cast.lead)
    publish(cast.lead, 1)
    asked = {"q": "quillwort", "kind": "story"}
    assert ways_out(Client(), **asked) == {"Without: Stories": 2}
    page = Client().get("/search/", asked)
    assert 'href="?q=quillwort"' in page.content.decode()
    assert Client().get("/search/?q=quillwort").context["results"].total == 2


def test_of_two_filters_the_one_is_named_that_helps(cast: Cast) -> None:
    publish(cast.lead)  # a project, in English
    asked = {"q": "quillwort", "kind": "project", "language": "fr"}
    assert ways_out(Client(), **asked) == {
        "Without: Français": 1,
        "Only the words, in everything: quillwort": 1,
    }


def test_one_word_too_many_is_left_out(cast: Cast) -> None:
    publish(cast.lead)
    found = ways_out(Client(), q="quillwort xylophones")
    assert found == {"Only: quillwort": 1}


def test_nothing_is_offered_that_finds_nothing(cast: Cast) -> None:
    assert ways_out(Client(), q="xylophones") == {}
    page = Client().get("/search/", {"q": "xylophones"}).content.decode()
    assert "Try another word" in page


def test_what_is_not_there_for_this_reader_is_neither_offered_nor_counted(
    cast: Cast,
) -> None:
    publish(cast.lead)
    block_person(by=cast.lead, person=cast.stranger)
    asked = {"q": "quillwort", "kind": "story"}
    assert ways_out(client_of(cast.stranger), **asked) == {}
    assert ways_out(client_of(cast.former), **asked) == {"Without: Stories": 1}


@pytest.mark.parametrize("path", ["/stories/", "/library/", "/practices/"])
def test_lists_offer_it_too(cast: Cast, path: str) -> None:
    asked = {"q": "xylophones", "language": "fr", "theme": "x" * 300}
    assert ways_out(Client(), path, **asked) == {}


def test_a_page_that_found_nothing_asks_a_bounded_number_of_times(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(cast.lead)
    words = "quillwort " + " ".join(f"word{number}" for number in range(30))
    with CaptureQueriesContext(connection) as few:
        ways_out(Client(), q="xylophones")
    with CaptureQueriesContext(connection) as many:
        ways_out(Client(), q=words[:190], kind="story", language="fr")
    assert len(many) <= len(few) + nearest.MOST_ASKED
