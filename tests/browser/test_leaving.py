"""Leaving in a hurry: nothing private stays behind, on the device or on the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from time import sleep

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.steps import by_menu
from tools.demo_site import Site

SIGN_IN = re.compile(r"/accounts/login/")
LEAVERS = ("pernille", "katrin", "devon", "camille", "eszter", "hanne")


@pytest.fixture(scope="module")
def keys(site: Site) -> Iterator[str]:
    """A session for each test, since each ends it."""
    return iter(site.fresh_sessions(*LEAVERS).values())


@pytest.fixture
def page(
    window: Window, viewport: dict[str, int], site: Site, keys: Iterator[str]
) -> Page:
    """Somebody's own page, before which they have read a page of the public."""
    page = window(viewport=viewport)
    cookie = {"name": "sessionid", "value": next(keys), "url": site.url}
    page.context.add_cookies([cookie])
    page.goto("/stories/")
    page.goto("/me/")
    expect(page.get_by_role("link", name="Erase my account")).to_be_visible()
    return page


def press_the_button(page: Page) -> None:
    page.get_by_role("link", name="Leave this site").click()


def press_shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [press_the_button, press_shift_three_times])
def test_quick_exit_ends_the_session_and_back_shows_nothing_private(
    page: Page, site: Site, leave: Callable[[Page], None]
) -> None:
    exit_to = page.locator("[data-exit]").get_attribute("href") or ""
    assert exit_to.startswith("https://")
    assert site.url not in exit_to
    page.context.route(
        f"{exit_to}**",
        lambda route: route.fulfill(
            content_type="text/html", body="<title>Elsewhere</title>"
        ),
    )
    visited = page.evaluate("history.length")
    leave(page)
    page.wait_for_url(exit_to)
    expect(page).to_have_title("Elsewhere")
    assert page.evaluate("history.length") == visited  # put in its place, not after it

    page.go_back()
    for words in ("Erase my account", "Sign out"):
        expect(page.get_by_text(words)).to_have_count(0)
    other = page.context.new_page()
    other.goto("/me/")
    expect(other).to_have_url(SIGN_IN)


def test_leaving_a_conversation_leads_away_however_slow_the_way_is(
    window: Window, viewport: dict[str, int], site: Site
) -> None:
    """Its line closes meanwhile, and nothing may load the page again."""
    page = window(viewport=viewport)
    (key,) = site.fresh_sessions("samuel").values()
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
    page.goto("/messages/")
    with page.expect_websocket():
        page.locator("main .threads a").first.click()
    exit_to = page.locator("[data-exit]").get_attribute("href") or ""

    def answer_late(route: Route) -> None:
        sleep(1)
        route.fulfill(content_type="text/html", body="<title>Elsewhere</title>")

    page.context.route(f"{exit_to}**", answer_late)
    with page.expect_request(f"{exit_to}**"):
        press_shift_three_times(page)
    page.wait_for_url(exit_to)
    expect(page).to_have_title("Elsewhere")


def test_signing_out_clears_the_cache_and_back_shows_nothing_private(
    page: Page,
) -> None:
    with page.expect_response(re.compile("/accounts/logout/")) as answered:
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
    assert answered.value.header_value("clear-site-data") == '"cache"'
    expect(page.get_by_text("Erase my account")).to_have_count(0)

    page.go_back()
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_text("Erase my account")).to_have_count(0)
    by_menu(page, "Sign in")
    expect(page.get_by_label("Password")).to_be_visible()
