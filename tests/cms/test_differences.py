"""What changed is said word by word, and what did not change is not said again."""

from __future__ import annotations

from cms.differences import Kind, Piece, changed_lines

KEPT, GONE, NEW = Kind.KEPT, Kind.GONE, Kind.NEW
SKIPPED = [Piece(Kind.SKIPPED)]
LONG = "by the river, where nobody had been for years"


def test_one_word_for_another() -> None:
    assert changed_lines(f"A gate {LONG}", f"A door {LONG}") == [
        [
            Piece(KEPT, "A"),
            Piece(GONE, "gate"),
            Piece(NEW, "door"),
            Piece(KEPT, LONG),
        ]
    ]


def test_lines_without_a_change_are_left_out() -> None:
    before = "One.\n\nTwo.\n\nA gate.\n\nThree."
    found = changed_lines(before, before.replace("A gate.", "A door, at last."))
    assert found[0] == found[-1] == SKIPPED
    assert len(found) == 3


def test_a_paragraph_that_went_stands_alone() -> None:
    before = "One two three four.\n\nThis went.\n\nFive six seven eight."
    found = changed_lines(before, before.replace("This went.\n\n", ""))
    assert found == [SKIPPED, [Piece(GONE, "This went. ¶")], SKIPPED]


def test_a_break_that_came_is_seen() -> None:
    whole = "one two three four five six"
    found = changed_lines(whole, whole.replace(" four", "\n\nfour"))
    assert found[0] == [Piece(KEPT, "one two three"), Piece(NEW, "¶")]


def test_a_line_break_within_a_paragraph_is_a_space_as_on_the_page() -> None:
    assert changed_lines("one\ntwo", "one two") == [SKIPPED]


def test_scraps_between_changes_are_part_of_them() -> None:
    found = changed_lines(f"old words of mine {LONG}", f"fresh terms of yours {LONG}")
    assert found == [
        [
            Piece(GONE, "old words of mine"),
            Piece(NEW, "fresh terms of yours"),
            Piece(KEPT, LONG),
        ]
    ]


def test_nothing_before_is_all_new() -> None:
    assert changed_lines("", "A summary.") == [[Piece(NEW, "A summary.")]]


def test_a_long_text_of_few_words_is_compared_at_once() -> None:
    before = "a " * 15_000
    assert changed_lines(before, f"{before} b")[-1][-1].text.endswith("b")
