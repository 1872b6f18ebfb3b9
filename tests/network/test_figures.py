from itertools import product

import pytest
from django.utils.translation import override

from network import figures


@pytest.mark.parametrize(
    ("number", "shown"),
    [(-1, None), (0, None), (1, "a few"), (4, "a few"), (5, "5"), (1234, "1,234")],
)
def test_search_shows_no_count_under_five(number: int, shown: str | None) -> None:
    with override("en"):
        assert figures.count_of_people(number) == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(7, 7, None), (7, 9, "a few more"), (0, 4, "a few more"), (7, 19, "12")],
)
def test_wider_search_tells_no_difference_under_five(
    before: int, after: int, shown: str | None
) -> None:
    with override("en"):
        assert figures.count_of_more_people(before, after) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, None), (9, None), (10, 10)])
def test_surveys_show_no_count_under_ten(number: int, shown: int | None) -> None:
    assert figures.survey_count(number) == shown


def test_full_table_is_shown_with_its_total() -> None:
    shown, total = figures.survey_table({"a": 10, "b": 25})
    assert (shown, total) == ({"a": 10, "b": 25}, 35)


def test_one_hidden_group_takes_the_next_smallest_with_it() -> None:
    shown, total = figures.survey_table({"a": 3, "b": 25, "c": 40})
    assert (shown, total) == ({"a": None, "b": None, "c": 40}, 68)


def test_single_small_group_hides_the_total_too() -> None:
    assert figures.survey_table({"a": 3}) == ({"a": None}, None)
    assert figures.survey_table({"a": 3, "b": 2}) == ({"a": None, "b": None}, None)


def test_nobody_can_subtract_to_a_number_under_ten() -> None:
    """Every table of three groups: what is hidden is two groups of ten together, or
    the total is hidden as well."""
    sizes = [0, 1, 4, 9, 10, 11, 30]
    for counts in product(sizes, repeat=3):
        table = dict(enumerate(counts))
        shown, total = figures.survey_table(table)
        hidden = [group for group, number in shown.items() if number is None]
        assert all(number is None or number >= 10 for number in shown.values())
        if total is not None and hidden:
            assert len(hidden) > 1
            assert total - sum(n for n in shown.values() if n is not None) >= 10
