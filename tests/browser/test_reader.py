"""A reader finds a story, is warned before it, hears it, and compares practices."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass

import pytest
import webvtt
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tools.demo_site import ROOT

CONTENT = ROOT / "demo" / "content"
# what comes out of the loudspeaker, measured without being in its way
LOUDNESS = """async (player) => {
  const context = new AudioContext();
  await context.resume();
  const ear = context.createAnalyser();
  context.createMediaStreamSource(player.captureStream()).connect(ear);
  const wave = new Float32Array(ear.fftSize);
  let loudest = 0;
  for (let look = 0; look < 60 && loudest < 0.05; look++) {
    await new Promise((done) => setTimeout(done, 50));
    ear.getFloatTimeDomainData(wave);
    loudest = Math.max(loudest, ...wave.map(Math.abs));
  }
  await context.close();
  return loudest;
}"""
# where the captions stand after the player has gone to a moment
CUES_AT = """async (player, moment) => {
  const track = player.textTracks[0];
  const there = new Promise((done) => {
    player.addEventListener("seeked", done, { once: true });
  });
  player.currentTime = moment;
  await there;
  for (let look = 0; look < 40 && !track.activeCues.length; look++)
    await new Promise((done) => setTimeout(done, 25));
  return [...track.activeCues].map((cue) => cue.text);
}"""
# goes to the middle of one caption and returns its words
MIDDLE_OF_CUE = """(player, number) => {
  const cue = player.textTracks[0].cues[number];
  player.currentTime = (cue.startTime + cue.endTime) / 2;
  return cue.text;
}"""


@dataclass(frozen=True)
class Told:
    """A story as its file tells it."""

    title: str
    language: str
    medium: str
    mentions: str
    voice_note: str
    captions: str
    begins: str
    words: str  # for the search

    @staticmethod
    def read(slug: str, words: str) -> Told:
        row = tomllib.loads((CONTENT / "stories" / f"{slug}.toml").read_text())
        names = ("title", "language", "medium", "mentions", "voice_note", "captions")
        begins = row["body"].strip().split("\n")[0]
        return Told(**{name: row[name] for name in names}, begins=begins, words=words)


TOLD = {
    "leaving-twice": "mango bus station",
    "the-night-i-stopped-answering": "stopped answering",
    "tariq-al-awda": "العجين",
    "al-kursi-al-farigh": "الكرسي الفارغ",
}


@pytest.fixture(params=list(TOLD))
def told(request: pytest.FixtureRequest) -> Told:
    return Told.read(request.param, TOLD[request.param])


def test_reader_finds_a_story_is_warned_and_hears_it_with_captions(
    window: Window, viewport: dict[str, int], told: Told
) -> None:
    page = window(viewport=viewport)
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url))
    page.goto("/")
    search_from_home(page, told)
    page.get_by_role("link", name=told.title, exact=True).click()
    player = page.locator(told.medium)
    expect(page.get_by_role("heading", level=1)).to_have_text(told.title)

    stands_before_the_story(page, told, player)
    assert not [url for url in fetched if "/files/story/" in url]
    assert player.evaluate("it => it.paused && it.readyState === 0")

    press_play(page, player)
    page.wait_for_function("it => it.currentTime > 0.3", arg=player.element_handle())
    assert any("/files/story/" in url for url in fetched)
    assert player.evaluate("it => it.duration") >= 60
    assert not player.evaluate("it => it.muted || it.volume < 0.5")
    assert player.evaluate(LOUDNESS) >= 0.05
    assert player.evaluate("it => it.webkitAudioDecodedByteCount") > 0
    if told.medium == "video":
        assert player.evaluate("it => it.videoWidth") >= 320
    captions_are_seen(page, player)
    captions_follow(player, told)
    assert player.evaluate("it => it.error") is None
    the_player_is_not_printed(page, player)


def search_from_home(page: Page, told: Told) -> None:
    """In the reader's own language: an Arabic reader changes it first."""
    if told.language == "ar":
        page.locator("details.lang summary").click()
        page.get_by_role("link", name="العربية").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    box = page.get_by_role("searchbox")
    box.fill(told.words)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))


