"""The one rule by which counts of people are shown, or are not.

Search and matching never show a count under 5, figures and surveys never one under 10,
also not to somebody who subtracts one shown number from another.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

FEWEST_PEOPLE = 5
FEWEST_ANSWERS = 10

Group = TypeVar("Group", bound=Hashable)


def count_of_people(number: int) -> str | None:
    """What search and matching show; `None` for nobody, whose words are the page's."""
    if number <= 0:
        return None
    if number < FEWEST_PEOPLE:
        return _("a few")
    return number_format(number, use_l10n=True, force_grouping=True)


def count_of_more_people(before: int, after: int) -> str | None:
    """How many a wider search would add. Show it instead of the new total: both
    totals in full would give away a difference under 5."""
    if 0 < after - before < FEWEST_PEOPLE:
        return _("a few more")
    return count_of_people(after - before)


def survey_count(number: int) -> int | None:
    """What figures and surveys show; `None` under 10, also for nobody."""
    return number if number >= FEWEST_ANSWERS else None


def survey_table(
    counts: Mapping[Group, int],
) -> tuple[dict[Group, int | None], int | None]:
    """Groups that do not overlap, and their total, each `None` where it is hidden.

    Beside a shown total one hidden group could be worked out, and so could the sum of
    several: then the next smallest group is hidden too, until what is hidden is at
    least two groups and ten people.
    """
    hidden = [group for group, number in counts.items() if survey_count(number) is None]
    smallest_first = sorted(
        (group for group in counts if group not in hidden), key=lambda g: counts[g]
    )
    while hidden and smallest_first and not _is_safe(counts, hidden):
        hidden.append(smallest_first.pop(0))
    shown = {g: None if g in hidden else number for g, number in counts.items()}
    if hidden and not _is_safe(counts, hidden):
        return shown, None
    return shown, survey_count(sum(counts.values()))


def _is_safe(counts: Mapping[Group, int], hidden: list[Group]) -> bool:
    return len(hidden) > 1 and sum(counts[group] for group in hidden) >= FEWEST_ANSWERS
