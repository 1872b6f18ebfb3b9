"""axe finds nothing on any page, in both widths, themes and directions of writing."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.pages import EDITORS, LOOKED_AT, MAIN, PLACES, Place, page_templates
from tests.browser.windows import Windows
from tests.scale import FULL, SCALE, some

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
options => axe.run(document, options).then(found => found.violations)
"""
# two frames: the colours of the other theme are there before anything is measured
SETTLED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))"
# every rule in both widths; what depends on the theme, in both themes of each: the
# colours do not hang on the direction
LOOKS = [(390, "light"), (1280, "dark")]
OTHER_THEME = [(390, "dark"), (1280, "light")]
COLOURS = ["color-contrast", "link-in-text-block"]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Place) else str(value)


def violations(
    page: Page,
    look: tuple[int, str],
    rules: list[str] = TAGS,
    but: list[str] | None = None,
) -> list[dict[str, Any]]:
    width, theme = look
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme)
    page.evaluate(SETTLED)
    options = {
        "resultTypes": ["violations"],
        "runOnly": rules,
        "rules": {name: {"enabled": False} for name in but or []},
    }
    found: list[dict[str, Any]] = page.evaluate(RUN, options)
    return found


def lines(found: list[dict[str, Any]], look: tuple[int, str]) -> list[str]:
    return [
        f"{look[0]} {look[1]}: {each['id']}: {node['target']} {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("place", "language"), LOOKED_AT, ids=name_of)
def test_axe_finds_nothing(windows: Windows, place: Place, language: str) -> None:
    page = windows.look_at(place, language=language)
    if language == "ar" and not place.is_constant:
        assert page.locator("html").get_attribute("dir") == "rtl"
    page.evaluate(AXE_SCRIPT)
    is_whole = SCALE == FULL or place in MAIN
    found = []
    for look in LOOKS if is_whole else some(LOOKS, SCALE.looks, by=place.name):
        found += lines(violations(page, look), look)
    for look in OTHER_THEME if is_whole and language == "en" else []:
        found += lines(violations(page, look, COLOURS), look)
    assert found == []


def test_every_page_is_on_the_list() -> None:
    """A new template comes with its line in `pages.py`, or this fails."""
    listed = {place.template for place in PLACES}
    assert page_templates() - listed == set()
    assert listed - page_templates() == set()


@pytest.mark.parametrize("path", EDITORS)
def test_editors_frame_adds_nothing_to_what_wagtail_has(
    windows: Windows, path: str
) -> None:
    """Stock Wagtail is what is left without our stylesheet and our mark."""
    page = windows.of("camille")
    page.goto(path)
    page.evaluate(AXE_SCRIPT)
    for theme in ("light", "dark"):
        ours = keys(violations(page, (1280, theme)))
        page.evaluate(
            """() => {
              for (const sheet of document.styleSheets)
                if (sheet.href?.includes("network/admin.css")) sheet.disabled = true;
              document.querySelector(".site-mark")?.remove();
            }"""
        )
        stock = keys(violations(page, (1280, theme)))
        assert ours - stock == set()
        page.reload()
        page.evaluate(AXE_SCRIPT)


def keys(found: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(each["id"], str(n["target"])) for each in found for n in each["nodes"]}
