"""NDCG@10 with gains 2^grade - 1 and a discount of log2(1 + rank).

The measure: K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR
techniques", ACM TOIS 20(4), 2002; the exponential gain: C. Burges et al., "Learning to
rank using gradient descent", ICML 2005.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

from search.documents import Change, NeedDocument, PersonDocument
from search.engine import Engine, MatchRequest
from search.formula import tie_key
from search.reasons import band_of
from search.rerank import fair_order
from tests.relevance.reading import TODAY, Judged, judged, people

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    is_hard: bool
    engine: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Means:
    all: float
    hard: float
    baseline: float
    baseline_hard: float


def ndcg(order: Sequence[str], grades: Mapping[str, int]) -> float:
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(one, 0) for one in order]) / best


def _gain(grades: Iterable[int]) -> float:
    first = list(grades)[:SHOWN]
    return sum((2**g - 1) / log2(rank + 1) for rank, g in enumerate(first, start=1))


def rows(engine: Engine) -> list[Row]:
    known = people()
    engine.apply(Change(person.id, 1, person) for person in known)
    return [_row(engine, one, known) for one in judged()]


def _row(engine: Engine, one: Judged, known: list[PersonDocument]) -> Row:
    found = ndcg(shown(engine, one.need), one.grades)
    plain = ndcg(by_overlap(one.need, known), one.grades)
    return Row(one.need.id, bool(one.hard), found, plain)


def shown(engine: Engine, need: NeedDocument) -> list[str]:
    """As the page shows them to the first who looks: nobody was recommended yet."""
    found = engine.match(MatchRequest(subject=need, today=TODAY))
    ordered = fair_order(found, subject_id=need.id, recommendations={})
    return [one.id for one in ordered if band_of(one.score) is not None]


def by_overlap(need: NeedDocument, known: list[PersonDocument]) -> list[str]:
    """Plain: by how many of the skills somebody has who shares a language."""
    held = {
        one.id: len(need.skills.keys() & one.skills.keys())
        for one in known
        if need.languages & one.languages
    }
    able = [one for one, count in held.items() if count]
    return sorted(able, key=lambda one: (-held[one], tie_key(one)))


def means(measured: list[Row]) -> Means:
    hard = [row for row in measured if row.is_hard]
    return Means(
        all=fmean(row.engine for row in measured),
        hard=fmean(row.engine for row in hard),
        baseline=fmean(row.baseline for row in measured),
        baseline_hard=fmean(row.baseline for row in hard),
    )
