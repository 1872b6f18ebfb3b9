"""Fairness between people: whoever was recommended often lately steps back a little.

Only the order changes. The band that is shown comes from the score before it.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

from search.engine import Candidate

STEP_BACK: Final = 0.25


def fair_score(score: float, recommendations: int) -> float:
    """`recommendations` counts the last 30 days."""
    return score / (1 + STEP_BACK * recommendations)


def fair_order(
    candidates: Iterable[Candidate],
    *,
    subject_id: str,
    recommendations: Mapping[str, int],
) -> list[Candidate]:
    """Best first by the fair score, equal ones in an order of their own per subject.

    `recommendations` counts the last 30 days by candidate id; who is absent had none.
    """

    def key(candidate: Candidate) -> tuple[float, bytes]:
        fair = fair_score(candidate.score, recommendations.get(candidate.id, 0))
        return -round(fair, 9), _pair_key(subject_id, candidate.id)

    return sorted(candidates, key=key)


def _pair_key(subject_id: str, candidate_id: str) -> bytes:
    pair = f"{subject_id}\0{candidate_id}".encode()
    return blake2b(pair, digest_size=8).digest()
