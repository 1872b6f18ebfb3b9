"""An educator needs a lesson for tomorrow: three clicks, no account."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import docx
import pikepdf
import pytest
from fontTools.ttLib import TTFont

from tests.journeys.reading import Visitor, words


@dataclass
class Lesson:
    title: str
    visitor: Visitor
    archive: zipfile.ZipFile
    stories: list[str]  # as the pack's page names them

    def pdf(self, name: str) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.archive.read(name)))


def fetch(visitor: Visitor, language: str) -> Lesson:
    """The first pack of the list that is open, in this language."""
    title = words(visitor.page.all(f"//main//li//h2[@lang='{language}']")[0])
    visitor.follows(title)
    assert visitor.page.heading == title
    stories = [said for said, _at in visitor.page.links("//aside[@class='stack']")]
    answer = visitor.loads(download_button(visitor))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content)
    return Lesson(title, visitor, zipfile.ZipFile(io.BytesIO(body)), stories)


def download_button(visitor: Visitor) -> str:
    """In whichever language the page speaks."""
    [label] = {said for said, at in visitor.page.links() if "/files/pack/" in at}
    return label


@pytest.fixture
def lesson(visitor: Visitor) -> Lesson:
    visitor.follows("For educators", "//header")
    return fetch(visitor, "en")


def test_a_pack_is_three_clicks_from_the_front_page(lesson: Lesson) -> None:
    assert lesson.visitor.clicks == 3
    assert lesson.archive.testzip() is None
    assert "sessionid" not in lesson.visitor.client.cookies


def test_the_pack_holds_plan_document_story_and_the_sheet_to_read_first(
    lesson: Lesson,
) -> None:
    assert story_titles(lesson) == set(lesson.stories)
    for name in ("lesson-plan.pdf", "before-you-teach.pdf"):
        with lesson.pdf(name) as pdf:
            assert len(pdf.pages) >= 1
            assert lesson.title in str(pdf.docinfo["/Title"])
    document = docx.Document(io.BytesIO(lesson.archive.read("lesson-plan.docx")))
    assert lesson.title in "\n".join(line.text for line in document.paragraphs)


def test_the_page_shows_what_to_read_before_teaching_it(lesson: Lesson) -> None:
    headings = [each.text_content() for each in lesson.visitor.page.all("//main//h2")]
    assert "Before you teach this" in headings


def test_an_arabic_plan_brings_its_joined_letters_along(visitor: Visitor) -> None:
    visitor.follows("For educators", "//header")
    [arabic] = [said for said, _at in visitor.page.links("//main") if "العربية" in said]
    visitor.follows(arabic, "//main")
    lesson = fetch(visitor, "ar")
    with lesson.pdf("lesson-plan.pdf") as pdf:
        fonts = list(fonts_of(pdf))
        assert fonts
        for name, font in fonts:
            assert is_subset(name)
            assert joined_forms(font) > 20, name
    assert story_titles(lesson) == set(lesson.stories)


def story_titles(lesson: Lesson) -> set[str]:
    """The first line of each story's text."""
    names = [name for name in lesson.archive.namelist() if name.endswith(".txt")]
    texts = [name for name in names if name.startswith("stories/")]
    assert texts
    return {
        lesson.archive.read(name).decode("utf-8-sig").split("\r\n")[0] for name in texts
    }


def fonts_of(pdf: pikepdf.Pdf) -> Any:
    """Name and program of each font that stands in the file."""
    for each in pdf.objects:
        is_font = isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each
        if is_font:
            program = bytes(each["/FontFile2"].read_bytes())
            yield str(each["/FontName"]), TTFont(io.BytesIO(program))


def is_subset(name: str) -> bool:
    tag, plus, _rest = name.lstrip("/").partition("+")
    return plus == "+" and len(tag) == 6 and tag.isupper()


def joined_forms(font: TTFont) -> int:
    """How many outlines of letters at the beginning, in the middle and at the end of a
    word: nobody types them, so only a shaper can have put them there."""
    forms = range(0xFB50, 0xFEFD)
    return len([code for code in font.getBestCmap() if code in forms])
