from __future__ import annotations

import json
import unicodedata

import pytest

from network import cities_table, countries
from network.folding import fold

LANGUAGES = ("en", "ar", "fr", "de", "es")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name_of_its_own_in_the_script(language: str) -> None:
    named = dict(countries.country_choices(language))
    assert len(named) > 240
    assert len(set(named.values())) == len(named)
    script = "ARABIC" if language == "ar" else "LATIN"
    for code, name in named.items():
        letter = next(letter for letter in name if letter.isalpha())
        assert unicodedata.name(letter).startswith(script), code


def test_all_five_languages_and_no_other_are_in_the_table() -> None:
    table = json.loads(countries.TABLE.read_text(encoding="utf-8"))
    assert {tuple(sorted(names)) for names in table.values()} == {
        tuple(sorted(LANGUAGES))
    }


def test_every_town_is_in_a_named_country() -> None:
    codes = {code.decode() for code in cities_table.load().countries}
    assert all(countries.is_country(code) for code in codes)


def test_choices_follow_the_readers_alphabet() -> None:
    names = [fold(name) for _, name in countries.country_choices("fr")]
    assert names == sorted(names)
    assert names.index("emirats arabes unis") < names.index("france")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_leads_back_to_its_code(language: str) -> None:
    for code, name in countries.country_choices(language):
        assert countries.country_code(name) == code
        assert countries.country_code(code.lower()) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("UK", "GB"),
        ("turkey", "TR"),
        ("Türkei", "TR"),
        ("فلسطين", "PS"),
        ("السعودية", "SA"),
        ("Holland", "NL"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_common_names_are_read(typed: str, code: str | None) -> None:
    assert countries.country_code(typed) == code


def test_beginnings_of_names() -> None:
    assert countries.codes_beginning("swe") == {"SE"}
    assert countries.codes_beginning("se") >= {"SE", "SN", "RS"}
    assert countries.codes_beginning("xyz") == set()
