"""The right people first, as judged by reading, and no worse than it was."""

import tomllib

import pytest

from search.embedded import EmbeddedEngine
from search.related import Similarities
from tests.contract.conftest import NewEngine
from tests.relevance.measure import Means, means, ndcg, rows
from tests.relevance.reading import HERE, judged

CLEARLY = 0.04
FLOOR = tomllib.loads((HERE / "floor.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def found(new_engine: NewEngine) -> Means:
    return means(rows(new_engine()))


def test_ranking_is_not_worse_than_it_was(found: Means) -> None:
    assert found.all >= FLOOR["all"]
    assert found.hard >= FLOOR["hard"]


def test_ranking_is_clearly_better_than_plain_overlap_of_skills(found: Means) -> None:
    assert found.all >= found.baseline + CLEARLY
    assert found.hard >= found.baseline_hard + CLEARLY


def test_both_engines_rank_alike(found: Means, related: Similarities) -> None:
    embedded = means(rows(EmbeddedEngine(related)))
    assert found.all == pytest.approx(embedded.all, abs=1e-4)
    assert found.hard == pytest.approx(embedded.hard, abs=1e-4)


def test_a_third_is_hard_and_each_has_somebody_to_invite() -> None:
    needs = judged()
    assert sum(bool(one.hard) for one in needs) * 3 >= len(needs)
    assert all(3 in one.grades.values() for one in needs)


def test_measure_worked_out_by_hand() -> None:
    grades = {"first": 3, "pinch": 1}
    assert ndcg(["first", "pinch"], grades) == 1
    # (1 / log2 2 + 7 / log2 3) / (7 / log2 2 + 1 / log2 3)
    assert ndcg(["pinch", "first"], grades) == pytest.approx(0.7098, abs=1e-4)
    assert ndcg(["nobody"] * 10 + ["first"], grades) == 0
