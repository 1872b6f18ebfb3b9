from __future__ import annotations

import json
import unicodedata

import pytest
from django.test import Client

from network import cities_table, countries
from network.folding import fold
from network.models import Helpline

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


@pytest.mark.parametrize(
    ("code", "within"),
    [
        ("GB", "the United Kingdom"),
        ("us", "the United States"),
        ("NL", "the Netherlands"),
        ("PH", "the Philippines"),
        ("CF", "the Central African Republic"),
        ("MV", "the Maldives"),
        ("FR", "France"),
        ("LB", "Lebanon"),
        ("VA", "Vatican City"),
        ("CG", "Congo - Brazzaville"),
        ("ZZ", "ZZ"),
    ],
)
def test_english_says_the_before_some_within_a_sentence(code: str, within: str) -> None:
    assert countries.country_within(code, "en") == within


@pytest.mark.parametrize("language", ["ar", "fr", "de", "es"])
def test_other_languages_keep_their_names_within_a_sentence(language: str) -> None:
    for code, name in countries.country_choices(language):
        assert countries.country_within(code, language) == name


def test_no_plural_or_kingdom_was_forgotten() -> None:
    """The others in -s and -Islands are names of one place, or two joined by "&"."""
    bare = {"PM", "VC", "GS", "KN", "BB", "BY", "CY", "HN", "LA", "MU", "CX", "NF"}
    for code, name in countries.country_choices("en"):
        says_so = name.endswith("s") or any(
            word in name for word in ("United", "Republic", "Territor", "Isle ")
        )
        if says_so and code not in bare:
            assert countries.country_within(code, "en") == f"the {name}"


@pytest.mark.django_db
def test_the_foot_of_each_page_speaks_of_the_country_in_a_sentence() -> None:
    Helpline.objects.create(country="GB", name="Line", number="116 123")
    client = Client()
    client.post("/country/", {"country": "GB"})
    assert (
        "help in the United Kingdom:" in client.get("/get-involved/").content.decode()
    )
