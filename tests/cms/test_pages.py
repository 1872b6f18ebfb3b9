"""Pages that everybody reads: what comes first, what waits, and what they cost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms import loading, text
from cms.models import AppealPage, HomePage, PackPage, StoryPage
from network.models import Helpline
from projects.models import Appeal
from tests.cast import Cast, client_of
from tests.cms.conftest import read, told

pytestmark = pytest.mark.django_db


def cost(url: str) -> int:
    client = Client()
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.fixture
def appeal(cast: Cast) -> Appeal:
    data = read("appeals/harbour-market.toml")
    row = Appeal.objects.create(
        slug=data["slug"],
        title=data["title"],
        region=data["region"],
        country=data["country"],
        state=Appeal.State.OPEN,
        opened_at=timezone.now(),
        closes_on=timezone.localdate() + timedelta(days=9),
    )
    loading.put_appeal(row, data["texts"])
    return row


def test_the_note_stands_before_the_story_and_nothing_loads_by_itself(
    story_page: StoryPage,
) -> None:
    html = Client().get(story_page.url).content.decode()
    assert html.index("bullying at school") < html.index("<audio")
    assert html.index("<audio") < html.index("I left twice")
    assert 'preload="none"' in html
    assert "autoplay" not in html
    assert re.search(r"<track kind=\"captions\" src=\"/files/story/", html)
    assert "the voice is synthetic" in html
    details = re.search(r"<details[^>]*>(?:(?!</details>).)*I left twice", html, re.S)
    assert details is not None
    assert " open" in details.group(0)[: details.group(0).index(">")]


def test_an_arabic_story_runs_from_the_right_on_any_page() -> None:
    page = told("tariq-al-awda")
    assert page.url.startswith("/ar/stories/")
    html = Client().get(page.url).content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert re.search(r'<div class="prose" lang="ar" dir="rtl">', html)


def test_home_shows_each_language_its_own_first(story_page: StoryPage) -> None:
    told("tariq-al-awda")
    english = Client().get("/").content.decode()
    arabic = Client().get("/ar/").content.decode()
    assert english.index("Leaving twice") < english.index("طريق العودة")
    assert arabic.index("طريق العودة") < arabic.index("Leaving twice")


def test_home_calls_for_help_only_while_an_appeal_is_open(appeal: Appeal) -> None:
    assert "/appeals/harbour-market/" in Client().get("/").content.decode()
    assert "/ar/appeals/harbour-market/" in Client().get("/ar/").content.decode()
    Appeal.objects.filter(pk=appeal.pk).update(state=Appeal.State.CLOSED)
    assert "/appeals/harbour-market/" not in Client().get("/").content.decode()


def test_languages_lead_to_the_same_page(appeal: Appeal) -> None:
    html = Client().get("/appeals/harbour-market/").content.decode()
    for code in ("ar", "fr", "de", "es"):
        assert f'href="/{code}/appeals/harbour-market/"' in html


def test_the_appeal_says_what_helps_what_not_and_whom_to_call(appeal: Appeal) -> None:
    Helpline.objects.create(country="BE", name="A line in Belgium", number="0000 1234")
    html = Client().get("/appeals/harbour-market/").content.decode()
    assert "Do not ask people what they saw." in html
    assert "tel:00001234" in html
    assert "This incident is invented." in html


def test_a_text_cannot_bring_markup_in(cast: Cast) -> None:
    page = loading.put_standard(
        {
            "slug": "x",
            "title": "<b>x</b>",
            "body": "<script>alert(1)</script>\n\n## A & B\n- one\n- two",
        },
        "en",
    )
    html = Client().get(page.url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "<h2>A &amp; B</h2>" in html
    assert "<li>one</li><li>two</li>" in html


def test_blocks_of_a_text() -> None:
    found = text.blocks("One\nline.\n\n## Head\nMore.\n- a\n- b\n\n\n")
    kinds = [(block.kind, block.lines) for block in found]
    assert kinds == [
        ("paragraph", ("One", "line.")),
        ("heading", ("Head",)),
        ("paragraph", ("More.",)),
        ("list", ("a", "b")),
    ]


def test_practices_show_all_parts_of_the_template(cast: Cast) -> None:
    import json
    from pathlib import Path

    folder = Path(loading.__file__).resolve().parents[1] / "demo" / "content"
    path = folder / "practices.json"
    data = (
        json.loads(path.read_text())[0]
        if path.exists()
        else {
            "slug": "a-round-table",
            "title": "A round table",
            "number": "5.1",
            "summary": "A table.",
            "description": [{"heading": "Step 1", "text": "Invite."}],
            "approaches": ["Community engagement"],
            "target_audiences": ["Authorities"],
            "evidence": "It met each month.",
            "organisation": {"name": "City of V.", "text": "A city."},
            "countries": ["BE"],
        }
    )
    page = loading.put_practice(data)
    html = Client().get(page.url).content.decode()
    for part in (data["title"], data["organisation"]["name"], "Belgium"):
        assert part in html


def test_the_pack_page_has_facts_download_and_the_sheet_to_read_first(
    pack: PackPage,
) -> None:
    html = Client().get(pack.url).content.decode()
    assert f"/files/pack/{pack.translation_key}/" in html
    assert "14–16" in html
    assert "2 × 50 min" in html
    assert text.blocks(pack.before_you_teach)[0].text[:40] in html
    assert html.count("Consent in force") == 2


def test_loading_twice_changes_nothing(pack: PackPage, appeal: Appeal) -> None:
    from network.models import OutboxEntry

    before = (StoryPage.objects.count(), OutboxEntry.objects.count())
    told("leaving-twice")
    data = read("packs/the-pull-and-the-push.toml")
    data["stories"] = ["leaving-twice", "forty-messages-a-day"]
    loading.put_pack(data)
    loading.put_appeal(appeal, read("appeals/harbour-market.toml")["texts"])
    line = {"name": "A line", "country": "BE", "number": "1"}
    assert loading.put_helpline(line) == loading.put_helpline(line)
    after = (StoryPage.objects.count(), OutboxEntry.objects.count())
    assert after == before
    assert AppealPage.objects.count() == 5


def test_home_costs_the_same_for_many(story_page: StoryPage, appeal: Appeal) -> None:
    before = cost("/")
    for slug in (
        "forty-messages-a-day",
        "the-bus-at-six",
        "two-kitchens",
        "elf-minuten",
    ):
        told(slug)
    # three cards are shown whatever there is: each costs the address of its page only
    assert cost("/") <= before + 4
    assert cost("/") <= 30


def test_pages_cost_little(
    pack: PackPage, story_page: StoryPage, appeal: Appeal
) -> None:
    assert cost("/appeals/harbour-market/") <= 16
    assert cost(story_page.url) <= 16
    assert cost(pack.url) <= 18


def test_my_stories_cost_the_same_for_many(cast: Cast) -> None:
    from cms.models import Story

    client = client_of(cast.former)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/me/stories/")
        return len(queries)

    Story.objects.create(author=cast.former, draft={"title": "One"})
    client.get("/me/stories/")
    before = count()
    for number in range(5):
        Story.objects.create(author=cast.former, draft={"title": f"No {number}"})
    assert count() == before


def test_there_is_a_home_in_each_language() -> None:
    assert HomePage.objects.count() == 5
    for prefix in ("", "/ar", "/fr", "/de", "/es"):
        assert Client().get(f"{prefix}/").status_code == 200
    assert Client().get("/xx/").status_code == 404


def test_who_is_signed_in_chooses_a_language_in_which_this_page_is_not(
    cast: Cast, story_page: StoryPage
) -> None:
    client = client_of(cast.former)
    page = client.get(story_page.url).content.decode()
    found = re.search(r'name="language" value="de" formaction="([^"]+)"', page)
    assert found is not None
    answer = client.post(unescape(found[1]), {"language": "de"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/de/"
    assert answer.status_code == 200
    cast.former.refresh_from_db()
    assert cast.former.language == "de"
