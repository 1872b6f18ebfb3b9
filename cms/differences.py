"""What one wording changes in another, word by word, for whoever is asked to agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from cms.text import HEADING, ITEM, Block, blocks

BREAK = "¶"
MARKS = {"heading": HEADING, "list": ITEM}
SHORTEST = 3  # fewer words kept between two changes read better as part of them


class Kind(StrEnum):
    KEPT = "kept"
    GONE = "gone"
    NEW = "new"
    SKIPPED = "skipped"  # lines without a change


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str = ""


Line = list[Piece]
Words = list[str]


@dataclass(frozen=True)
class Step:
    """Words that stay, or words that others took the place of; either may be none."""

    gone: Words
    new: Words
    is_kept: bool


def changed_lines(before: str, after: str) -> list[Line]:
    """The lines with a change in them; each run of others is one skipped piece."""
    found: list[Line] = []
    for line in lines_of(steps(words_of(before), words_of(after))):
        if any(piece.kind != Kind.KEPT for piece in line):
            found.append(line)
        elif not found or found[-1] != [Piece(Kind.SKIPPED)]:
            found.append([Piece(Kind.SKIPPED)])
    return found


def words_of(text: str) -> Words:
    """As it would be set: a line break within a paragraph is only a space."""
    words: Words = []
    for block in blocks(text):
        for line in lines_in(block):
            words += [*line.split(), BREAK]
    return words[:-1]


def lines_in(block: Block) -> list[str]:
    if block.kind == "paragraph":
        return [block.text]
    return [f"{MARKS[block.kind]}{line}" for line in block.lines]


def steps(before: Words, after: Words) -> list[Step]:
    """difflib counts a word in a hundred or more as too common to begin with; that
    keeps a long text of one word from taking minutes."""
    found: list[Step] = []
    matcher = SequenceMatcher(None, before, after)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        found.append(Step(before[i1:i2], after[j1:j2], tag == "equal"))
    return joined(found)


def joined(found: list[Step]) -> list[Step]:
    """Changes with next to nothing between them are one."""
    whole: list[Step] = []
    for at, step in enumerate(found):
        is_between = 0 < at < len(found) - 1
        if is_between and step.is_kept and is_scrap(step.new):
            step = Step(step.gone, step.new, is_kept=False)
        if whole and not whole[-1].is_kept and not step.is_kept:
            last = whole.pop()
            step = Step(last.gone + step.gone, last.new + step.new, is_kept=False)
        whole.append(step)
    return whole


def is_scrap(words: Words) -> bool:
    return len(words) < SHORTEST and BREAK not in words


def lines_of(found: list[Step]) -> list[Line]:
    lines: list[Line] = [[]]
    for step in found:
        for kind, words in parts_of(step):
            for piece, ends in pieces(kind, words):
                lines[-1] += [piece] if piece.text else []
                lines += [[]] if ends else []
    return [line for line in lines if line]


def parts_of(step: Step) -> list[tuple[Kind, Words]]:
    if step.is_kept:
        return [(Kind.KEPT, step.new)]
    return [(Kind.GONE, step.gone), (Kind.NEW, step.new)]


def pieces(kind: Kind, words: Words) -> Iterator[tuple[Piece, bool]]:
    """With whether its line ends there. A break that came or went is shown."""
    run: Words = []
    for word in words:
        if word == BREAK:
            shown = [] if kind == Kind.KEPT else [BREAK]
            yield Piece(kind, " ".join([*run, *shown])), True
            run = []
        else:
            run.append(word)
    yield Piece(kind, " ".join(run)), False
