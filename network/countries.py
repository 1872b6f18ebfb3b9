"""The names of countries in the site's languages, from Unicode's CLDR."""

import json
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

TABLE = Path(__file__).parent / "data" / "countries.json"


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


def country_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Code and name of each, by name; letters with accents stand beside their own."""
    named = [(code, country_name(code, language)) for code in _names()]
    return sorted(named, key=lambda pair: _plain(pair[1]))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode() or name
