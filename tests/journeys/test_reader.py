"""A reader finds a story, is warned before it, and compares practices."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms import loading
from cms.models import PackPage, PracticePage, StoryPage
from demo import content
from search.replica import replica
from tests.journeys.reading import Page, Visitor, words

SPOKEN = {
    "leaving-twice": ("mango bus station", "audio"),
    "the-night-i-stopped-answering": ("stopped answering", "video"),
    "tariq-al-awda": ("العجين", "audio"),
    "al-kursi-al-farigh": ("الكرسي الفارغ", "video"),
}


def titles(page: Page) -> list[str]:
    return [
        words(each) for each in page.all("//main//li[contains(@class, 'card')]//h2")
    ]


def all_pages(visitor: Visitor) -> list[str]:
    found = titles(visitor.page)
    while "Next" in dict(visitor.page.links("//main")):
        found += titles(visitor.follows("Next", "//main"))
    return found


def test_every_story_is_reached_from_the_front_page(visitor: Visitor) -> None:
    visitor.follows("All stories")
    found = all_pages(visitor)
    assert sorted(found) == sorted(row["title"] for row in content.every("stories"))
    assert len(found) == 24


@pytest.mark.parametrize("slug", SPOKEN)
def test_a_story_found_by_search_warns_first_and_loads_nothing_by_itself(
    visitor: Visitor, slug: str
) -> None:
    row = content.one(f"stories/{slug}")
    asked, medium = SPOKEN[slug]
    button = "Search"
    if row["language"] == "ar":
        visitor.follows("العربية", "//header")
        button = words(visitor.page.all("//form[@role='search']//button")[0])
    visitor.presses(button, "//main", q=asked)
    assert row["title"] in titles(visitor.page)
    says_each_summary_once(visitor.page)
    page = visitor.follows(row["title"])

    assert page.heading == row["title"]
    [player] = page.all(f"//main//{medium}")
    assert player.get("preload") == "none"
    assert player.get("autoplay") is None
    [track] = player.xpath(".//track[@kind='captions']")
    assert track.get("srclang") == row["language"]
    begins = row["body"].strip().split("\n")[0]
    order = [page.text.index(mark) for mark in (
        first_words(row["mentions"]), f"<{medium}", first_words(begins)
    )]  # fmt: skip
    assert order == sorted(order)
    for address in (player.find(".//source").get("src"), track.get("src")):
        assert visitor.client.get(address).status_code == 200


def says_each_summary_once(page: Page) -> None:
    """The excerpt of a hit stands in its summary, or says something else."""
    for card in page.all("//main//li[contains(@class, 'card')]"):
        summary = words(card.xpath(".//h2/following-sibling::p")[0])
        found = card.xpath(".//p[contains(@class, 'excerpt')]")
        excerpts = [words(each) for each in found]
        assert summary
        assert not [text for text in excerpts if text in summary]
    assert page.all("//main//mark")


def first_words(text: str) -> str:
    """As HTML holds them: up to the first sign that it writes otherwise."""
    return re.split("['\"&<\n]", text.strip())[0][:60]


def test_a_written_story_has_its_note_before_its_words(visitor: Visitor) -> None:
    row = content.one("stories/what-i-tell-the-children")
    page = visitor.follows(row["title"])
    begins = first_words(row["body"].strip().split("\n")[0])
    assert page.text.index(first_words(row["mentions"])) < page.text.index(begins)


def practices_with(field: str, value: str) -> set[str]:
    rows = json.loads(content.PRACTICES.read_text())
    return {row["title"] for row in rows if value in row[field]}


@pytest.mark.parametrize(
    ("choice", "field", "value"),
    [
        ("Multi-agency approach", "approaches", "Multi-agency approach"),
        ("Health practitioners", "target_audiences", "Health practitioners"),
        ("Denmark", "countries", "DK"),
    ],
)
def test_the_twelve_practices_are_narrowed_by_approach_audience_and_country(
    visitor: Visitor, choice: str, field: str, value: str
) -> None:
    visitor.follows("All practices")
    assert len(set(all_pages(visitor))) == 12
    fitting = practices_with(field, value)
    assert 0 < len(fitting) < 12
    page = visitor.follows(f"{choice} {len(fitting)}")
    assert set(titles(page)) == fitting
    visitor.follows(min(fitting))
    assert visitor.page.heading == min(fitting)


# --- what the lists cost ---


def cost(address: str) -> int:
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def add_story(number: int) -> None:
    row = content.one("stories/two-kitchens")
    mine = {"slug": f"kitchen-{number}", "title": f"Kitchen {number}"}
    loading.put_story(row | mine, content.MEDIA)


def add_pack(number: int) -> None:
    row = content.one("packs/words-that-shrink-people")
    loading.put_pack(row | {"slug": f"words-{number}", "title": f"Kitchen {number}"})


def add_practice(number: int) -> None:
    [row, *_others] = json.loads(content.PRACTICES.read_text())
    mine = {"slug": f"practice-{number}", "title": f"Kitchen {number}"}
    loading.put_practice(row | mine)


@pytest.mark.parametrize(
    ("address", "model", "add"),
    [
        ("/stories/", StoryPage, add_story),
        ("/library/", PackPage, add_pack),
        ("/practices/", PracticePage, add_practice),
        ("/search/?q=kitchen", StoryPage, add_story),
    ],
)
def test_a_list_costs_the_same_for_few_and_for_many(
    address: str, model: type[StoryPage], add: Callable[[int], None]
) -> None:
    add(0)
    others = model.objects.live().exclude(slug__endswith="-0")
    hidden = list(others.values_list("pk", flat=True))
    model.objects.filter(pk__in=hidden).update(live=False)
    replica.reset()
    before, few = cost(address), len(titles(Visitor().opens(address)))
    model.objects.filter(pk__in=hidden).update(live=True)
    for number in (1, 2):
        add(number)
    replica.reset()
    assert len(titles(Visitor().opens(address))) >= few + 2
    assert cost(address) == before
