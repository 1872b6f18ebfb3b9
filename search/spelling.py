"""What a word that occurs nowhere was meant to be, from words that occur."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final, Protocol

from search.text import TOKEN, fold, words

WORDINGS: Final = 4
COMPLETIONS: Final = 8
LEAST_PREFIX: Final = 2


class Vocabulary(Protocol):
    """The words of those texts that one viewer may see, and of no others."""

    def unknown(self, asked: Sequence[str]) -> set[str]:
        """Which of the words occur in no form."""

    def near(self, word: str) -> Mapping[str, int]:
        """Words within two edits or so with the same first letter, and their counts."""

    def beginning(self, prefix: str) -> Mapping[str, int]:
        """Words that begin so, and their counts."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """The texts to search for, the likeliest first; `suggestion` if it was mended."""

    texts: tuple[str, ...]
    suggestion: str | None


def wordings(text: str, vocabulary: Vocabulary, *, prefix: bool) -> Wordings:
    """A text as it stands, or with its unknown words mended or its last one completed.

    An unknown word that nothing resembles stays, and with it what is asked for.
    """
    asked = words(text)
    unknown = vocabulary.unknown(asked)
    choices: dict[str, list[str]] = {}
    if prefix and asked:
        known = [] if asked[-1] in unknown else [asked[-1]]
        completed = _commonest(vocabulary.beginning(asked[-1]))
        choices[asked[-1]] = list(dict.fromkeys([*known, *completed]))
    for word in unknown:
        if not choices.get(word):
            choices[word] = corrections(word, vocabulary.near(word))
    mended = any(choices.get(word) for word in unknown) and not prefix
    texts = _combined(text, choices)
    return Wordings(texts, texts[0] if mended else None)


def corrections(word: str, candidates: Mapping[str, int]) -> list[str]:
    """Those at the fewest edits, if a word so long may have them, commonest first."""
    allowed = edits_allowed(word)
    ranked = sorted(
        (edits, -count, candidate)
        for candidate, count in candidates.items()
        if 0 < (edits := edit_distance(word, candidate, allowed)) <= allowed
    )
    nearest = [entry for entry in ranked if entry[0] == ranked[0][0]]
    return [candidate for _, _, candidate in nearest[:WORDINGS]]


def edits_allowed(word: str) -> int:
    if any(letter.isdigit() for letter in word) or len(word) < 4:
        return 0
    return 1 if len(word) < 6 else 2


def edit_distance(one: str, other: str, limit: int) -> int:
    """Letters added, dropped, changed, swapped with a neighbour; limit + 1 if more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        before, row, last = row, [at + 1], before
        for to, against in enumerate(other):
            cost = min(
                before[to + 1] + 1, row[to] + 1, before[to] + (letter != against)
            )
            if at and to and letter == other[to - 1] and one[at - 1] == against:
                cost = min(cost, last[to - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _commonest(counts: Mapping[str, int]) -> list[str]:
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [word for word, _ in ranked[:COMPLETIONS]]


def _combined(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    changed = [word for word, options in choices.items() if options]
    options = (choices[word] for word in changed)
    limit = max(WORDINGS, *(len(choices[word]) for word in changed), 1)
    combinations: Iterable[tuple[str, ...]] = islice(product(*options), limit)
    return tuple(
        _replaced(text, dict(zip(changed, chosen, strict=True)).get)
        for chosen in combinations
    )


def _replaced(text: str, choice: Callable[[str], str | None]) -> str:
    return TOKEN.sub(lambda match: choice(fold(match[0])) or match[0], text)
