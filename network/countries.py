"""The names of countries in the site's languages, from Unicode's CLDR."""

import json
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from network.folding import fold

TABLE = Path(__file__).parent / "data" / "countries.json"

# What people type, folded, where the table has another name.
_ALSO_CALLED = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "america": "US",
    "etats unis d amerique": "US",
    "امريكا": "US",
    "turkey": "TR",
    "czech republic": "CZ",
    "holland": "NL",
    "the netherlands": "NL",
    "ivory coast": "CI",
    "burma": "MM",
    "cape verde": "CV",
    "swaziland": "SZ",
    "palestine": "PS",
    "فلسطين": "PS",
    "palastina": "PS",
    "palestina": "PS",
    "bosnia": "BA",
    "bosnia and herzegovina": "BA",
    "democratic republic of the congo": "CD",
    "dr congo": "CD",
    "republic of the congo": "CG",
    "emirates": "AE",
    "uae": "AE",
    "الامارات": "AE",
    "السعوديه": "SA",
    "vatican": "VA",
}


# English says "the" before these, in the middle of a sentence.
_WITH_ARTICLE = {
    "AE", "AX", "BQ", "BS", "CC", "CF", "CK", "DO", "FK", "FO", "GB", "GM", "IM", "IO",
    "KM", "KY", "MH", "MP", "MV", "NL", "PH", "PN", "PS", "SB", "SC", "TC", "TF", "US",
    "VG", "VI",
}  # fmt: skip


@cache
def _names() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def is_country(code: str) -> bool:
    return code in _names()


def country_name(code: str, language: str | None = None) -> str:
    """The name in `language`, else in English; the code itself when it is unknown."""
    names = _names().get(code.upper())
    if names is None:
        return code
    wanted = (language or get_language() or "en").split("-")[0]
    return names.get(wanted, names["en"])


def country_within(code: str, language: str | None = None) -> str:
    """The name as it stands after "in": the United Kingdom."""
    name = country_name(code, language)
    is_english = name == country_name(code, "en") and not _is_translated(language)
    return f"the {name}" if is_english and code.upper() in _WITH_ARTICLE else name


def _is_translated(language: str | None) -> bool:
    """Whether the table has names of its own for it: "Bahamas" is German too."""
    wanted = (language or get_language() or "en").split("-")[0]
    return wanted != "en" and wanted in _names()["GB"]


def country_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Code and name of each, by name; letters with accents stand beside their own."""
    named = [(code, country_name(code, language)) for code in _names()]
    return sorted(named, key=lambda pair: fold(pair[1]))


def country_code(text: str) -> str | None:
    """The code of a country typed by code or by its name in any of the languages."""
    return _codes().get(fold(text))


def codes_beginning(text: str) -> set[str]:
    """Of countries whose code is so, or one of whose names begins so."""
    folded = fold(text)
    return {
        code
        for name, code in _codes().items()
        if name == folded or (len(name) > 2 and name.startswith(folded))
    }


@cache
def _codes() -> dict[str, str]:
    codes = {code.lower(): code for code in _names()} | _ALSO_CALLED
    for code, names in _names().items():
        for name in names.values():
            codes.setdefault(fold(name), code)
    return codes
