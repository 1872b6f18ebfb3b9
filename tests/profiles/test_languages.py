from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from profiles import languages
from profiles.fields import LanguagesField

READERS = languages.INTERFACE_LANGUAGES


def test_every_language_is_named_to_every_reader_and_differently() -> None:
    assert len(languages.all_languages()) >= 70
    for reader in READERS:
        named = [name for _, name in languages.choices(reader)]
        assert len(set(named)) == len(named) == len(languages.all_languages())


def test_arabic_readers_get_arabic_names() -> None:
    for code, name in languages.choices("ar"):
        first = next(letter for letter in name if letter.isalpha())
        assert unicodedata.name(first).startswith("ARABIC"), code


def test_direction_is_that_of_the_script() -> None:
    for language in languages.all_languages():
        letter = next(letter for letter in language.autonym if letter.isalpha())
        is_leftward = unicodedata.bidirectional(letter) in {"R", "AL"}
        assert (language.direction == "rtl") == is_leftward, language.code


def test_the_sites_own_languages_come_first() -> None:
    codes = [code for code, _ in languages.choices("de")]
    assert set(codes[:5]) == set(READERS)
    assert codes.index("da") < codes.index("sv") < codes.index("zu")


def test_names_to_a_reader() -> None:
    assert languages.names("de", "en") == ("Deutsch", "German")
    assert languages.name("sw", "ar") == "السواحيلية"
    assert languages.name("sw", "pt") == "Swahili"
    assert languages.name("xx", "en") == "xx"
    assert languages.language("fa").english == "Persian"
    with pytest.raises(KeyError):
        languages.language("xx")


@pytest.mark.parametrize(
    ("typed", "reader", "code"),
    [
        ("german", "en", "de"),
        ("DEUTSCH", "ar", "de"),
        ("عربي", "fr", None),
        ("عربية", "ar", "ar"),
        ("mandarin", "en", "zh"),
        ("Kurdish", "en", "ku"),
        ("Sorani", "de", "ckb"),
        ("frances", "es", "fr"),
        ("uk", "en", "uk"),
        ("Klingon", "en", None),
    ],
)
def test_a_typed_language_is_read(typed: str, reader: str, code: str | None) -> None:
    assert languages.resolve(typed, reader) == code


def test_every_name_leads_back_to_its_language() -> None:
    for reader in READERS:
        for code, name in languages.choices(reader):
            assert languages.resolve(name, reader) == code
    for language in languages.all_languages():
        assert languages.resolve(language.autonym, "en") == language.code


@pytest.mark.parametrize("word", ["Klingonese", "“Klingonese”", "«Klingonese»"])
def test_an_unknown_language_stands_in_one_pair_of_marks(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        LanguagesField().clean(word)
    assert "“Klingonese”" in refused.value.messages[0]


def test_a_word_without_end_is_named_by_its_beginning() -> None:
    with pytest.raises(ValidationError) as refused:
        LanguagesField().clean("x" * 900)
    assert "xxx…”" in refused.value.messages[0]
    assert len(refused.value.messages[0]) < 90
