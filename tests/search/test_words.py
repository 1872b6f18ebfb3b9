"""Tokens, plain forms and mending of words."""

from collections.abc import Sequence

import pytest

from search.related import RelatedSkills
from search.spelling import Wordings, corrections, edit_distance, wordings
from search.text import fold, prepare, required_words, trigrams, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Don't stop, it's 3.14 o'clock.",
            ["don't", "stop", "it's", "3.14", "o'clock"],
        ),
        ("Straße ÉCOLE niño", ["strasse", "ecole", "nino"]),
        ("Їжак і йод", ["їжак", "і", "йод"]),
        ("الأُسْرة ـــ ٢٠٢٦", ["الاسره", "2026"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("<b>a</b> & c_d", ["b", "a", "b", "c_d"]),
        ("  \n ?! ", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L’école qu'elle aime", "école elle aime"),
        ("en", "the survivors' and the child’s", "the survivors' and the child"),
        ("ar", "والكتاب للمدرسة بالشباب", "كتاب مدرسه شباب"),
        ("ar", "وقت ولد", "وقت ولد"),
        ("uk", "L'école", "L'école"),
    ],
)
def test_what_clings_to_words_comes_off_before_stemming(
    language: str, text: str, expected: str
) -> None:
    assert prepare(text, language) == expected


def test_folding_twice_changes_nothing_more() -> None:
    for text in ("Ünïcödé Œuvre", "إسلام", "ǅ ﬁ", "ЁЖ"):
        assert fold(fold(text)) == fold(text)


def test_trigrams_mark_the_start_of_the_word() -> None:
    assert trigrams("kite") == ("_ki", "kit", "ite")


def test_two_words_are_both_required_and_three_quarters_of_more() -> None:
    assert [required_words(count) for count in range(1, 9)] == [1, 2, 2, 3, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("one", "other", "limit", "edits"),
    [
        ("garden", "garden", 2, 0),
        ("garden", "gadren", 2, 1),
        ("garden", "gardn", 2, 1),
        ("garden", "gurdens", 2, 2),
        ("kitten", "sitting", 3, 3),
        ("kitten", "sitting", 2, 3),
        ("abc", "abcdef", 2, 3),
        ("", "ab", 2, 2),
    ],
)
def test_edits_between_words(one: str, other: str, limit: int, edits: int) -> None:
    assert edit_distance(one, other, limit) == edits
    assert edit_distance(other, one, limit) == edits


def test_nearest_words_win_over_common_ones() -> None:
    near = {"mediation": 1, "meditation": 50, "medication": 9}
    assert corrections("mediaton", near) == ["mediation"]


def test_short_words_and_numbers_are_not_mended() -> None:
    assert corrections("cat", {"car": 5}) == []
    assert corrections("2026a", {"2025a": 5}) == []


class Shelf:
    """A vocabulary of a few words, all of them visible."""

    held = {"garden": 3, "gardens": 5, "guard": 1, "clinic": 2}

    def unknown(self, asked: Sequence[str]) -> set[str]:
        return {word for word in asked if word not in self.held}

    def near(self, word: str) -> dict[str, int]:
        return {held: n for held, n in self.held.items() if held[0] == word[0]}

    def beginning(self, prefix: str) -> dict[str, int]:
        return {held: n for held, n in self.held.items() if held.startswith(prefix)}


@pytest.mark.parametrize(
    ("text", "prefix", "expected"),
    [
        ("garden clinic", False, Wordings(("garden clinic",), None)),
        ("Gardn, clinic?", False, Wordings(("garden, clinic?",), "garden, clinic?")),
        ("zebra clinc", False, Wordings(("zebra clinic",), "zebra clinic")),
        ("zebra", False, Wordings(("zebra",), None)),
        ("", False, Wordings(("",), None)),
        ("clinic gar", True, Wordings(("clinic gardens", "clinic garden"), None)),
        ("garden", True, Wordings(("garden", "gardens"), None)),
    ],
)
def test_wordings_of_what_was_typed(
    text: str, prefix: bool, expected: Wordings
) -> None:
    assert wordings(text, Shelf(), prefix=prefix) == expected


def test_related_skills_serve_in_one_direction_only_as_the_table_says() -> None:
    related = RelatedSkills({"first-aid": {"nursing": 0.9, "idle": 0.0}})
    assert related.serving("first-aid") == {"first-aid": 1.0, "nursing": 0.9}
    assert related.serving("nursing") == {"nursing": 1.0}
    assert related.served({"nursing": 0.8, "idle": 1.0}) == {
        "nursing": 0.8,
        "first-aid": pytest.approx(0.72),
        "idle": 1.0,
    }
