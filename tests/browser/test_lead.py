"""A lead says what is needed, sees who fits and why, asks one, and hears a yes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from network.words import isolated
from tests.browser.conftest import PHONE, WIDE, Window
from tests.browser.steps import post_need

DETAIL = "Visserskaai 44, at 17:40, ring twice"
HELLO = "Good evening. Monday suits me. 🌱"


@pytest.mark.parametrize(
    ("viewport", "person", "name", "skill", "language"),
    [
        pytest.param(PHONE, "samuel", "Samuel O.", "Mediation", "Hausa", id="390"),
        pytest.param(
            WIDE, "tomas", "Tomas R.", "Mentoring people who leave", "Czech", id="1280"
        ),
    ],
)
def test_lead_posts_a_need_sees_who_fits_and_hears_a_yes(
    window: Window,
    viewport: dict[str, int],
    person: str,
    name: str,
    skill: str,
    language: str,
) -> None:
    lead = window("mirte", viewport=viewport)
    title = f"Somebody between two doors, {viewport['width']}"
    post_need(
        lead,
        title=title,
        skill=skill,
        language=language,
        detail=DETAIL,
        project="Steady Hands",
        is_remote=True,
    )
    card = shows_why(lead, name, skill, language)
    card.get_by_role("button", name=re.compile(f"^Invite ?: {name}$")).click()
    asked_them = lead.get_by_role("region", name="You have asked them")
    expect(asked_them.get_by_role("heading", name=name)).to_be_visible()
    lead.get_by_role("link", name="See who fits").click()
    card = lead.locator("main article.match").first
    expect(card).to_contain_text("Invited, waiting for an answer")

    asked = window(person, viewport=viewport)
    says_yes(asked, title)
    opens_the_conversation(asked)
    writes_to(asked, "Mirte V.", HELLO)

    lead.reload()
    lead.goto("/me/")
    lead.get_by_role("link", name="Steady Hands").click()
    lead.get_by_role("link", name=title).click()
    lead.get_by_role("link", name="Offers and invitations").click()
    agreed = lead.get_by_role("region", name="Both said yes")
    expect(agreed.get_by_role("heading", name=name)).to_be_visible()
    opens_the_conversation(lead)
    expect(lead.get_by_role("log")).to_contain_text(HELLO)


def shows_why(page: Page, name: str, skill: str, language: str) -> Locator:
    """Every card has a band and reasons; ours stands first."""
    cards = page.locator("main article.match")
    for card in cards.all():
        expect(card).to_contain_text(re.compile("(Strong|Good|Possible) match"))
        assert 1 <= card.locator("ul.reasons li").count() <= 3
    first = cards.first
    expect(first.get_by_role("heading")).to_have_text(name)
    reasons = first.locator("ul.reasons")
    expect(reasons).to_contain_text(f"Offers {skill}, which you asked for")
    expect(reasons).to_contain_text(f"Speaks {language}, which you asked for")
    return first


def says_yes(page: Page, title: str) -> None:
    page.goto("/me/")
    page.get_by_role("link", name="1 invitation waits for your answer").click()
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert "Visserskaai" not in page.content()
    assert "17:40" not in page.content()
    page.get_by_role("button", name="Yes, I would").click()
    expect(page.get_by_text("You have both said yes.")).to_be_visible()
    expect(page.get_by_text(DETAIL)).to_be_visible()


def opens_the_conversation(page: Page) -> None:
    """In the first second after the yes it asks before it makes one."""
    page.get_by_role("link", name="Open messages").click()
    log = page.get_by_role("log")
    first = page.get_by_role("button", name="Open the conversation")
    expect(log.or_(first)).to_be_visible()
    if first.is_visible():
        first.click()
    expect(log).to_be_visible()


def writes_to(page: Page, name: str, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text("About a task in a project")).to_be_visible()
    page.get_by_label(f"Write to {isolated(name)}").fill(words)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").locator("[data-seq]").last).to_contain_text(words)
