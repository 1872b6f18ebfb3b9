"""A real browser before the demonstration: each test has a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.windows import Windows
from tests.scale import SCALE, some
from tools import chromium
from tools.demo_site import Site, served
from tools.staging import Stage, staged

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WIDTHS = (PHONE, WIDE)

Window = Callable[..., Page]


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    others = [item for item in items if not is_its_width(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if is_its_width(item)]
    ours = [item for item in items if "tests/browser" in str(item.path)]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if len(ours) == len(items):
        items.sort(key=place_of)


def is_its_width(item: pytest.Item) -> bool:
    """A journey goes through one width on a push, through both in the full run."""
    viewport = getattr(getattr(item, "callspec", None), "params", {}).get("viewport")
    name = getattr(item, "originalname", item.name)
    return viewport is None or viewport in some(WIDTHS, SCALE.looks, by=name)


def place_of(item: pytest.Item) -> tuple[str, str]:
    """What looks at the same page comes in a row, and opens it once."""
    given = getattr(getattr(item, "callspec", None), "params", {})
    place = given.get("place")
    return (place.name, given.get("language", "en")) if place is not None else ("", "")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium.path(), "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    expect.set_options(timeout=15_000)
    with served() as site:
        yield site


@pytest.fixture(params=WIDTHS, ids=["390", "1280"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    size: dict[str, int] = request.param
    return size


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Window]:
    """Opens windows: `window()` is a stranger's, `window("leila")` a signed-in
    person's; what else is given goes to the browser context. A page that throws, or
    that the content security policy holds something back from, fails its test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_window(name: str = "", **options: Any) -> Page:
        given = {"viewport": WIDE, "reduced_motion": "reduce", **options}
        context = browser.new_context(base_url=site.url, **given)
        context.set_default_timeout(20_000)
        if name:
            cookie = {"name": "sessionid", "value": site.sessions[name]}
            context.add_cookies([{**cookie, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: note(line, faults))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []


def note(line: Any, faults: list[str]) -> None:
    if "Content Security Policy" in line.text:
        faults.append(line.text)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A site of its own, with rows for every page, for tests that only look."""
    expect.set_options(timeout=15_000)
    with staged() as stage:
        yield stage


@pytest.fixture(scope="session")
def windows(browser: Browser, stage: Stage) -> Iterator[Windows]:
    found = Windows(browser, stage)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def folders_of_the_test() -> None:
    """The site runs in a process and a folder of its own."""


@pytest.fixture(autouse=True, scope="session")
def emptying_the_audit_log() -> None:
    """No test here has a database."""
