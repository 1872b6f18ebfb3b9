"""A former joins, is admitted by two, and writes with a survivor who was open to it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.steps import by_menu, choose, link_in
from tools.demo_site import Site

PASSWORD = "slow rivers carry round stones 41"
WAY = "Six years out. I want to stand beside somebody in their first."


def test_former_joins_and_writes_live_with_a_survivor(
    window: Window, viewport: dict[str, int], site: Site
) -> None:
    name = f"Anselm of {viewport['width']}"
    mail = f"anselm-{viewport['width']}@example.org"
    page = window(viewport=viewport)
    makes_an_account(page, mail, site)
    answers_the_questions(page, name)
    sets_a_second_factor(page)
    agrees_and_hands_in(page)

    two_vetters_admit(window, viewport, name)
    assert site.mails_to(mail)[0]["subject"] != ""
    page.reload()
    expect(page.get_by_text("Two people have said yes.")).to_be_visible()
    page.get_by_role("link", name="To my page").click()
    fills_the_profile(page)

    asks(page, "Leila")
    survivor = window("leila", viewport=viewport)
    accepts(survivor, name)
    write_live(page, survivor, name, viewport["width"])


def makes_an_account(page: Page, mail: str, site: Site) -> None:
    page.goto("/")
    by_menu(page, "Sign in")
    page.get_by_role("link", name="Apply to join").click()
    page.get_by_role("link", name="I am 18 or over: begin").click()
    page.get_by_label("Email").fill(mail)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Look into your mail")).to_be_visible()
    page.goto(link_in(site.mails_to(mail)[0]))
    page.get_by_role("button", name="Yes, confirm").click()
    page.get_by_label("Email").fill(mail)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def answers_the_questions(page: Page, name: str) -> None:
    page.get_by_role("link", name="Go on with the questions").click()
    page.get_by_label("I left a violent extremist movement or gang").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("The name you want to go by here").fill(name)
    choose(page, "Languages you speak", "English", "German")
    page.get_by_label("Country").select_option(label="Austria")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Where are you on your way").fill(WAY)
    page.get_by_role("button", name="Continue").click()


def sets_a_second_factor(page: Page) -> None:
    """Before it, there is no handing in."""
    expect(page.get_by_role("link", name="Read, agree and hand in")).to_have_count(0)
    page.get_by_role("link", name="Set a second factor").click()
    secret = page.get_by_label("Or type this secret into the app").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("Your app is set up.")).to_be_visible()


def code_of(secret: str) -> str:
    """RFC 6238: six digits of the current half minute."""
    key = base64.b32decode(secret)
    moment = int(time.time() // 30).to_bytes(8, "big")
    digest = hmac.new(key, moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def agrees_and_hands_in(page: Page) -> None:
    by_menu(page, "Me")
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("link", name="Read, agree and hand in").click()
    page.get_by_label("I agree that my application is stored and read.").check()
    page.get_by_label("I agree expressly to what I tell about my past.").check()
    page.get_by_label("I am 18 or over").check()
    page.get_by_role("button", name="Hand in my application").click()
    expect(page.get_by_text("It is with us.")).to_be_visible()


def two_vetters_admit(window: Window, viewport: dict[str, int], name: str) -> None:
    """One who says yes twice, from two windows, counts once."""
    first, again = (window("amina", viewport=viewport) for _ in range(2))
    for page in (first, again):
        opens_the_application(page, name)
    approves(first)
    expect(first.get_by_text("It takes effect once a second vetter")).to_be_visible()
    approves(again)
    expect(again.get_by_role("button", name="Approve")).to_have_count(0)
    expect(again.get_by_role("button", name="Ask for more")).to_be_visible()
    expect(again.get_by_text("Yes", exact=True)).to_have_count(1)

    second = window("ruben", viewport=viewport)
    opens_the_application(second, name)
    approves(second)
    expect(second.get_by_text("Decided by two people.")).to_be_visible()


def opens_the_application(page: Page, name: str) -> None:
    page.goto("/me/")
    by_menu(page, "Desk")
    page.get_by_role("link", name="Vetting", exact=False).first.click()
    page.locator("[data-row]").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Application")
    take = page.get_by_role("button", name="Take it and read it")
    if take.is_visible():  # whoever is the contact has it already
        expect(page.get_by_text(name, exact=True)).to_have_count(0)
        take.click()
    expect(page.get_by_text(name, exact=True)).to_be_visible()
    expect(page.get_by_text(WAY)).to_be_visible()


def approves(page: Page) -> None:
    page.get_by_label("Your reason, or your question").fill("We spoke for an hour.")
    page.get_by_role("button", name="Approve").click()


def fills_the_profile(page: Page) -> None:
    page.get_by_role("link", name="My profile", exact=True).click()
    choose(page, "What you can do", "Mediation")
    choose(page, "Town", "Vienna")
    page.get_by_label("Members find me in the directory").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/me/")
    page.get_by_role("link", name="As others see it").click()
    expect(page.get_by_role("main")).to_contain_text("Mediation")
    assert "Vienna" not in page.get_by_role("main").inner_text()


def asks(page: Page, name: str) -> None:
    by_menu(page, "Me")
    page.get_by_role("link", name="Open connections").click()
    page.get_by_role("link", name="Find members").click()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Ask for contact").click()
    page.locator("main textarea").fill("I read what you said about sewing.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Waiting for an answer").first).to_be_visible()
    expect(page.get_by_role("link", name="Write", exact=True)).to_have_count(0)


def accepts(page: Page, name: str) -> None:
    page.goto("/me/")
    page.get_by_role("link", name="Open connections").click()
    asking = page.get_by_role("listitem").filter(has_text=name)
    expect(asking).to_contain_text("I read what you said about sewing.")
    asking.get_by_role("button", name="Yes, connect us").click()


def write_live(page: Page, survivor: Page, name: str, width: int) -> None:
    talks_with(page, "Leila")
    talks_with(survivor, name)
    says(page, f"Thank you for your yes. {width} 🧵")
    expect(bubbles(survivor).last).to_contain_text("Thank you for your yes.")
    says(survivor, "مرحبا! You are welcome.")
    expect(bubbles(page).last).to_contain_text("مرحبا! You are welcome.")
    assert seqs(page) == seqs(survivor) == [1, 2]


def talks_with(page: Page, name: str) -> None:
    page.goto("/me/")
    page.get_by_role("link", name="Open connections").click()
    page.get_by_role("link", name=re.compile(f"^Write ?: {name}$")).click()
    first = page.get_by_role("button", name="Open the conversation")
    log = page.get_by_role("log")
    expect(log.or_(first)).to_be_visible()
    if first.is_visible():
        first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    if bubbles(page).count():
        expect(bubbles(page).last).to_be_in_viewport()


def says(page: Page, words: str) -> None:
    page.get_by_label(re.compile("^Write to ")).fill(words)
    page.get_by_role("button", name="Send").click()


def bubbles(page: Page) -> Locator:
    return page.get_by_role("log").locator("[data-seq]")


def seqs(page: Page) -> list[int]:
    return [int(it.get_attribute("data-seq") or 0) for it in bubbles(page).all()]


def texts(page: Page, holding: str) -> list[str]:
    """What was said, without who and when."""
    found = bubbles(page).filter(has_text=holding)
    return [re.search(rf"{holding} \d", it)[0] for it in found.all_inner_texts()]  # type: ignore[index]


def test_a_lost_line_resumes_without_loss_or_doubles(
    window: Window, viewport: dict[str, int]
) -> None:
    mark = f"Line {viewport['width']}, number"
    one, other = window("tomas", viewport=viewport), window("leila", viewport=viewport)
    talks_with(one, "Leila")
    talks_with(other, "Tomas R.")
    says(one, f"{mark} 1")
    expect(bubbles(other).last).to_contain_text(f"{mark} 1")

    other.context.set_offline(True)
    says(one, f"{mark} 2")
    says(one, f"{mark} 3")
    expect(bubbles(one).last).to_contain_text(f"{mark} 3")
    says(other, f"{mark} 4")
    expect(other.get_by_text("Not sent yet.")).to_be_visible()
    assert texts(other, mark) == [f"{mark} 1"]

    other.context.set_offline(False)
    expect(bubbles(one).last).to_contain_text(f"{mark} 4")
    expect(bubbles(other).last).to_contain_text(f"{mark} 4")
    for page in (one, other):
        assert texts(page, mark) == [f"{mark} {number}" for number in (1, 2, 3, 4)]
        assert seqs(page) == sorted(set(seqs(page)))
    one.reload()
    assert texts(one, mark) == [f"{mark} {number}" for number in (1, 2, 3, 4)]


def test_two_members_write_by_plain_post_without_javascript(
    window: Window, viewport: dict[str, int]
) -> None:
    plain = {"viewport": viewport, "java_script_enabled": False}
    one, other = window("tomas", **plain), window("leila", **plain)
    talks_with(one, "Leila")
    says(one, f"Without a script, {viewport['width']}.")
    expect(bubbles(one).last).to_contain_text("Without a script")
    talks_with(other, "Tomas R.")
    expect(bubbles(other).last).to_contain_text(f"a script, {viewport['width']}.")
    says(other, f"And read, {viewport['width']}.")
    expect(bubbles(other).last).to_contain_text("And read")
    one.reload()
    expect(bubbles(one).last).to_contain_text(f"And read, {viewport['width']}.")
