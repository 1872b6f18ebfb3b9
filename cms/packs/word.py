"""A sheet as an editable document; right-to-left paragraphs where the text is so."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from cms.packs.sheets import Section, Sheet
from cms.text import direction

BRAND = RGBColor(11, 90, 94)
FONT = {"ltr": "Calibri", "rtl": "Arial"}  # there on every machine that opens it


def write(sheet: Sheet, *, dated: datetime) -> bytes:
    document = Document()
    is_rtl = direction(sheet.language) == "rtl"
    _describe(document, sheet, dated)
    _set_style(document, is_rtl)
    _add(document, sheet.kind, "Subtitle", is_rtl)
    _add(document, sheet.title, "Title", is_rtl)
    for label, value in sheet.facts:
        _add(document, f"{label}: {value}", "Normal", is_rtl)
    for section in sheet.sections:
        _section(document, section, is_rtl)
    _add(document, sheet.foot, "Normal", is_rtl)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Any, sheet: Sheet, dated: datetime) -> None:
    """No author, no last editor: only what the sheet says itself."""
    facts = document.core_properties
    facts.title = f"{sheet.kind}: {sheet.title}"
    facts.author = facts.last_modified_by = "Waymark"
    facts.comments = ""
    facts.language = sheet.language
    facts.created = facts.modified = dated.replace(tzinfo=None)


def _set_style(document: Any, is_rtl: bool) -> None:
    style = document.styles["Normal"]
    style.font.name = FONT["rtl" if is_rtl else "ltr"]
    style.font.size = Pt(11)
    for name in ("Title", "Heading 2", "Heading 3"):
        document.styles[name].font.color.rgb = BRAND


def _section(document: Any, section: Section, is_rtl: bool) -> None:
    if section.heading:
        _add(document, section.heading, f"Heading {section.level}", is_rtl)
    for block in section.blocks:
        if block.kind == "list":
            for line in block.lines:
                _add(document, line, "List Bullet", is_rtl)
        else:
            _add(document, block.text, "Normal", is_rtl)


def _add(document: Any, text: str, style: str, is_rtl: bool) -> None:
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(text)
    if is_rtl:
        # w:bidi turns the paragraph, w:rtl the letters' font and digits
        paragraph._p.get_or_add_pPr().append(_element("w:bidi"))
        run._r.get_or_add_rPr().append(_element("w:rtl"))


def _element(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "1")
    return element
