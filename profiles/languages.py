"""Languages that people speak, named in themselves and in the site's languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from network.folding import fold, without_article

INTERFACE_LANGUAGES = ("en", "ar", "fr", "de", "es")

_TABLE = Path(__file__).parent / "data" / "languages.json"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639-1, or 639-3 where that has none (Dari, Sorani, Romani …)."""

    code: str
    autonym: str
    direction: Literal["ltr", "rtl"]
    names: Mapping[str, str]

    @property
    def english(self) -> str:
        return self.names["en"]


def language(code: str) -> Language:
    """Raises KeyError when it is not in the list."""
    return _languages()[code]


def is_language(code: str) -> bool:
    return code in _languages()


def all_languages() -> tuple[Language, ...]:
    return tuple(_languages().values())


def name(code: str, in_language: str) -> str:
    """The name to a reader of `in_language`; English where that is not one of ours.

    An unknown code names itself, for it may come from an older list.
    """
    if code not in _languages():
        return code
    names = _languages()[code].names
    return names.get(in_language.split("-")[0], names["en"])


def names(code: str, in_language: str) -> tuple[str, str]:
    """The language's own name and the reader's: ("Deutsch", "German")."""
    known = _languages().get(code)
    return (known.autonym if known else code), name(code, in_language)


def choices(in_language: str) -> list[tuple[str, str]]:
    """Code and name, the site's own languages first, then by the reader's alphabet."""
    named = [(code, name(code, in_language)) for code in _languages()]
    return sorted(
        named, key=lambda pair: (pair[0] not in INTERFACE_LANGUAGES, fold(pair[1]))
    )


def resolve(text: str, in_language: str) -> str | None:
    """The code of a language typed by name, own name or code, whatever the case."""
    return _by_name(in_language.split("-")[0]).get(fold(text))


@cache
def _by_name(in_language: str) -> Mapping[str, str]:
    # Two letters before three: "Kurdish" alone is taken for Kurmanji, not Sorani.
    known = sorted(all_languages(), key=lambda each: len(each.code))
    codes = {each.code: each.code for each in known}
    codes |= {fold(each.autonym): each.code for each in reversed(known)}
    for reader in dict.fromkeys((in_language, "en", *INTERFACE_LANGUAGES)):
        for each in known:
            for form in _forms(name(each.code, reader)):
                codes.setdefault(form, each.code)
    return MappingProxyType(codes)


def _forms(name: str) -> list[str]:
    """The name, and "Chinese (Mandarin)" also by either of its words."""
    written = [name, *name.rstrip(")").split(" (")]
    folded = [fold(each) for each in written]
    return [*folded, *map(without_article, folded)]


@cache
def _languages() -> Mapping[str, Language]:
    rows = json.loads(_TABLE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            row["code"]: Language(
                row["code"],
                row["autonym"],
                row["direction"],
                MappingProxyType(row["names"]),
            )
            for row in rows
        }
    )
