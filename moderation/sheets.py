"""The vetters' sheets of their conversations, beside one another.

Nobody is led by the other: while an application waits, the others' sheets are closed to
who has not handed in their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation.criteria import APART, Criterion, criteria_for
from moderation.models import Interview
from moderation.queries import name_of
from network.models import User
from profiles.models import Application


@dataclass(frozen=True)
class Score:
    who: str
    value: int | None  # None: it was not spoken about


@dataclass(frozen=True)
class Line:
    """One criterion, and what each of the vetters heard."""

    label: str | Promise
    scores: list[Score]
    is_apart: bool


@dataclass(frozen=True)
class Sheet:
    who: str
    held_on: date
    notes: str


@dataclass(frozen=True)
class Sheets:
    """How many there are; what they say only where they are open to the viewer."""

    count: int
    has_own: bool
    lines: list[Line]
    sheets: list[Sheet]


def sheets_for(application: Application, viewer: User) -> Sheets:
    rows = list(application.interviews.select_related("interviewer__profile"))
    has_own = any(row.interviewer_id == viewer.pk for row in rows)
    is_open = has_own or not application.is_waiting
    shown = rows if is_open else []
    return Sheets(
        count=len(rows),
        has_own=has_own,
        lines=list(lines(criteria_for(application), shown)) if shown else [],
        sheets=[Sheet(who(row), row.held_on, row.notes) for row in shown],
    )


def lines(criteria: Iterable[Criterion], rows: list[Interview]) -> Iterator[Line]:
    for criterion in criteria:
        scores = [Score(who(row), row.scores.get(criterion.key)) for row in rows]
        yield Line(criterion.label, scores, are_apart(scores))


def are_apart(scores: Iterable[Score]) -> bool:
    found = [score.value for score in scores if score.value is not None]
    return bool(found) and max(found) - min(found) >= APART


def who(row: Interview) -> str:
    return name_of(row.interviewer) or _("Somebody who has left")
