"""Words out of texts, the same for both engines: letters evened out, tokens, trigrams.

`prepare` evens out what no stemmer should see, before a language's own analysis;
`fold` goes further, to the plain form that vocabulary and trigrams are made of.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

STEMMED: Final = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "ar": "arabic",
}
OTHER: Final = "other"
TRIGRAM_FROM: Final = 4
TRIGRAM_SHARE: Final = 0.6

MARKS: Final = "".join(
    chr(code) for code in range(0x10000) if unicodedata.category(chr(code))[0] == "M"
)
TOKEN: Final = re.compile(
    rf"[\w{MARKS}]+(?:['’.:][^\W\d_][\w{MARKS}]*|[.,]\d[\d]*)*",
)

_ARABIC: Final = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ى"): "ي",
    ord("ة"): "ه",
    ord("ـ"): None,
    ord("\u0670"): None,
    **dict.fromkeys(range(1611, 1619)),
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    ord("’"): "'",
    ord("ʼ"): "'",
}
_ARABIC_FIRST: Final = re.compile(
    r"\b(?:و(?=\w{4}))?(?:(?:[وبكف]?ال|لل)(?=\w{2}))?", re.UNICODE
)
_FRENCH_FIRST: Final = re.compile(
    r"\b(?:[ldmtnsjc]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)", re.IGNORECASE
)
_ENGLISH_LAST: Final = re.compile(r"(?<=\w)'s\b", re.IGNORECASE)

_UNCOMPOSED: Final = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "þ": "th",
}


def field_language(language: str) -> str:
    """The language whose fields hold a text: one with a stemmer, or `other`."""
    code = language.split("-")[0].lower()
    return code if code in STEMMED else OTHER


def prepare(text: str, language: str) -> str:
    """Arabic letters to their plain forms, and the articles that cling to words off."""
    text = unicodedata.normalize("NFKC", text).translate(_ARABIC)
    match field_language(language):
        case "ar":
            return _ARABIC_FIRST.sub("", text)
        case "fr":
            return _FRENCH_FIRST.sub("", text)
        case "en":
            return _ENGLISH_LAST.sub("", text)
    return text


def fold(text: str) -> str:
    """Lower case without the accents of Latin letters; other scripts keep theirs."""
    plain = unicodedata.normalize("NFKC", text).translate(_ARABIC).lower()
    return plain.translate(_LATIN)


def words(text: str) -> list[str]:
    """The folded tokens of a text, in order, repeated ones too."""
    return TOKEN.findall(fold(text))


@lru_cache(maxsize=16_384)
def trigrams(word: str) -> tuple[str, ...]:
    """The distinct three-letter pieces of a folded word; the first marks its start."""
    padded = f"_{word}"
    pieces = (padded[at : at + 3] for at in range(len(padded) - 2))
    return tuple(dict.fromkeys(pieces))


def trigrams_needed(word: str) -> int:
    return max(2, round(TRIGRAM_SHARE * len(trigrams(word))))


def required_words(count: int) -> int:
    """How many words of a query a text must have: three quarters if more than two."""
    return count if count <= 2 else count * 3 // 4


def _latin() -> dict[int, str]:
    table = {ord(letter): plain for letter, plain in _UNCOMPOSED.items()}
    for code in (*range(0x00DF, 0x0250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))
        if len(plain) > 1 and plain[0].isascii():
            table[code] = plain[0]
    return table


_LATIN: Final = _latin()
