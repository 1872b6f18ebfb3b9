"""Texts are paragraphs, `## ` headings and `- ` lists; nothing in them is markup."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import get_language_info

HEADING, ITEM = "## ", "- "
LEFT_TO_RIGHT_MARK = "\u200e"
WORDS_A_MINUTE = 170  # a slow reader's pace; stories are heavy


@dataclass(frozen=True)
class Block:
    kind: str  # "heading", "list" or "paragraph"
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order; line breaks in a paragraph are spaces."""
    found = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in chunk.strip().splitlines() if line.strip()]
        for kind, group in groupby(lines, key=_kind):
            found += _blocks_of(kind, list(group))
    return found


def _kind(line: str) -> str:
    if line.startswith(HEADING):
        return "heading"
    return "list" if line.startswith(ITEM) else "paragraph"


def _blocks_of(kind: str, lines: list[str]) -> list[Block]:
    if kind == "heading":
        return [Block(kind, (line.removeprefix(HEADING).strip(),)) for line in lines]
    if kind == "list":
        return [Block(kind, tuple(line.removeprefix(ITEM).strip() for line in lines))]
    return [Block(kind, tuple(lines))]


def plain(text: str) -> str:
    """The lines of a text without the signs of its headings and lists."""
    return "\n".join(line for block in blocks(text) for line in block.lines)


def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def address_within(language: str, url: str) -> str:
    """An address as it stands in a text: without the mark its last slash would jump to
    the other end of a line that runs from the right."""
    return url + LEFT_TO_RIGHT_MARK if direction(language) == "rtl" else url


def language_name(language: str) -> str:
    """In the language itself, as its readers know it."""
    known = dict(settings.LANGUAGES)
    return known.get(language, language)


def minutes_to_read(text: str) -> int:
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))
