"""What the site says in five languages: whole, with every placeholder, and compiled.

A clean machine has no gettext tools: the catalogues and the sources are read in Python.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(settings.BASE_DIR)
LOCALE = BASE / "network" / "locale"
ROOMS = ("network", "profiles", "projects", "messaging", "cms", "search", "moderation")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z]+")
MARKS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "_"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}

Key = tuple[str | None, str]


def folder(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES"


@cache
def catalogue(language: str) -> list[polib.POEntry]:
    found = polib.pofile(str(folder(language) / "django.po"))
    return [entry for entry in found if not entry.obsolete]


def said(entry: polib.POEntry) -> list[str]:
    """The translation, or each of its plural forms in their order."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def marks(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.name for path in LOCALE.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_guessed(language: str) -> None:
    entries = catalogue(language)
    assert len(entries) > 800
    assert [entry.msgid for entry in entries if not all(said(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_twice_in_a_catalogue(language: str) -> None:
    keys = [(entry.msgctxt, entry.msgid) for entry in catalogue(language)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_forms_as_the_language_has_numbers(language: str) -> None:
    forms = translations(language)._catalog[""]  # type: ignore[attr-defined]
    found = re.search(r"nplurals=(\d)", forms)
    assert found is not None
    for entry in catalogue(language):
        if entry.msgid_plural:
            assert len(said(entry)) == int(found[1]), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_those_of_the_original(language: str) -> None:
    for entry in catalogue(language):
        if not entry.msgid_plural:
            assert marks(entry.msgstr) == marks(entry.msgid), entry.msgid
            tags = sorted(TAG.findall(entry.msgid))
            assert sorted(TAG.findall(entry.msgstr)) == tags, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_for_one_number_may_say_it_in_words_and_drops_nothing_else(
    language: str,
) -> None:
    for entry in catalogue(language):
        if entry.msgid_plural:
            wanted = set(marks(entry.msgid_plural))
            *others, last = [set(marks(form)) for form in said(entry)]
            assert last == wanted, entry.msgid
            assert all(form <= wanted for form in others), entry.msgid
            in_words = {mark for form in others for mark in wanted - form}
            assert len(in_words) <= 1, entry.msgid


# --- compiled ---


def translations(language: str) -> gettext.GNUTranslations:
    with (folder(language) / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_fresh(language: str) -> None:
    """`make messages` compiles it."""
    compiled = polib.mofile(str(folder(language) / "django.mo"))
    written = polib.pofile(str(folder(language) / "django.po"))
    for name in ("Language", "Content-Type", "Plural-Forms"):
        assert compiled.metadata[name] == written.metadata[name]
    assert contents(compiled) == contents(catalogue(language))


def contents(entries: Any) -> dict[Key, tuple[str, list[str]]]:
    return {
        (entry.msgctxt, entry.msgid): (entry.msgid_plural, said(entry))
        for entry in entries
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_reads_it(language: str) -> None:
    found = translations(language)
    for entry in catalogue(language)[:50]:
        if not entry.msgid_plural and entry.msgctxt is None:
            assert found.gettext(entry.msgid) == entry.msgstr


# --- collected ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_sources_is_in_the_catalogue(language: str) -> None:
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue(language)}
    missing = {key: str(path) for key, path in texts() if key not in known}
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_no_text_that_is_gone(language: str) -> None:
    used = {key for key, _path in texts()}
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue(language)}
    assert known - used == set()


@cache
def texts() -> list[tuple[Key, Path]]:
    """Each text to be translated, singulars only, with a file that says it."""
    found = []
    for room in ROOMS:
        for path in sorted((BASE / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found += [(key, path) for key in texts_in(path.read_text())]
        for path in sorted((BASE / room / "templates").rglob("*.*")):
            source = templatize(path.read_text(), origin=str(path))
            found += [(key, path) for key in texts_of_template(source)]
    assert len(found) > 800
    return found


def texts_in(source: str) -> Iterator[Key]:
    """gettext's own tools do not look into an f-string: a text there fails here."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            name = name_of(node.func)
            if name in MARKS and words:
                yield None, words[0]
            elif name in IN_CONTEXT:
                yield words[0], words[1]


def name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def texts_of_template(source: str) -> Iterator[Key]:
    """`templatize` makes calls of a template's tags, and masks what is around them."""
    string = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    for found in re.findall(rf"(?:\b_|gettext)\(u?{string}", source):
        yield None, ast.literal_eval(found)
