"""A sheet as a PDF. Arabic is shaped and set from the right, mixed lines too.

Shaping is HarfBuzz's; the fonts stand in `cms/fonts`, so that no system library and no
installed font is needed. Dates are given, not taken: the same sheet, the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, TextDirection, XPos, YPos
from fpdf.line_break import Fragment

from cms.packs.sheets import Section, Sheet
from cms.text import Block, direction

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FAMILY = "print"
INK, BRAND, SOFT = (29, 42, 46), (11, 90, 94), (74, 88, 93)
MARGIN, INDENT = 20.0, 6.0  # mm
BODY, LINE = 11.0, 5.9  # pt, mm
HEADINGS = {2: (14.0, 7.0), 3: (12.0, 6.2)}
BULLET = "•"


class SheetPDF(FPDF):
    def __init__(self, sheet: Sheet, dated: datetime) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        self.widths: dict[tuple[str, str, float], float] = {}
        self.is_rtl = direction(sheet.language) == "rtl"
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 4)
        self.set_creation_date(dated)
        self.set_title(f"{sheet.kind}: {sheet.title}")
        self.set_lang(sheet.language)
        self.set_producer("Waymark")
        self._load_fonts()
        self.set_text_color(*INK)

    def _load_fonts(self) -> None:
        self.add_font(FAMILY, "", FONTS / "print-400.ttf")
        self.add_font(FAMILY, "B", FONTS / "print-700.ttf")
        self.set_text_shaping(
            use_shaping_engine=True,
            direction=TextDirection.RTL if self.is_rtl else TextDirection.LTR,
        )

    def _parse_chars(
        self, text: str, markdown: bool, *, _initial_emphasis: object = None
    ) -> Iterator[Fragment]:
        """fpdf2 begins a new piece at each vowel sign, which is of no script of its
        own, and letters of two pieces do not join. There is one font: one piece."""
        yield Fragment(text, self._get_current_graphics_state(), self.k)

    @property
    def start(self) -> Align:
        return Align.R if self.is_rtl else Align.L

    def use(self, size: float, *, bold: bool = False) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)

    def write_lines(self, text: str, height: float, *, indent: float = 0.0) -> None:
        """One paragraph; `indent` in mm from the side where the line starts."""
        left = self.l_margin if self.is_rtl else self.l_margin + indent
        for line in self.broken(text, self.epw - indent - 2 * self.c_margin):
            self.set_x(left)
            self.cell(
                self.epw - indent,
                height,
                line,
                align=self.start,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )

    def broken(self, text: str, width: float) -> Iterator[str]:
        """Lines at most `width` mm wide. By words: fpdf2's own way shapes the line
        anew for each letter, which makes a pack take seconds."""
        line: list[str] = []
        used = 0.0
        space = self.width_of("n n") - 2 * self.width_of("n")
        for word in text.split():
            wide = self.width_of(word)
            if line and used + space + wide > width:
                yield " ".join(line)
                line, used = [], 0.0
            used += wide + (space if line else 0.0)
            line.append(word)
        if line:
            yield " ".join(line)

    def width_of(self, word: str) -> float:
        key = (word, self.font_style, self.font_size_pt)
        known = self.widths.get(key)
        if known is None:
            known = self.widths[key] = self.get_string_width(word)
        return known

    def footer(self) -> None:
        self.set_y(-15)
        self.use(8.5)
        self.set_text_color(*SOFT)
        text = f"{self.sheet.foot} · {self.page_no()}"
        self.cell(0, 6, text, align=self.start)
        self.set_text_color(*INK)


def draw(sheet: Sheet, *, dated: datetime) -> bytes:
    pdf = SheetPDF(sheet, dated)
    pdf.add_page()
    _head(pdf)
    for section in sheet.sections:
        _section(pdf, section)
    return bytes(pdf.output())


def _head(pdf: SheetPDF) -> None:
    pdf.use(10, bold=True)
    pdf.set_text_color(*BRAND)
    pdf.write_lines(pdf.sheet.kind, 5.5)
    pdf.use(21, bold=True)
    pdf.set_text_color(*INK)
    pdf.write_lines(pdf.sheet.title, 10)
    pdf.use(9.5)
    pdf.set_text_color(*SOFT)
    for label, value in pdf.sheet.facts:
        pdf.write_lines(f"{label}: {value}", 5)
    pdf.set_text_color(*INK)
    pdf.ln(2)
    pdf.set_draw_color(*BRAND)
    pdf.set_line_width(0.6)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + pdf.epw, pdf.get_y())
    pdf.ln(4)


def _section(pdf: SheetPDF, section: Section) -> None:
    if section.heading:
        size, height = HEADINGS[section.level]
        if pdf.will_page_break(height + 3 * LINE):
            pdf.add_page()
        pdf.ln(2)
        pdf.use(size, bold=True)
        pdf.set_text_color(*(BRAND if section.level == 2 else INK))
        pdf.write_lines(section.heading, height)
        pdf.set_text_color(*INK)
        pdf.ln(1)
    pdf.use(BODY)
    for block in section.blocks:
        _block(pdf, block)


def _block(pdf: SheetPDF, block: Block) -> None:
    if block.kind != "list":
        pdf.write_lines(block.text, LINE)
        pdf.ln(2)
        return
    for line in block.lines:
        _item(pdf, line)
    pdf.ln(1.5)


def _item(pdf: SheetPDF, line: str) -> None:
    if pdf.will_page_break(LINE):
        pdf.add_page()
        pdf.use(BODY)
    top = pdf.get_y()
    pdf.set_x(pdf.l_margin)
    pdf.cell(pdf.epw, LINE, BULLET, align=pdf.start)
    pdf.set_xy(pdf.l_margin, top)
    pdf.write_lines(line, LINE, indent=INDENT)
    pdf.ln(0.6)
