"""How matching in memory compares with the least work that could answer.

The floor for a need is one dot product over all people, and the top 200 of it; for a
person it is a plain scan over all needs' weights, and the top 200. Both are measured in
turns with the engine, in time of the processor, so that a busy machine shifts neither.

    python -m bench.match --people 100000 --needs 10000
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from statistics import median, quantiles
from time import thread_time

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from search.documents import LEVELS, NeedDocument, PersonDocument, PersonKind
from search.embedded.matching import Matcher
from search.engine import MATCHES, MatchRequest
from search.related import RelatedSkills

TODAY = date(2026, 3, 14)
SKILLS = [f"skill-{number}" for number in range(300)]
LANGUAGES = ["en", "fr", "de", "es", "ar", "uk", "tr", "sw"]
SLOTS = [f"{day}-{part}" for day in range(7) for part in ("am", "pm", "eve")]
CAUSES = [f"cause-{number}" for number in range(20)]
WARM_UP = 20

Queries = Sequence[Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Times:
    p50: float
    p95: float


class Crowd:
    """People and needs by seed: common skills and towns are much commoner than rare."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        towns = [
            (self._chance.uniform(36, 60), self._chance.uniform(-9, 30))
            for _ in range(400)
        ]
        self._towns = towns
        self.related = {
            skill: {
                self._chance.choice(SKILLS): self._chance.choice([0.5, 0.7, 0.9])
                for _ in range(4)
            }
            for skill in SKILLS
        }

    def person(self, number: int) -> PersonDocument:
        chance, (lat, lon) = self._chance, self._town()
        return PersonDocument(
            id=f"person-{number}",
            kind=PersonKind.VOLUNTEER,
            skills={skill: chance.choice(LEVELS) for skill in self._skills(5)},
            languages=self._some(LANGUAGES, 2),
            lat=lat,
            lon=lon,
            travel_km=chance.choice([10, 25, 25, 50, 100]),
            remote_ok=chance.random() < 0.8,
            slots=self._some(SLOTS, 6),
            causes=self._some(CAUSES, 3),
            experience_years=chance.randrange(15),
            last_active=TODAY - timedelta(days=chance.randrange(400)),
            safeguarding_tier=chance.choice([0, 0, 1, 2]),
            visible=True,
            has_capacity=chance.random() < 0.9,
        )

    def need(self, number: int) -> NeedDocument:
        chance, (lat, lon) = self._chance, self._town()
        skills = self._skills(4)
        return NeedDocument(
            id=f"need-{number}",
            skills=dict.fromkeys(skills, 1 / len(skills)),
            languages=self._some(LANGUAGES, 2),
            lat=lat,
            lon=lon,
            remote=chance.random() < 0.3,
            slots=self._some(SLOTS, 3),
            causes=self._some(CAUSES, 2),
            min_experience=chance.choice([0, 0, 0, 2]),
            safeguarding_tier=chance.choice([0, 0, 0, 1]),
            open=True,
            seats_left=1,
        )

    def _town(self) -> tuple[float, float]:
        return self._towns[int(len(self._towns) * self._chance.random() ** 2)]

    def _skills(self, most: int) -> list[str]:
        count = self._chance.randint(1, most)
        places = (self._chance.random() ** 2 for _ in range(count))
        return list({SKILLS[int(len(SKILLS) * place)] for place in places})

    def _some(self, words: Sequence[str], most: int) -> frozenset[str]:
        return frozenset(self._chance.sample(words, self._chance.randint(1, most)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    crowd = Crowd(options.seed)
    matcher = Matcher(RelatedSkills(crowd.related))
    for number in track(range(options.people), description="people", transient=True):
        matcher.people.put(crowd.person(number))
    for number in track(range(options.needs), description="needs", transient=True):
        matcher.needs.put(crowd.need(number))
    Console().print(_compared(matcher, crowd, options))
    each = matcher.people.nbytes / options.people
    Console().print(f"memory: {each * 100_000 / 1_000_000:.0f} MB for 100,000 people")


def _compared(matcher: Matcher, crowd: Crowd, options: argparse.Namespace) -> Table:
    people, needs, queries = options.people, options.needs, options.queries
    table = Table("", "p50 ms", "p95 ms", "floor p50 ms", "times the floor")
    for title, subjects, floor in (
        (
            f"need to {people:,} people",
            [crowd.need(-number) for number in range(queries)],
            _dot_product(people, queries),
        ),
        (
            f"person to {needs:,} needs",
            [crowd.person(-number) for number in range(queries)],
            _plain_scan(needs, queries),
        ),
    ):
        spent, least = _timed(_matches(matcher, subjects), floor)
        table.add_row(
            title,
            f"{spent.p50:.2f}",
            f"{spent.p95:.2f}",
            f"{least.p50:.2f}",
            f"{spent.p50 / least.p50:.1f}",
        )
    return table


def _matches(
    matcher: Matcher, subjects: Sequence[NeedDocument] | Sequence[PersonDocument]
) -> Queries:
    requests = [MatchRequest(subject=subject, today=TODAY) for subject in subjects]
    return [partial(matcher.match, request, MATCHES) for request in requests]


def _dot_product(rows: int, queries: int) -> Queries:
    """Six points for every person times the six weights, and the best of them.

    By einsum, which keeps to one thread as the engine does.
    """
    points, weights = np.random.default_rng(1).random((rows, 6)), np.full(6, 1 / 6)
    return [lambda: _best(np.einsum("ij,j->i", points, weights))] * queries


def _plain_scan(rows: int, queries: int) -> Queries:
    """Four skills of every need looked up among the person's, and the best of them."""
    chance = np.random.default_rng(1)
    held = chance.random(len(SKILLS))
    skills = chance.integers(0, len(SKILLS), (rows, 4))
    return [lambda: _best(held[skills].sum(axis=1))] * queries


def _best(scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> object:
    edge = max(0, len(scores) - MATCHES)
    return np.argpartition(scores, edge)[edge:]


def _timed(queries: Queries, floor: Queries) -> tuple[Times, Times]:
    """Taken in turns, so that whatever slows the machine slows both."""
    spent: list[float] = []
    least: list[float] = []
    for query, plain in zip(queries, floor, strict=True):
        spent.append(_milliseconds(query))
        least.append(_milliseconds(plain))
    return _times(spent[WARM_UP:]), _times(least[WARM_UP:])


def _milliseconds(query: Callable[[], object]) -> float:
    start = thread_time()
    query()
    return 1000 * (thread_time() - start)


def _times(values: Sequence[float]) -> Times:
    return Times(p50=median(values), p95=quantiles(values, n=20)[-1])


if __name__ == "__main__":
    main()
