"""What people of several journeys do alike."""

from __future__ import annotations

import re
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from network.words import isolated


def choose(page: Page, label: str, *words: str) -> None:
    """From the list of a type-ahead, by keyboard alone: words, arrow down, enter."""
    box = page.get_by_role("combobox", name=label)
    for word in words:
        box.fill(word)
        wanted = page.get_by_role("option", name=re.compile(f"^{word}")).first
        expect(wanted).to_be_visible()
        for _ in range(page.get_by_role("option").count()):
            box.press("ArrowDown")
            if wanted.get_attribute("aria-selected") == "true":
                break
        box.press("Enter")
        expect(page.get_by_role("listbox")).to_have_count(0)


def post_need(
    page: Page,
    *,
    title: str,
    skill: str,
    language: str,
    detail: str,
    project: str,
    is_remote: bool = False,
) -> None:
    """From a lead's own page to the people who fit."""
    page.goto("/me/")
    page.get_by_role("link", name=project).click()
    page.get_by_role("link", name="Say what you need").click()
    page.get_by_label("What do you need?").fill(title)
    page.get_by_label("What is there to do?").fill("Two families share one wall.")
    choose(page, "Skills", skill)
    page.get_by_role("button", name="Remove Dutch").click()
    choose(page, "Languages", language)
    page.get_by_text("More: people, dates, exact place").click()
    page.get_by_label("It can be done from anywhere").set_checked(is_remote)
    page.get_by_label("Where and at what hour exactly").fill(detail)
    page.get_by_role("button", name="See who fits").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"People for “{isolated(title)}”")


def by_menu(page: Page, name: str) -> None:
    """A link of the head of the page, which a phone keeps in its menu."""
    page.wait_for_load_state()  # before the style has come the menu shows everywhere
    menu = page.locator("header details.all summary")
    if menu.is_visible():
        menu.click()
    called = re.compile(rf"^{name}( *\d+ *new)?$")  # with or without what waits there
    head = page.locator("header, nav.rooms").get_by_role("link", name=called)
    head.filter(visible=True).first.click()


def link_in(mail: EmailMessage) -> str:
    """The one address that a mail asks to open."""
    text = mail.get_body(("plain",))
    assert text is not None
    links = re.findall(r"https?://\S+", text.get_content())
    assert len(links) == 1
    return str(links[0])
