"""Nothing is cut off, everything can be touched, and the keyboard sees where it is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.pages import LASTING, MAIN, MAIN_SHOWN, Place
from tests.browser.windows import Windows

TAP = 44
# what sticks out of the page, but for what scrolls by itself
OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.querySelectorAll("body *")].filter((each) => {
    const { left, right, width: size } = each.getBoundingClientRect();
    return size && (right > width + 1 || left < -1);
  });
  return ["too wide", ...out.slice(0, 4).map((each) => each.outerHTML.slice(0, 140))];
}"""
# links inside of texts may be as small as the texts
SMALL = """tap => {
  const closed = [...document.querySelectorAll("details:not([open])")];
  for (const each of closed) each.open = true;
  const controls = `button, summary, select, textarea, input:not([type=hidden]), .btn,
    .chip, .link, .tabs a, .subnav a, .help .links a, .error-summary a, .threads a`;
  const target = (each) => each.closest("label") ?? each;
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true })
    && !each.closest(".vh");
  const seen = [...document.querySelectorAll(controls)].filter(isSeen);
  const small = seen.filter((each) => {
    const { width, height } = target(each).getBoundingClientRect();
    return width > 1 && (width < tap - .5 || height < tap - .5);
  }).map((each) => each.outerHTML.slice(0, 140));
  for (const each of closed) each.open = false;
  return small;
}"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# an excerpt, and the beginning of a message in a list, are cut on purpose
CUT = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const { overflowX, overflowY } = getComputedStyle(each);
  const hides = (value) => ["hidden", "clip"].includes(value);
  if (each.closest(".vh, .clamp, .threads, .skip, svg, .facts dt")) return false;
  if (each.clientWidth < 4 || !each.textContent.trim()) return false;
  return (hides(overflowX) && each.scrollWidth > each.clientWidth + 1)
    || (hides(overflowY) && each.scrollHeight > each.clientHeight + 1);
}).map((each) => each.outerHTML.slice(0, 140))"""
FOCUSED = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const isRing = (style) => style.outlineStyle !== "none"
    && parseFloat(style.outlineWidth) >= 2;
  const box = each.getBoundingClientRect();
  const top = document.querySelector(".top").getBoundingClientRect().bottom;
  const rings = [getComputedStyle(each), getComputedStyle(each, "::after")];
  const around = each.closest(".search");
  if (around) rings.push(getComputedStyle(around));
  return {
    html: each.outerHTML.slice(0, 140),
    // the browser draws the ring inside of a player
    ring: rings.some(isRing) || each.matches("video, audio"),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
      && (each.closest(".top, .skip") !== null || box.bottom > top),
  };
}"""
# a text that runs the other way than the page begins where its title does
BESIDE_TITLE = """() => [...document.querySelectorAll("main .card")].filter((card) => {
  const [title, text] = [card.querySelector("h2"), card.querySelector("h2 ~ p")];
  if (!title || !text) return false;
  const [one, other] = [title, text].map((each) => each.getBoundingClientRect());
  return getComputedStyle(title).direction !== getComputedStyle(text).direction
    || Math.abs(one.left - other.left) > 1 || Math.abs(one.right - other.right) > 1;
}).map((each) => each.outerHTML.slice(0, 140))"""
# what a name and the beginning of a message lie away from their picture
FROM_PICTURE = """() => [...document.querySelectorAll(".threads a")].flatMap((row) => {
  const { left } = row.querySelector(".avatar").getBoundingClientRect();
  return [row.querySelector("strong"), row.querySelector("span > small")]
    .map((each) => left - each.getBoundingClientRect().right);
})"""
# fields in which what is written takes its direction from the page, not from itself
ONE_WAY = """() => [...document.querySelectorAll(
    "main :is([type=text], [type=search], textarea)")]
  .filter((each) => getComputedStyle(each).unicodeBidi !== "plaintext")
  .map((each) => each.outerHTML.slice(0, 140))"""
LONGEST_WALK = 150


def name_of(value: object) -> str:
    return value.name if isinstance(value, Place) else str(value)


@pytest.mark.parametrize(("place", "language"), LASTING, ids=name_of)
def test_nothing_sticks_out_at_320_pixels(
    windows: Windows, place: Place, language: str
) -> None:
    page = windows.look_at(place, language=language, width=320)
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("profiles/profile_edit.html", "/de/me/profile/"),
        ("mfa/index.html", "/de/accounts/2fa/"),
    ],
)
def test_long_words_do_not_widen_a_page(
    windows: Windows, template: str, path: str
) -> None:
    page = windows.show(Place(template, "tomas", path), width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("has_scripts", [True, False])
def test_words_without_end_do_not_widen_a_page(
    windows: Windows, language: str, has_scripts: bool
) -> None:
    size = {"width": 390, "height": 844}
    page = windows.fresh(viewport=size, java_script_enabled=has_scripts)
    page.goto(f"{language}/help/harbour-market/")
    # a list to choose from where scripts run, a line without them
    either = page.get_by_role("combobox").or_(page.get_by_role("textbox"))
    either.first.fill("x" * 900)
    page.keyboard.press("Tab")
    page.locator("main [type=submit]").last.click()
    page.locator(".error-summary").wait_for()
    page.wait_for_load_state()  # its style sheet too
    found = page.evaluate(OVERFLOWING)
    page.context.close()
    assert found == []


def test_a_name_without_end_does_not_widen_the_page_of_another(
    windows: Windows,
) -> None:
    place = Place("profiles/connections.html", "leila", "/connections/")
    page = windows.show(place, width=320)
    names = page.locator(".who bdi")
    assert names.count() > 0
    names.evaluate_all(f"all => all.forEach(e => e.textContent = '{'W' * 60}')")
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("name", ["library", "practices", "stories"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_card_in_another_direction_stays_in_line(
    windows: Windows, name: str, language: str
) -> None:
    place = Place(f"search/{name}.html", "", f"/{name}/")
    page = windows.show(place, language=language, width=1280)
    assert page.locator("main .card").count() > 5
    assert page.evaluate(BESIDE_TITLE) == []


@pytest.mark.parametrize(
    "place",
    [
        Place("profiles/profile_edit.html", "leila", "/me/profile/"),
        Place("search/site.html", "", "/search/"),
    ],
    ids=name_of,
)
def test_latin_letters_in_an_arabic_form_run_their_own_way(
    windows: Windows, place: Place
) -> None:
    page = windows.show(place, language="ar")
    assert page.evaluate(ONE_WAY) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_latin_names_in_an_arabic_list_stand_beside_their_picture(
    windows: Windows, width: int
) -> None:
    place = Place("messaging/list.html", "leila", "/messages/")
    page = windows.show(place, language="ar", width=width)
    away = page.evaluate(FROM_PICTURE)
    assert len(away) >= 4
    assert max(away) < 16
    latin = page.locator(".threads small [dir]", has_text="Write me down")
    assert latin.evaluate("each => getComputedStyle(each).direction") == "ltr"


@pytest.mark.parametrize("theme", ["system", "dark"])
def test_no_theme_is_dark_on_paper(windows: Windows, theme: str) -> None:
    page = windows.fresh(color_scheme="dark")
    page.goto("/stories/")
    cookie = {"name": "theme", "value": theme, "url": page.url}
    page.context.add_cookies([cookie])
    page.reload()
    ink = "() => getComputedStyle(document.body).color"
    on_screen = page.evaluate(ink)
    page.emulate_media(media="print")
    on_paper = page.evaluate(ink)
    page.context.close()
    assert (on_screen, on_paper) == ("rgb(234, 230, 223)", "rgb(29, 42, 46)")


@pytest.mark.parametrize(
    "place", [p for p, lang in LASTING if lang == "en"], ids=name_of
)
def test_controls_are_large_enough_for_a_thumb(windows: Windows, place: Place) -> None:
    page = windows.look_at(place, width=390)
    assert page.evaluate(SMALL, TAP) == []


@pytest.mark.parametrize(("place", "language"), MAIN_SHOWN, ids=name_of)
def test_wider_spacing_loses_no_text(
    windows: Windows, place: Place, language: str
) -> None:
    page = windows.show(place, language=language, width=390)
    page.evaluate(SPACED)
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("place", MAIN, ids=name_of)
def test_keyboard_sees_where_it_is(windows: Windows, place: Place) -> None:
    page = windows.show(place, width=1280)
    walked = walk(page)
    assert len(walked) > 10
    assert [step["html"] for step in walked if not step["ring"]] == []
    assert [step["html"] for step in walked if not step["seen"]] == []


def walk(page: Page) -> list[dict[str, Any]]:
    """From control to control with the Tab key, until the page is left."""
    page.evaluate("document.activeElement.blur()")
    found = []
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None:
            break
        found.append(step)
    return found


@pytest.mark.parametrize("place", MAIN, ids=name_of)
def test_skip_link_comes_first_and_leads_to_the_content(
    windows: Windows, place: Place
) -> None:
    page = windows.show(place, width=1280)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    skip = page.locator(".skip:focus")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
