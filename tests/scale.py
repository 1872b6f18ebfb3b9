"""How much the tests try: enough for each push, or everything with WAYMARK_FULL=1."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from zlib import crc32

One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """`roles_alike`: how many are asked of those whom a line of the permission matrix
    treats alike. `methods`: of those that no form sends, how many are tried at a route.
    `postgresql`: one test of so many is run there too. `arabic`: in how many widths a
    page is looked at that runs from right to left."""

    hypothesis_examples: int
    people: int
    needs: int
    roles_alike: int
    methods: int
    postgresql: int
    arabic: int


CI: Final = Scale(
    hypothesis_examples=25,
    people=2_000,
    needs=60,
    roles_alike=3,
    methods=2,
    postgresql=3,
    arabic=1,
)
FULL: Final = Scale(
    hypothesis_examples=400,
    people=100_000,
    needs=200,
    roles_alike=100,
    methods=100,
    postgresql=1,
    arabic=2,
)
SCALE: Final = FULL if os.environ.get("WAYMARK_FULL") else CI


def some(of: Sequence[One], count: int, *, by: str) -> list[One]:
    """The first `count` from a place that hangs on a name: the next name has others,
    and the same name the same ones every day."""
    start = place_of(by) % len(of) if of else 0
    return [*of[start:], *of[:start]][:count]


def place_of(name: str) -> int:
    return crc32(name.encode())
