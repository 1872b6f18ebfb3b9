"""An educator without an account has a lesson pack in three clicks, and it is whole."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256

from docx import Document
from docx.oxml.ns import qn
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.printed import Printed


def test_educator_has_a_pack_in_three_clicks(
    window: Window, viewport: dict[str, int]
) -> None:
    page = window(viewport=viewport)
    page.goto("/")
    page.get_by_role("link", name="All lesson packs").click()
    page.get_by_role("link", name="The long way out", exact=True).click()
    expect(page.locator("a[download]")).to_have_text("Download pack")
    pack = downloaded(page)

    told = pack.read("stories/leaving-twice.txt").decode("utf-8-sig")
    note, story = (
        "bullying at school",
        "I left twice. The first time, only my feet went.",
    )
    assert told.index(note) < told.index(story)
    before = Printed(pack.read("before-you-teach.pdf"))
    assert "Before you teach this" in before.text
    plan = Printed(pack.read("lesson-plan.pdf"))
    assert "The long way out" in plan.text
    assert before.is_embedded
    assert plan.is_embedded
    written = Document(io.BytesIO(pack.read("lesson-plan.docx")))
    lines = [line.text for line in written.paragraphs]
    assert "The long way out" in lines
    assert len(lines) > 20


def test_an_arabic_pack_is_printed_in_joined_letters_from_the_right(
    window: Window, viewport: dict[str, int]
) -> None:
    page = window(viewport=viewport)
    page.goto("/")
    page.locator("details.lang summary").click()
    page.get_by_role("link", name="العربية").click()
    page.locator('main a[href$="/library/"]').click()
    page.get_by_role("searchbox").fill("المكان الخالي")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="المكان الخالي", exact=True).click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    pack = downloaded(page)

    for name in ("lesson-plan.pdf", "before-you-teach.pdf"):
        sheet = Printed(pack.read(name))
        assert sheet.is_embedded
        # in the middle of a word a letter is drawn otherwise than at its end
        assert min(len(sheet.shapes[letter]) for letter in "لمعن") >= 2
    title = "المكان الخالي"
    assert title[::-1] in Printed(pack.read("lesson-plan.pdf")).text
    told = pack.read("stories/al-kursi-al-farigh.txt").decode("utf-8-sig")
    assert "الكرسي الفارغ" in told
    plan = Document(io.BytesIO(pack.read("lesson-plan.docx")))
    filled = [line for line in plan.paragraphs if line.text]
    assert len(filled) > 20
    assert title in [line.text for line in filled]
    assert all(line._p.pPr.find(qn("w:bidi")) is not None for line in filled)


def downloaded(page: Page) -> zipfile.ZipFile:
    """Whole: each file has the checksum that the pack's own list promises."""
    with page.expect_download() as started:
        page.locator("a[download]").click()
    assert started.value.suggested_filename.endswith(".zip")
    pack = zipfile.ZipFile(started.value.path())
    manifest = json.loads(pack.read("manifest.json"))
    listed = {row["name"]: row["sha256"] for row in manifest["files"]}
    assert set(listed) == set(pack.namelist()) - {"manifest.json"}
    for name, promised in listed.items():
        assert sha256(pack.read(name)).hexdigest() == promised
    return pack
