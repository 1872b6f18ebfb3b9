"""What a teacher downloads: whole, checked, readable in Arabic, and up to date."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pytest
import uharfbuzz as hb
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override
from docx import Document
from docx.oxml.ns import qn

from cms import loading
from cms.actions import packs, stories
from cms.models import PackBuild, PackPage, Story, StoryPage
from cms.packs import archive, contents, pdf, sheets
from cms.packs.sheets import Section, Sheet
from cms.text import Block
from network.models import Lane, OutboxEntry
from search import sources
from search.keys import PAGE
from search.replica import replica
from tests.browser.printed import Printed
from tests.cast import Cast
from tests.cms.conftest import read, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_replica() -> None:
    replica.reset()


DATED = datetime(2026, 11, 1, tzinfo=UTC)
ARABIC = "أن يفرّق بين تفسير الفعل وتبريره"


def download(pack: PackPage) -> zipfile.ZipFile:
    answer = Client().get(f"/files/pack/{pack.translation_key}/")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]


def test_a_pack_holds_what_its_page_promises(pack: PackPage) -> None:
    found = download(pack)
    assert set(found.namelist()) == {
        "README.txt",
        "LICENCE.txt",
        "manifest.json",
        "before-you-teach.pdf",
        "lesson-plan.pdf",
        "lesson-plan.docx",
        "pupils-sheet.pdf",
        "stories/leaving-twice.pdf",
        "stories/leaving-twice.txt",
        "stories/forty-messages-a-day.pdf",
        "stories/forty-messages-a-day.txt",
    }
    story = found.read("stories/leaving-twice.txt").decode("utf-8-sig")
    assert "I left twice. The first time, only my feet went." in story
    assert story.index("bullying at school") < story.index("I left twice")
    for name in found.namelist():
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(found.read(name))) as one:
                assert len(one.pages) >= 1


def test_the_manifest_tells_every_file_and_its_checksum(pack: PackPage) -> None:
    found = download(pack)
    manifest = json.loads(found.read("manifest.json"))
    listed = {row["name"]: row for row in manifest["files"]}
    assert set(listed) == set(found.namelist()) - {"manifest.json"}
    for name, row in listed.items():
        body = found.read(name)
        assert row["bytes"] == len(body)
        assert row["sha256"] == hashlib.sha256(body).hexdigest()
    build = PackBuild.objects.get(pack=pack)
    whole = build.file.open("rb").read()
    assert build.sha256 == hashlib.sha256(whole).hexdigest()
    assert manifest["stories"] == ["leaving-twice", "forty-messages-a-day"]


def test_the_same_content_gives_the_same_bytes(
    pack: PackPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time_machine

    found = contents.read(pack, [])
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC)):
        first = archive.build(found).body
    with time_machine.travel(datetime(2031, 6, 5, tzinfo=UTC)):
        assert archive.build(found).body == first


def test_building_again_without_a_change_makes_no_new_number(pack: PackPage) -> None:
    build = PackBuild.objects.get(pack=pack)
    assert packs.build_pack(pack=pack) == build
    pack.summary = "Another sentence about it."
    packs.publish_pack(pack=pack, by=None)
    again = packs.build_pack(pack=pack)
    assert again is not None
    assert again.number == build.number + 1
    assert PackBuild.objects.filter(pack=pack).count() == 1


def test_publishing_has_it_built_by_the_worker(
    pack: PackPage, run_queued: Callable[[], None]
) -> None:
    pack.aims = ["One aim alone"]
    packs.publish_pack(pack=pack, by=None)
    run_queued()
    body = download(pack).read("lesson-plan.docx")
    text = "\n".join(line.text for line in Document(io.BytesIO(body)).paragraphs)
    assert "One aim alone" in text


def test_a_withdrawn_story_leaves_its_packs(
    pack: PackPage,
    story_page: StoryPage,
    authors_story: Story,
    run_queued: Callable[[], None],
) -> None:
    url = f"/files/pack/{pack.translation_key}/"
    stories.withdraw_story(story=authors_story, by=authors_story.author)
    waiting = Client().get(url)
    assert waiting.status_code == 503  # not the old one, not even for a moment
    assert waiting["Retry-After"] == "60"
    run_queued()
    found = download(pack)
    assert not [name for name in found.namelist() if "leaving-twice" in name]
    manifest = json.loads(found.read("manifest.json"))
    assert manifest["stories"] == ["forty-messages-a-day"]
    [day] = manifest["stories_withdrawn_on"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    assert day in found.read("README.txt").decode("utf-8-sig")
    text = str(manifest) + found.read("README.txt").decode()
    assert "Leaving twice" not in text
    assert "Leaving twice" not in Client().get(pack.url).content.decode()


def said(found: zipfile.ZipFile) -> str:
    """All that the pack says in words, in every form."""
    plan = Document(io.BytesIO(found.read("lesson-plan.docx")))
    texts = [name for name in found.namelist() if name.endswith(".txt")]
    told = [found.read(name).decode("utf-8-sig") for name in texts]
    return "\n".join([*(line.text for line in plan.paragraphs), *told])


def withdrawn_from(pack: PackPage, story: Story, run: Callable[[], None]) -> str:
    stories.withdraw_story(story=story, by=story.author)
    run()
    return said(download(pack))


def test_a_pack_that_lost_its_only_story_speaks_of_it_no_more(
    cast: Cast, run_queued: Callable[[], None]
) -> None:
    told("al-kursi-al-farigh", author=cast.survivor)
    pack = loading.put_pack(read("packs/al-makan-al-khali.toml"))
    before = said(download(pack)) + Client().get(pack.url).content.decode()
    traces = (pack.summary, "الفيديو")
    assert [trace for trace in traces if trace in before] == list(traces)
    text = withdrawn_from(pack, Story.objects.get(), run_queued)
    assert "سُحبت قصص من هذه الحقيبة في هذه الأيام" in text
    page = Client().get(pack.url).content.decode()
    assert [trace for trace in traces if trace in text + page] == []
    with override("ar"):
        sheets_first = [
            sheet.sections[0].heading
            for sheet in all_sheets(contents.read(pack, packs.withdrawal_days(pack)))
        ]
        assert set(sheets_first) == {gettext("Withdrawn stories")}


def test_no_list_shows_a_pack_that_lost_its_only_story(
    cast: Cast, run_queued: Callable[[], None]
) -> None:
    told("al-kursi-al-farigh", author=cast.survivor)
    pack = loading.put_pack(read("packs/al-makan-al-khali.toml"))
    lists = ("/ar/", "/library/", f"/search/?q={pack.title}")

    def listed() -> list[str]:
        return [url for url in lists if pack.title in cards_of(url)]

    assert listed() == list(lists)
    document = sources.document(PAGE, str(pack.pk))
    assert document is not None
    told_before = OutboxEntry.objects.filter(key=str(pack.pk)).count()
    stories.withdraw_story(story=Story.objects.get(), by=cast.survivor)
    assert listed() == []
    run_queued()
    assert listed() == []
    assert sources.document(PAGE, str(pack.pk)) is None
    told_now = OutboxEntry.objects.filter(key=str(pack.pk))
    assert told_now.count() == told_before + 1
    assert told_now.order_by("seq").last().lane == Lane.WITHDRAWALS
    assert Client().get("/library/").context["results"].total == 0


def cards_of(url: str) -> str:
    page = Client().get(url).content.decode().partition("<main")[2]
    return " ".join(re.findall(r"card-link[^>]*>([^<]*)<", page))


def test_a_hidden_story_that_is_back_brings_its_pack_back(
    cast: Cast, run_queued: Callable[[], None]
) -> None:
    page = told("al-kursi-al-farigh", author=cast.survivor)
    pack = loading.put_pack(read("packs/al-makan-al-khali.toml"))
    page.unpublish()
    assert contents.bereft([pack.pk]) == {pack.pk}
    assert Client().get("/library/").context["results"].total == 0
    page.save_revision().publish()
    run_queued()
    assert contents.bereft([pack.pk]) == set()
    assert pack.title in cards_of("/library/")
    assert download(pack)


def test_lists_of_packs_cost_no_query_each(cast: Cast) -> None:
    told("al-kursi-al-farigh", author=cast.survivor)
    data = read("packs/al-makan-al-khali.toml")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get("/library/").context["results"].total
        return len(captured)

    loading.put_pack(data)
    cost()
    few = cost()
    for number in range(4):
        loading.put_pack({**data, "slug": f"more-{number}"})
    cost()
    assert cost() == few


def all_sheets(found: contents.PackContents) -> list[Sheet]:
    return [
        sheets.lesson_plan(found),
        sheets.before_you_teach(found),
        sheets.pupils_sheet(found),
    ]


def test_a_step_falls_out_with_the_story_that_it_was_built_on(
    cast: Cast, run_queued: Callable[[], None]
) -> None:
    told("tariq-al-awda", author=cast.former)
    told("rasael-ila-akhi")
    data = read("packs/bab-yabqa-muwariban.toml")
    pack = loading.put_pack(data)
    first = "نستمع إلى التسجيل"  # to the story that goes
    second = "قراءة صامتة للقصة الثانية"
    before = said(download(pack))
    assert first in before
    assert second in before
    text = withdrawn_from(pack, Story.objects.get(author=cast.former), run_queued)
    assert first not in text
    assert second in text
    assert "سُحبت قصص من هذه الحقيبة" in text.split(second)[0]


def test_a_pack_names_its_subject_in_its_own_language(db: None) -> None:
    told("al-kursi-al-farigh")
    pack = loading.put_pack(read("packs/al-makan-al-khali.toml"))
    assert pack.subject == "Ethics"
    text = said(download(pack)) + Client().get(pack.url).content.decode()
    assert "الأخلاق" in text
    assert "Ethics" not in text


def test_a_pack_is_built_anew_for_another_address(pack: PackPage) -> None:
    with override_settings(BASE_URL="http://localhost:8199"):
        build = packs.build_pack(pack=pack)
    assert build is not None
    assert build.number == 2
    found = download(pack)
    page = json.loads(found.read("manifest.json"))["page"]
    assert page.startswith("http://localhost:8199/")
    assert "http://localhost:8000" not in said(found)


def test_the_worker_makes_up_for_a_lost_task(
    pack: PackPage, story_page: StoryPage, authors_story: Story
) -> None:
    from django_tasks_db.models import DBTaskResult

    stories.withdraw_story(story=authors_story, by=authors_story.author)
    DBTaskResult.objects.all().delete()
    assert packs.build_missing() == 1
    assert packs.build_missing() == 0
    assert not PackBuild.objects.get(pack=pack).is_stale


def test_only_stories_agreed_for_lessons_and_downloads_are_packed(cast: Cast) -> None:
    data = read("stories/leaving-twice.toml")
    data["uses"] = ["site", "classroom"]
    loading.put_story(data, loading.Path("demo/content/media"))
    pack = read("packs/the-pull-and-the-push.toml")
    pack["stories"] = ["leaving-twice"]
    made = loading.put_pack(pack)
    assert PackBuild.objects.get(pack=made).manifest["stories"] == []
    assert "Leaving twice" not in Client().get(made.url).content.decode()


def test_a_download_is_counted_once(pack: PackPage) -> None:
    url = f"/files/pack/{pack.translation_key}/"
    Client().get(url)
    Client().head(url)
    Client().get(url, headers={"range": "bytes=0-9"})
    assert PackBuild.objects.get(pack=pack).downloads == 1
    disposition = Client().get(url)["Content-Disposition"]
    assert disposition == 'attachment; filename="the-pull-and-the-push-1.zip"'


def test_a_pack_that_is_not_on_the_site_is_hidden(pack: PackPage) -> None:
    pack.unpublish()
    assert Client().get(f"/files/pack/{pack.translation_key}/").status_code == 404


# --- Arabic ---


def drawn_glyphs(body: bytes) -> list[list[int]]:
    """The glyph numbers of each line of a PDF, from left to right as they stand."""
    lines = []
    with pikepdf.open(io.BytesIO(body)) as found:
        for page in found.pages:
            maps = {name: gid_map(font) for name, font in page.Resources.Font.items()}
            current: dict[int, int] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = maps[str(operands[0])]
                elif str(operator) == "BT":
                    lines.append([])
                elif str(operator) == "Tj":
                    raw = bytes(operands[0])
                    codes = [
                        int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2)
                    ]
                    lines[-1] += [current[code] for code in codes]
    return [line for line in lines if line]


def gid_map(font: pikepdf.Object) -> dict[int, int]:
    """Code of a character in the page -> its letters, as `/ToUnicode` tells them."""
    text = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9A-F]{4})>\s*<([0-9A-F]+)>", text.upper())
    return {int(code, 16): int(value, 16) for code, value in pairs}


def shaped(text: str) -> tuple[list[str], list[str]]:
    """Glyph names by HarfBuzz, joined; and those of the letters standing alone."""
    face = hb.Face((pdf.FONTS / "print-400.ttf").read_bytes())
    font = hb.Font(face)

    def names(piece: str) -> list[str]:
        buffer = hb.Buffer()
        buffer.add_str(piece)
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        return [font.glyph_to_string(info.codepoint) for info in buffer.glyph_infos]

    alone = [name for letter in reversed(text) for name in names(letter)]
    return names(text), alone


def sheet(text: str) -> Sheet:
    return Sheet("ar", "عنوان", "ورقة", [Section("", [Block("paragraph", (text,))])])


def test_arabic_letters_join_and_run_from_the_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is drawn are the joined glyphs, in one piece."""
    seen: list[list[str]] = []
    from fpdf.fonts import TTFFont

    plain = TTFFont.shape_text

    def watched(self: TTFFont, text: str, *args: object) -> object:
        infos, _positions = self.perform_harfbuzz_shaping(text, *args)
        seen.append([self.ttfont.getGlyphName(info.codepoint) for info in infos])
        return plain(self, text, *args)

    monkeypatch.setattr(TTFFont, "shape_text", watched)
    pdf.draw(sheet(ARABIC), dated=DATED)
    joined, alone = shaped(ARABIC)
    assert joined != alone
    assert joined in seen  # one whole piece: a vowel sign does not cut it


