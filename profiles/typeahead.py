"""Type-ahead over a short list of terms: by beginnings, then inside, then mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from network.folding import fold, without_article

EXACT, BEGINS, WORD_BEGINS, WORDS_BEGIN, INSIDE, MISTYPED = range(6)

SHORTEST_INSIDE = 3  # letters; fewer would match nearly every term
SHORTEST_MISTYPED = 5


@dataclass(frozen=True, slots=True)
class Term:
    """One name of an entry. Among equal matches the lowest `weight` comes first."""

    key: str
    text: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    term: Term
    rank: int


class TypeAhead:
    """Terms folded once; a look-up reads all of them, so keep it to some thousands."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: Sequence[Term] = tuple(terms)
        self._padded = [_padded(term.text) for term in self._terms]
        self._exact: dict[str, Term] = {}
        self._places: dict[str, set[int]] = {}
        for place, term in enumerate(self._terms):
            for form in _forms(fold(term.text)):
                self._exact.setdefault(form, term)
            for word in self._padded[place].split():
                self._places.setdefault(word, set()).add(place)
        self._words = "\n".join(self._places)

    def exact(self, text: str) -> Term | None:
        """The term spelt so, but for case, accents and a leading Arabic article."""
        return next(
            (self._exact[form] for form in _forms(fold(text)) if form in self._exact),
            None,
        )

    def find(self, text: str, limit: int) -> list[Found]:
        """At most one per key, best first."""
        query = " ".join(fold(text).split())
        return _best(self._spelt(query), limit) if query else []

    def guess(self, text: str, limit: int) -> list[Found]:
        """The same for a query with a slip in one or more words of five letters."""
        query = " ".join(fold(text).split())
        return _best(self._mistyped(query), limit) if query else []

    def _spelt(self, query: str) -> Iterator[Found]:
        words = query.split()
        stem = without_article(query)
        for place, padded in enumerate(self._padded):
            if (rank := _rank(query, words, padded)) is not None:
                yield Found(self._terms[place], rank)
            elif stem is not query and f" {stem}" in padded:
                yield Found(self._terms[place], WORD_BEGINS)

    def _mistyped(self, query: str) -> Iterator[Found]:
        words = query.split()
        if max(map(len, words)) < SHORTEST_MISTYPED:
            return
        places = set.intersection(*(self._near(word) for word in words))
        for place in places:
            yield Found(self._terms[place], MISTYPED)

    def _near(self, typed: str) -> set[int]:
        """Where a word begins with `typed`, give or take one slip of the finger."""
        if len(typed) < SHORTEST_MISTYPED:
            matching = [word for word in self._places if word.startswith(typed)]
        else:
            likely = _sieve(typed).findall(self._words)
            matching = [word for word in likely if begins_nearly(word, typed)]
        return set().union(*(self._places[word] for word in matching))


def _padded(text: str) -> str:
    """Every word after a space; an Arabic one without its article once more."""
    folded = fold(text)
    bare = [bare for word in folded.split() if (bare := without_article(word)) != word]
    return " ".join(["", folded, *bare])


def _forms(folded: str) -> tuple[str, ...]:
    bare = without_article(folded)
    return (folded,) if bare == folded else (folded, bare)


def _rank(query: str, words: list[str], padded: str) -> int | None:
    at = padded.find(query)
    if at < 0:
        if len(words) > 1 and all(f" {word}" in padded for word in words):
            return WORDS_BEGIN
        return None
    if at == 1:
        return EXACT if len(padded) == len(query) + 1 else BEGINS
    if f" {query}" in padded:
        return WORD_BEGINS
    return INSIDE if len(query) >= SHORTEST_INSIDE else None


def _order(found: Found) -> tuple[int, int, int, str]:
    term = found.term
    return found.rank, term.weight, len(term.text), term.text


def _best(found: Iterable[Found], limit: int) -> list[Found]:
    best: dict[str, Found] = {}
    for each in found:
        other = best.get(each.term.key)
        if other is None or _order(each) < _order(other):
            best[each.term.key] = each
    return sorted(best.values(), key=_order)[:limit]


def _sieve(typed: str) -> re.Pattern[str]:
    """One slip leaves either half of a word whole, at its place or one beside it.

    Read over all words at once: ten times cheaper than letter by letter.
    """
    half = len(typed) // 2
    head, rest = re.escape(typed[: half - 1]), re.escape(typed[half:])
    return re.compile(f"^(?:{head}|.{{{half - 1},{half + 1}}}{rest}).*$", re.MULTILINE)


def begins_nearly(word: str, typed: str) -> bool:
    """Whether `word` begins with `typed` but for one letter changed, added, left out
    or two neighbours swapped."""
    at = next(
        (i for i, (a, b) in enumerate(zip(word, typed, strict=False)) if a != b),
        min(len(word), len(typed)),
    )
    changed = word.startswith(typed[at + 1 :], at + 1)
    added = word.startswith(typed[at + 1 :], at)
    left_out = word.startswith(typed[at:], at + 1)
    swapped = word[at : at + 2] == typed[at : at + 2][::-1] and word.startswith(
        typed[at + 2 :], at + 2
    )
    return changed or added or left_out or swapped
