"""Growing NumPy columns: plain values, sets as bits, and postings per skill."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST_ROOM = 64
WORD = 64


def _with_room(array: NDArray[Any], length: int) -> NDArray[Any]:
    """The same array, or a copy at least twice as long where `length` needs room."""
    if length <= len(array):
        return array
    grown = np.zeros((max(length, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


class Columns:
    """Values by name and row. Reading takes whole columns by attribute-like name."""

    def __init__(self, kinds: Mapping[str, type[np.generic]]) -> None:
        self._arrays = {
            name: np.zeros(FIRST_ROOM, kind) for name, kind in kinds.items()
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays.values())

    def put(self, row: int, values: Mapping[str, float | int | bool]) -> None:
        for name, array in self._arrays.items():
            array = self._arrays[name] = _with_room(array, row + 1)
            array[row] = values[name]

    def keep(self, rows: Rows) -> None:
        for name, array in self._arrays.items():
            self._arrays[name] = _with_room(array[rows], FIRST_ROOM)


class BitSets:
    """A set of words per row, one bit for each word ever seen."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._rows: NDArray[np.uint64] = np.zeros((FIRST_ROOM, 1), np.uint64)

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes

    def put(self, row: int, words: Iterable[str]) -> None:
        for word in words:
            self._bits.setdefault(word, len(self._bits))
        self._widen(len(self._bits))
        self._rows = _with_room(self._rows, row + 1)
        self._rows[row] = self._mask(words)

    def shares(self, rows: Rows, words: Iterable[str]) -> Flags:
        return np.asarray((self._rows[rows] & self._mask(words)).any(axis=1), np.bool_)

    def common(self, rows: Rows, words: Iterable[str]) -> NDArray[np.int64]:
        """How many of `words` each of the rows has."""
        counts = np.bitwise_count(self._rows[rows] & self._mask(words))
        return np.asarray(counts.sum(axis=1), np.int64)

    def keep(self, rows: Rows) -> None:
        self._rows = _with_room(self._rows[rows], FIRST_ROOM)

    def _mask(self, words: Iterable[str]) -> NDArray[np.uint64]:
        mask = [0] * self._rows.shape[1]
        for word in words:
            bit = self._bits.get(word)
            if bit is not None:
                mask[bit // WORD] |= 1 << (bit % WORD)
        return np.array(mask, np.uint64)

    def _widen(self, bits: int) -> None:
        missing = -(-bits // WORD) - self._rows.shape[1]
        if missing > 0:
            empty = np.zeros((len(self._rows), missing), np.uint64)
            self._rows = np.hstack([self._rows, empty])


class Posting:
    """The rows that have one skill, each once, with a level or a weight."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(4, np.int64)
        self._values: Floats = np.zeros(4, np.float64)
        self._length = 0

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes + self._values.nbytes

    def append(self, row: int, value: float) -> None:
        at = self._length
        self._rows = _with_room(self._rows, at + 1)
        self._values = _with_room(self._values, at + 1)
        self._rows[at], self._values[at] = row, value
        self._length = at + 1

    @property
    def rows(self) -> Rows:
        return self._rows[: self._length]

    @property
    def values(self) -> Floats:
        return self._values[: self._length]

    def renumber(self, new_rows: Rows) -> None:
        """`new_rows[old]` is the new number of a row, or -1 where it is gone."""
        moved = new_rows[self.rows]
        kept = moved >= 0
        self._values = _with_room(self.values[kept], 4)
        self._rows = _with_room(moved[kept], 4)
        self._length = int(kept.sum())
