"""One shelf of texts in six languages: known items, typing errors, excerpts."""

import pytest

from search.documents import TextKind
from search.engine import Engine
from tests.contract.asking import ids, search
from tests.contract.cast import put
from tests.contract.conftest import NewEngine
from tests.contract.shelf import KNOWN_ITEMS, SHELF, TYPOS


@pytest.fixture(scope="module")
def shelf(new_engine: NewEngine) -> Engine:
    """No test of this module may make another engine: it would empty this one."""
    engine = new_engine()
    engine.apply(put(*SHELF))
    return engine


@pytest.mark.parametrize(("words", "item"), KNOWN_ITEMS.values(), ids=KNOWN_ITEMS)
def test_known_item_comes_first(shelf: Engine, words: str, item: str) -> None:
    page = search(shelf, words)
    assert ids(page)[:1] == [item]
    assert page.suggestion is None


@pytest.mark.parametrize(("typed", "meant", "item"), TYPOS.values(), ids=TYPOS)
def test_typing_error_finds_what_was_meant_and_says_so(
    shelf: Engine, typed: str, meant: str, item: str
) -> None:
    page = search(shelf, typed)
    assert ids(page)[:1] == [item]
    assert page.suggestion == meant


@pytest.mark.parametrize("words", ["xylophone", "42", "?!", "tea xylophone"])
def test_words_that_nothing_resembles_find_nothing(shelf: Engine, words: str) -> None:
    page = search(shelf, words)
    found = page.total if words != "?!" else page.total - len(SHELF)
    assert (found, page.suggestion) == (0, None)


def test_beginning_of_a_word_finds_while_typing(shelf: Engine) -> None:
    assert ids(search(shelf, "listening cir", prefix=True)) == ["circle"]
    assert ids(search(shelf, "facilit", prefix=True)) == ["circle"]
    assert "hadiqa" in ids(search(shelf, "حدي", prefix=True))


def test_excerpt_marks_words_and_keeps_the_text(shelf: Engine) -> None:
    (hit,) = search(shelf, "volunteer").hits
    whole = "".join(piece for piece, _ in hit.highlights)
    assert whole in next(item.body for item in SHELF if item.id == "garden")
    assert [piece for piece, marked in hit.highlights if marked] == ["volunteers"]


def test_deeper_than_pages_go_only_the_total_is_said(shelf: Engine) -> None:
    page = search(shelf, "", page=1000, size=50)
    assert (page.hits, page.total) == ((), len(SHELF))


def test_languages_and_kinds_narrow_and_are_counted_beside(shelf: Engine) -> None:
    page = search(shelf, "", languages=frozenset({"uk", "ar"}))
    assert sorted(ids(page)) == ["hadiqa", "lyst", "maisternia", "umm"]
    assert page.facets["language"] == {"en": 3, "fr": 2, "de": 2, "es": 1, "ar": 2} | {
        "uk": 2
    }
    assert search(shelf, "", kinds=frozenset({TextKind.PACK})).total == 0
    assert ids(search(shelf, "atelier", languages=frozenset({"fr"}))) == ["atelier"]
    assert search(shelf, "atelier", languages=frozenset({"de"})).total == 0
