"""Adding up skills over postings, in scratch buffers that each thread keeps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from search.embedded.columns import Floats, Posting, Rows


@dataclass(frozen=True, slots=True)
class Group:
    """One required skill: the best of its parts counts, times `weight`."""

    skill: str
    weight: float
    parts: Sequence[tuple[Posting, float]]


@dataclass(frozen=True, slots=True)
class Share:
    """What one required skill gives to each of the rows that meet it."""

    skill: str
    rows: Rows
    points: Floats


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows that meet any of the skills: total points, and how many are met."""

    rows: Rows
    points: Floats
    met: NDArray[np.int64]
    shares: Sequence[Share]


class Scratch(local):
    """Dense buffers by row, all zero between uses; a thread never sees another's."""

    def __init__(self) -> None:
        self._make_buffers(0)

    def gather(self, groups: Iterable[Group], length: int) -> Gathered:
        self._make_room(length)
        try:
            shares = [self._share(group) for group in groups]
            rows = self._add_up(shares)
            gathered = Gathered(rows, self.total[rows], self.met[rows], shares)
            self.total[rows] = 0.0
            self.met[rows] = 0
        except BaseException:
            self._make_buffers(0)
            raise
        return gathered

    def points_at(self, share: Share, rows: Rows) -> Floats:
        self.best[share.rows] = share.points
        found: Floats = self.best[rows]
        self.best[share.rows] = 0.0
        return found

    def _share(self, group: Group) -> Share:
        if len(group.parts) == 1:
            ((posting, factor),) = group.parts
            points = posting.values * (factor * group.weight)
            return Share(group.skill, posting.rows, points)
        best, touched = self.best, [np.zeros(0, np.int64)]
        for posting, factor in group.parts:
            rows, values = posting.rows, posting.values * factor
            before = best[rows]
            touched.append(rows[before == 0.0])
            best[rows] = np.maximum(before, values)
        rows = np.concatenate(touched)
        points = best[rows] * group.weight
        best[rows] = 0.0
        return Share(group.skill, rows, points)

    def _add_up(self, shares: Sequence[Share]) -> Rows:
        touched = [np.zeros(0, np.int64)]
        for share in shares:
            rows = share.rows
            touched.append(rows[self.met[rows] == 0])
            self.met[rows] += 1
            self.total[rows] += share.points
        return np.concatenate(touched)

    def _make_room(self, length: int) -> None:
        if len(self.best) < length:
            self._make_buffers(2 * length)

    def _make_buffers(self, length: int) -> None:
        self.best: Floats = np.zeros(length)
        self.total: Floats = np.zeros(length)
        self.met: NDArray[np.int64] = np.zeros(length, np.int64)
