"""An excerpt with its matching words apart, as pieces of plain text."""

from collections.abc import Iterable, Sequence
from typing import Final

from search.embedded.analysis import stems
from search.embedded.schema import Stored
from search.engine import Fragment
from search.indexing import BODY, SUMMARY
from search.text import (
    OTHER,
    TOKEN,
    TRIGRAM_FROM,
    fold,
    trigrams,
    trigrams_needed,
    words,
)

EXCERPT: Final = 240
BEFORE: Final = 60
LOOKED_AT: Final = 20_000

Span = tuple[int, int]


def excerpt(stored: Stored, texts: Iterable[str]) -> tuple[Fragment, ...]:
    """The summary with its matches, else the body around its first, else the start."""
    wanted = _Wanted(stored.language, texts)
    for part in (SUMMARY, BODY):
        text = stored.parts[part]
        spans = [
            match.span()
            for match in TOKEN.finditer(text, 0, LOOKED_AT)
            if wanted.includes(match[0])
        ]
        if spans:
            return _cut(text, spans)
    return _cut(stored.parts[SUMMARY] or stored.parts[BODY], [])


class _Wanted:
    def __init__(self, language: str, texts: Iterable[str]) -> None:
        asked = list(texts)
        self._language = language
        self._stems = {stem for text in asked for stem in stems(text, language)}
        self._alike = (
            [word for text in asked for word in words(text)]
            if language == OTHER
            else []
        )

    def includes(self, token: str) -> bool:
        if self._stems.intersection(stems(token, self._language)):
            return True
        return any(_resembles(fold(token), word) for word in self._alike)


def _resembles(token: str, word: str) -> bool:
    if len(word) < TRIGRAM_FROM:
        return False
    shared = set(trigrams(word)).intersection(trigrams(token))
    return len(shared) >= trigrams_needed(word)


def _cut(text: str, spans: Sequence[Span]) -> tuple[Fragment, ...]:
    start, end = _window(text, spans[0][0] if spans else 0)
    pieces: list[Fragment] = []
    at = start
    for first, last in spans:
        if start <= first and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    return tuple(piece for piece in pieces if piece[0])


def _window(text: str, first: int) -> Span:
    """Where to cut so that no word is torn, if a blank is near."""
    start = max(0, first - BEFORE) if first > EXCERPT - BEFORE else 0
    end = min(len(text), start + EXCERPT)
    if start:
        start = min(first, text.find(" ", start, first) + 1 or start)
    if end < len(text):
        end = max(text.rfind(" ", first + 1, end), 0) or end
    return start, end