def test_arabic_text_can_be_read_out_of_the_pdf() -> None:
    body = pdf.draw(sheet(ARABIC), dated=DATED)
    letters = {
        chr(number)
        for line in drawn_glyphs(body)
        for number in line
        if number < 0x110000
    }
    assert set("يفرقبنتسلعر") <= letters


def test_mixed_lines_stay_inside_the_margins() -> None:
    text = "انظر http://example.org/ar/stories/x قبل الدرس " * 12
    drawing = pdf.SheetPDF(sheet(text), DATED)
    drawing.add_page()
    drawing.use(pdf.BODY)
    width = drawing.epw - 2 * drawing.c_margin
    lines = list(drawing.broken(text, width))
    assert len(lines) > 4
    for line in lines:
        assert drawing.get_string_width(line) <= width * 1.01
    assert " ".join(lines) == " ".join(text.split())


def test_an_address_in_arabic_keeps_its_last_slash_at_its_end(db: None) -> None:
    page = told("tariq-al-awda")
    data = read("packs/bab-yabqa-muwariban.toml")
    pack = loading.put_pack({**data, "stories": ["tariq-al-awda"]})
    body = download(pack).read("stories/tariq-al-awda.pdf")
    assert f"http://localhost:8000{page.get_url()}" in Printed(body).text


def test_arabic_paragraphs_of_the_document_run_from_the_right(db: None) -> None:
    told("tariq-al-awda")
    data = read("packs/bab-yabqa-muwariban.toml")
    pack = loading.put_pack(data)
    body = download(pack).read("lesson-plan.docx")
    filled = [line for line in Document(io.BytesIO(body)).paragraphs if line.text]
    assert len(filled) > 20
    for line in filled:
        assert line._p.pPr is not None
        assert line._p.pPr.find(qn("w:bidi")) is not None, line.text
