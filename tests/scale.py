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
    `looks`: in how many widths a page is looked at that is none of the main ones, and
    a journey is made. One of so many is tried: `wagtail` of the routes of the editors'
    area, which has one guard; `patched` of the access functions; `pages` of those that
    are none of the main ones; `postgresql` of the tests that say the same on SQLite.
    `runs` of `steps` each go through the states of applications and connections. At so
    many `surfaces` a viewer looks for the fields of a profile, for each audience."""

    hypothesis_examples: int
    people: int
    needs: int
    roles_alike: int
    methods: int
    looks: int
    wagtail: int
    patched: int
    pages: int
    postgresql: int
    runs: int
    steps: int
    surfaces: int


CI: Final = Scale(
    hypothesis_examples=10,
    people=2_000,
    needs=60,
    roles_alike=2,
    methods=1,
    looks=1,
    wagtail=8,
    patched=6,
    pages=8,
    postgresql=16,
    runs=8,
    steps=20,
    surfaces=3,
)
FULL: Final = Scale(
    hypothesis_examples=400,
    people=100_000,
    needs=200,
    roles_alike=100,
    methods=100,
    looks=2,
    wagtail=1,
    patched=1,
    pages=1,
    postgresql=1,
    runs=1_000,
    steps=50,
    surfaces=100,
)
SCALE: Final = FULL if os.environ.get("WAYMARK_FULL") else CI


def some(of: Sequence[One], count: int, *, by: str) -> list[One]:
    """The first `count` from a place that hangs on a name: the next name has others,
    and the same name the same ones every day."""
    start = place_of(by) % len(of) if of else 0
    return [*of[start:], *of[:start]][:count]


def is_one_of(count: int, name: str) -> bool:
    """Whether its turn comes where one of so many is tried; the same ones every day."""
    return place_of(name) % count == 0


def place_of(name: str) -> int:
    return crc32(name.encode())
