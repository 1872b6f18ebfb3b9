"""Whoever was recommended often steps back; nobody else moves."""

from hypothesis import given
from hypothesis import strategies as st

from search.engine import Candidate
from search.rerank import fair_order, fair_score


def candidate(name: str, score: float) -> Candidate:
    return Candidate(name, score, {"place": score})


def order(scores: dict[str, float], counts: dict[str, int], subject: str) -> list[str]:
    listed = [candidate(name, score) for name, score in scores.items()]
    ordered = fair_order(listed, subject_id=subject, recommendations=counts)
    return [found.id for found in ordered]


def test_four_recommendations_halve_the_score() -> None:
    assert fair_score(0.8, 4) == 0.4
    assert fair_score(0.8, 0) == 0.8


def test_often_recommended_person_steps_behind_a_slightly_weaker_one() -> None:
    scores = {"often": 0.80, "seldom": 0.75, "never": 0.60}
    assert order(scores, {"often": 1}, "need") == ["seldom", "often", "never"]
    assert order(scores, {}, "need") == ["often", "seldom", "never"]


def test_candidates_keep_the_score_that_the_band_is_made_of() -> None:
    best = candidate("often", 0.8)
    assert fair_order([best], subject_id="n", recommendations={"often": 9}) == [best]


def test_equal_people_take_turns_over_needs() -> None:
    scores = dict.fromkeys((f"person-{number}" for number in range(5)), 0.5)
    first = {order(scores, {}, f"need-{number}")[0] for number in range(60)}
    assert first == set(scores)


@given(
    scores=st.dictionaries(st.text(min_size=1), st.floats(0, 1), max_size=8),
    data=st.data(),
)
def test_order_does_not_depend_on_the_order_given(
    scores: dict[str, float], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(scores.items()))))
    assert order(scores, {}, "need") == order(shuffled, {}, "need")
    assert sorted(order(scores, {}, "need")) == sorted(scores)
