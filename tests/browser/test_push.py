"""A browser that is told of something new: the button, the worker, and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tools.demo_site import Site

PAGE = "/me/notifications/"
LEAVERS = ("devon", "katrin", "eszter", "camille", "pernille", "mirte")
# no push service is reached from here: only the address is made up, all else is real
SUBSCRIBE = """
PushManager.prototype.subscribe = async function (options) {
  window.asked = options;
  const endpoint = "https://fcm.googleapis.com/wp/" + crypto.randomUUID();
  sessionStorage.setItem("stub", endpoint);
  return { endpoint };
};
PushManager.prototype.getSubscription = async function () {
  if (!sessionStorage.getItem("stub")) return null;
  const unsubscribe = async () => sessionStorage.removeItem("stub");
  return { unsubscribe };
};
"""
DENIED = """
Object.defineProperty(Notification, "permission", { get: () => "denied" });
"""
CONTROLLED = """() => new Promise((done) => {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) done();
  else serviceWorker.addEventListener("controllerchange", () => done());
})"""
SHOWN = """async () => {
  const found = await (await navigator.serviceWorker.ready).getNotifications();
  return found.map(({ title, body, lang, dir, tag, data }) =>
    ({ title, body, lang, dir, tag, data }));
}"""


@pytest.fixture(scope="module")
def keys(site: Site) -> Iterator[str]:
    """A session for each test, since what is switched on hangs on it."""
    return iter(site.fresh_sessions(*LEAVERS).values())


@pytest.fixture
def page(window: Window, site: Site, keys: Iterator[str]) -> Page:
    page = window()
    cookie = {"name": "sessionid", "value": next(keys), "url": site.url}
    page.context.add_cookies([cookie])
    page.context.grant_permissions(["notifications"])
    return page


def rows(site: Site) -> int:
    count = "from network.models import PushSubscription as P; print(P.objects.count())"
    return int(site.manage("shell", "--verbosity", "0", "--command", count))


def press_on(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_role("button", name="Switch it on here").click()
    expect(page.get_by_text("This device tells you from now on.")).to_be_visible()


def test_a_device_is_switched_on_and_off(page: Page, site: Site) -> None:
    page.add_init_script(SUBSCRIBE)
    page.goto(PAGE)
    expect(page.get_by_text("It is off on this device.")).to_be_visible()
    assert page.evaluate("window.asked") is None  # nobody is asked unbidden
    before = rows(site)
    press_on(page)
    assert rows(site) == before + 1
    expect(page.get_by_text("This device tells you.")).to_be_visible()
    expect(page.get_by_role("button", name="Switch it on here")).to_be_hidden()
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("tells you nothing any more")).to_be_visible()
    expect(page.get_by_role("button", name="Switch it on here")).to_be_visible()
    assert rows(site) == before
    assert page.evaluate("sessionStorage.getItem('stub')") is None


def test_a_browser_that_may_not_says_how_to_undo_it(page: Page) -> None:
    page.add_init_script(DENIED)
    page.goto(PAGE)
    expect(page.get_by_text("this site may not show anything")).to_be_visible()
    expect(page.get_by_role("button", name="Switch it on here")).to_be_hidden()


def test_a_browser_that_cannot_says_so(page: Page) -> None:
    page.add_init_script("delete window.PushManager")
    page.goto(PAGE)
    expect(page.get_by_text("This browser cannot do it")).to_be_visible()


def test_a_server_that_is_not_reached_is_told(page: Page) -> None:
    """The browser's own `subscribe`: nothing answers it here."""
    page.goto(PAGE)
    page.get_by_role("button", name="Switch it on here").click()
    expect(page.get_by_text("It did not work")).to_be_visible()


def deliver(page: Page, site: Site) -> None:
    """What a push service would bring: nothing at all."""
    line = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    here = [one for one in found if one["scopeURL"] == f"{site.url}/"]
    line.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": site.url,
            "registrationId": here[-1]["registrationId"],
            "data": "Somebody wrote you",
        },
    )


def shown(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize(
    ("prefix", "body"),
    [("", "There is something new for you"), ("/ar", "هناك جديد لك")],
)
def test_each_push_shows_the_same_words_in_the_place_of_the_last(
    window: Window, site: Site, prefix: str, body: str
) -> None:
    page = window("leila")
    page.context.grant_permissions(["notifications"])
    page.goto(f"{prefix}{PAGE}")
    page.evaluate(CONTROLLED)
    for _ in range(2):
        deliver(page, site)
        page.wait_for_timeout(300)
    (one,) = shown(page)
    is_arabic = bool(prefix)
    assert one == {
        "title": "Waymark",
        "body": body,
        "lang": "ar" if is_arabic else "en",
        "dir": "rtl" if is_arabic else "ltr",
        "tag": "new",
        "data": None,
    }


def test_signing_out_takes_what_is_shown_and_what_is_told(
    page: Page, site: Site
) -> None:
    page.add_init_script(SUBSCRIBE)
    before = rows(site)
    press_on(page)
    page.evaluate(CONTROLLED)
    deliver(page, site)
    page.wait_for_timeout(300)
    assert len(shown(page)) == 1
    page.goto("/me/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(site.url + "/")
    assert rows(site) == before
    assert shown(page) == []


def test_the_quick_exit_takes_them_too(page: Page, site: Site) -> None:
    page.add_init_script(SUBSCRIBE)
    before = rows(site)
    press_on(page)
    page.evaluate(CONTROLLED)
    deliver(page, site)
    page.wait_for_timeout(300)
    exit_to = page.locator("[data-exit]").get_attribute("href") or ""
    page.context.route(
        f"{exit_to}**",
        lambda route: route.fulfill(content_type="text/html", body="Elsewhere"),
    )
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url(exit_to)
    assert urlsplit(page.url).netloc not in site.url
    other = page.context.new_page()
    other.goto("/stories/")
    assert rows(site) == before
    assert shown(other) == []
