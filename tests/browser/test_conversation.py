"""A conversation while it is open: what was written is never lost without a word, and
leaving in a hurry ends elsewhere."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.conftest import PHONE, Window
from tools.demo_site import Site

TALK = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from messaging import access, actions
from messaging.models import Participant
from network import mailed_links
from network.models import User
from profiles.models import Block, ContactGrant, VolunteerRegistration
person = lambda name: User.objects.get(email=f"{name}@demo.waymark.example")
def talk(kind, **others):
    grant = ContactGrant.objects.create(kind=kind, source=uuid4(), **others)
    return actions.open_conversation(grant=grant)
"""
MADE = """
made = [
    talk("connection", person=person("pernille"), other_person=person(name)).pk
    for name in "{others}".split()
]
print(*made)
"""
LINKED = """
row = VolunteerRegistration.objects.create(
    email="hurry@example.org", email_index="hurry", confirmed_at=timezone.now(),
    expires_at=timezone.now() + timedelta(days=9))
made = talk("engagement", person=person("mirte"), other_registration=row)
mine = Participant.objects.get(conversation=made, registration=row)
print(mailed_links.issue(
    purpose=access.LINK_PURPOSE, subject=mine.pk, lifetime=timedelta(days=9)))
"""
BLOCKED = """
Block.objects.create(blocker=person("{one}"), blocked=person("{other}"))
"""


def told(site: Site, script: str, **words: str) -> str:
    code = TALK + script.format(**words) if words else TALK + script
    lines = site.manage("shell", "--no-imports", "-c", code).splitlines()
    return lines[-1] if lines else ""


@pytest.fixture(scope="module")
def talks(site: Site) -> dict[str, str]:
    """Empty conversations of Pernille: with whom → address."""
    others = ("samuel", "tomas", "mirte", "katrin", "eszter", "camille")
    keys = told(site, MADE, others=" ".join(others)).split()
    return {name: f"/messages/{key}/" for name, key in zip(others, keys, strict=True)}


def box(page: Page) -> Locator:
    return page.locator("[data-composer] textarea")


def write(page: Page, *texts: str) -> None:
    for text in texts:
        box(page).fill(text)
        box(page).press("Enter")


def sent(page: Page) -> Locator:
    return page.locator(".bubble[data-seq]")


def refused(page: Page) -> Locator:
    return page.locator(".bubble:has(footer.failed)")


def slowly(route: Route) -> None:
    time.sleep(3)  # the session's end has long reached the open socket
    route.fulfill(content_type="text/html", body="<title>Elsewhere</title>")


def leave(page: Page) -> None:
    exit_to = page.locator("[data-exit]").get_attribute("href") or ""
    page.context.route(f"{exit_to}**", slowly)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(exit_to, wait_until="commit")
    expect(page).to_have_title("Elsewhere")


def test_the_quick_exit_ends_elsewhere_and_asks_nothing(
    window: Window, site: Site, talks: dict[str, str]
) -> None:
    page = window()
    key = site.fresh_sessions("pernille")["pernille"]
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
    asked: list[str] = []
    seen: list[str] = []
    page.on("dialog", lambda dialog: note(dialog, asked))
    with page.expect_websocket():
        page.goto(talks["samuel"])
    page.on("request", lambda request: seen.append(request.url))
    box(page).type("Half a thought")
    leave(page)
    assert asked == []
    assert not [url for url in seen if "login" in url or url.endswith(talks["samuel"])]


def note(dialog: Dialog, asked: list[str]) -> None:
    asked.append(dialog.type)
    dialog.accept()


def test_the_quick_exit_closes_a_mailed_link(window: Window, site: Site) -> None:
    page = window()
    page.goto(f"/messages/open/{told(site, LINKED)}/")
    expect(box(page)).to_be_visible()
    address = page.url
    expect(page.get_by_role("button", name="Close the link")).to_be_visible()
    with page.expect_response(re.compile("/exit/")) as ended:
        leave(page)
    assert ended.value.status == 204
    page.goto(address)
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_enter_sends_and_leaves_an_empty_box(
    window: Window, talks: dict[str, str]
) -> None:
    page = window("pernille")
    page.goto(talks["tomas"])
    write(page, "Good morning", "How was the visit?")
    expect(sent(page)).to_have_count(2)
    assert box(page).input_value() == ""


def test_what_was_sent_too_fast_stays_and_goes_out_later(
    window: Window, talks: dict[str, str]
) -> None:
    page = window("pernille")
    page.goto(talks["mirte"])
    lines = [f"Line {number}." for number in range(30)]
    write(page, *lines)
    box(page).fill("Something new")
    expect(page.get_by_text("Sending…")).to_have_count(0)
    expect(refused(page).first).to_contain_text("Not sent. You are writing very fast")
    # twenty in ten seconds; on a slow machine these take longer, and more go out
    held = refused(page).count()
    expect(sent(page)).to_have_count(len(lines) - held)
    shown = page.locator(".bubble p").all_inner_texts()
    for line in lines:
        assert any(text.endswith(line) for text in shown)

    last = refused(page).last
    words = last.locator("p").first.inner_text().splitlines()[-1].strip()
    last.get_by_role("button", name="Change the message").click()
    assert box(page).input_value() == f"{words}\n\nSomething new"
    expect(refused(page)).to_have_count(held - 1)
    page.wait_for_timeout(10_500)  # the pace is counted over ten seconds
    refused(page).first.get_by_role("button", name="Try again").click()
    expect(sent(page)).to_have_count(len(lines) - held + 1)
    expect(refused(page)).to_have_count(held - 2)


def test_what_was_written_after_a_block_stays_with_a_neutral_word(
    window: Window, site: Site, talks: dict[str, str]
) -> None:
    page = window("pernille")
    page.goto(talks["katrin"])
    write(page, "Before")
    expect(sent(page)).to_have_count(1)
    told(site, BLOCKED, one="katrin", other="pernille")
    write(page, "Are you there?")
    expect(refused(page)).to_contain_text("Are you there?")
    expect(refused(page)).to_contain_text("This conversation is not open any more.")
    expect(page.locator("main")).not_to_contain_text("block")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_message_tells_its_time_as_the_page_does(
    window: Window, talks: dict[str, str], zone: str
) -> None:
    page = window("pernille", timezone_id=zone, locale="en-US")
    page.goto(talks["eszter"])
    write(page, f"Written {uuid4()}")
    sending = page.locator(".bubble:not([data-seq])")
    expect(sending).to_have_count(0)
    live = sent(page).last.locator("time").inner_text()
    page.reload()
    assert sent(page).last.locator("time").inner_text() == live


def test_an_empty_conversation_opens_at_its_top(
    window: Window, talks: dict[str, str]
) -> None:
    page = window("camille", viewport=PHONE)
    page.goto("/messages/")
    page.locator(f"a[href*='{talks['camille']}']").click()
    expect(box(page)).to_be_visible()
    assert page.evaluate("scrollY") == 0
    write(page, "A short hello")
    expect(sent(page)).to_have_count(1)
    page.goto("/messages/")
    page.locator(f"a[href*='{talks['camille']}']").click()
    expect(page.get_by_text("A short hello")).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_half_a_message_is_not_dropped_unasked(
    window: Window, talks: dict[str, str]
) -> None:
    page = window("pernille")
    page.goto(talks["samuel"])
    asked: list[str] = []
    page.on("dialog", lambda dialog: note(dialog, asked))
    box(page).type("Half a thought")
    page.reload()
    assert asked == ["beforeunload"]
    page.reload()
    assert asked == ["beforeunload"]  # nothing is in the box now