def stands_before_the_story(page: Page, told: Told, player: Locator) -> None:
    page.wait_for_load_state()  # before its styles a page has other places
    note = page.get_by_text(told.mentions, exact=True)
    text = page.get_by_text(told.begins)
    for part in (note, player, text, page.get_by_text(told.voice_note)):
        expect(part).to_be_visible()
    tops = [part.bounding_box()["y"] for part in (note, player, text)]  # type: ignore[index]
    assert tops == sorted(tops)
    assert text.evaluate("it => getComputedStyle(it).direction") == (
        "rtl" if told.language == "ar" else "ltr"
    )


def press_play(page: Page, player: Locator) -> None:
    """The button of the browser's own controls, at the start of their bar: a recording
    is nothing but the bar, a film has it at its foot."""
    page.evaluate("document.fonts.ready")  # after them nothing moves any more
    box = player.bounding_box()
    assert box is not None
    bar = min(box["height"] / 2, 48)
    player.click(position={"x": 24, "y": box["height"] - bar})


def captions_are_seen(page: Page, player: Locator) -> None:
    """With nothing pressed but play: a film draws them, a recording has an area."""
    first = "it => it.textTracks[0].cues?.[0]?.text"
    page.wait_for_function(first, arg=player.element_handle())
    if player.evaluate("it => it.localName") == "video":
        assert player.evaluate("it => it.textTracks[0].mode") == "showing"
        return
    area = page.locator(".captions")
    player.evaluate("it => it.pause()")
    for number in (0, 3):
        words = player.evaluate(MIDDLE_OF_CUE, number)
        expect(area).to_be_visible()
        expect(area).to_have_text(" ".join(words.split()))


def the_player_is_not_printed(page: Page, player: Locator) -> None:
    page.emulate_media(media="print")
    for part in (
        player,
        page.locator(".player ~ .unprinted"),
        page.locator(".captions"),
    ):
        for each in part.all():
            expect(each).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def captions_follow(player: Locator, told: Told) -> None:
    """Each at its time, and nothing where nobody speaks."""
    track = player.locator("track")
    assert track.get_attribute("srclang") == told.language
    assert track.get_attribute("kind") == "captions"
    player.evaluate("it => { it.pause(); it.textTracks[0].mode = 'showing'; }")
    page = player.page
    page.wait_for_function(
        "it => it.textTracks[0].cues?.length", arg=player.element_handle()
    )
    cues = webvtt.read(str(CONTENT / told.captions))
    assert player.evaluate("it => it.textTracks[0].cues.length") == len(cues)
    for cue in (cues[1], cues[len(cues) // 2], cues[-1]):
        middle = (cue.start_in_seconds + cue.end_in_seconds) / 2
        assert player.evaluate(CUES_AT, middle) == [cue.text]


@pytest.mark.parametrize(
    ("facet", "choice", "field", "value"),
    [
        ("Approach", "Multi-agency approach", "approaches", "Multi-agency approach"),
        ("For", "Health practitioners", "target_audiences", "Health practitioners"),
        ("Country", "Denmark", "countries", "DK"),
    ],
)
def test_reader_narrows_the_twelve_practices(
    window: Window,
    viewport: dict[str, int],
    facet: str,
    choice: str,
    field: str,
    value: str,
) -> None:
    rows = json.loads((CONTENT / "practices.json").read_text())
    fitting = [row["title"] for row in rows if value in row[field]]
    page = window(viewport=viewport)
    page.goto("/")
    page.get_by_role("link", name="All practices").click()
    titles = page.locator("li.card .card-link")
    expect(titles).to_have_count(len(rows))
    assert set(titles.all_inner_texts()) == {row["title"] for row in rows}

    group = page.locator("details").filter(has=page.get_by_text(facet, exact=True))
    if not group.get_by_role("list").is_visible():
        group.locator("summary").click()
    group.get_by_role("link", name=f"{choice} {len(fitting)}", exact=True).click()
    expect(page.get_by_role("status")).to_have_text(f"{len(fitting)} practices")
    assert set(titles.all_inner_texts()) == set(fitting)

    titles.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(".+"))
    assert page.get_by_role("heading", level=1).inner_text() in fitting
