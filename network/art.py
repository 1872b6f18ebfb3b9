"""Quiet pictures grown from a seed: `horizon` for covers, `cairn` for people.

Decoration only (empty alternative text). Each is one SVG of about a kilobyte with
presentation attributes alone, which a strict content policy allows. The same seed
always yields the same bytes, so a picture may be cached for ever.
"""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from typing import NamedTuple, TypeVar

from network.cipher import blind_index

WIDTH, HEIGHT, TILE = 640, 360, 96
STEPS = 8
Item = TypeVar("Item")
Drawing = Callable[[str], str]


class Palette(NamedTuple):
    sky: str
    haze: str
    sun: str
    ridges: tuple[str, str, str, str]  # far to near


PALETTES = (
    Palette(
        "#DCE9EA", "#F6E7D6", "#F3B98B", ("#B7CFCE", "#84ABAC", "#4B8083", "#1F5A5E")
    ),
    Palette(
        "#E4E3F0", "#F7E4DE", "#E9A58E", ("#C5C3DC", "#9A98BF", "#6C6A99", "#44426F")
    ),
    Palette(
        "#E3ECDD", "#FAF0D2", "#EDC163", ("#C3D4B6", "#94B086", "#62865A", "#38603A")
    ),
    Palette(
        "#E7EDF5", "#FBE6D2", "#E5956A", ("#BCCBDD", "#8AA3C0", "#557699", "#2C4B6E")
    ),
    Palette(
        "#F1E6E0", "#FBEFD9", "#D9805B", ("#DDC3B4", "#BF9480", "#94634F", "#66402F")
    ),
    Palette(
        "#DFE8EE", "#EAE3EF", "#F4D9A6", ("#B9CBD6", "#8AA7B8", "#557B90", "#274F66")
    ),
)


class Dice:
    """Throws that depend on the seed alone, whatever Python's version."""

    def __init__(self, seed: str) -> None:
        self._throws = self._numbers(seed)

    @staticmethod
    def _numbers(seed: str) -> Iterator[int]:
        for block in count():
            digest = hashlib.sha256(f"{block}/{seed}".encode()).digest()
            for start in range(0, len(digest), 4):
                yield int.from_bytes(digest[start : start + 4])

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * next(self._throws) / 0xFFFFFFFF

    def whole(self, low: int, high: int) -> int:
        return low + next(self._throws) % (high - low + 1)

    def one_of(self, items: Sequence[Item]) -> Item:
        return items[next(self._throws) % len(items)]


def public_seed(object_id: object, *, kind: str = "art") -> str:
    """A seed that shows nothing of `object_id`; per `kind`, so that a person's avatar
    and the cover of the story they tell cannot be linked."""
    return blind_index(str(object_id), purpose=f"seed of {kind}")[:20]


def horizon(seed: str) -> str:
    """A wide landscape, 640 by 360: a low sun, four ridges and a path."""
    dice = Dice(f"horizon {seed}")
    palette = dice.one_of(PALETTES)
    ridges = [_ridge(dice, depth, fill) for depth, fill in enumerate(palette.ridges)]
    parts = [*_sky(palette), *_sun(dice, palette), *ridges, _path(dice, palette)]
    return _svg(WIDTH, HEIGHT, parts)


def cairn(seed: str) -> str:
    """A square of 96 with three stones, one upon the other."""
    dice = Dice(f"cairn {seed}")
    palette = dice.one_of(PALETTES)
    ground = f'<path fill="{palette.haze}" d="M0 0h{TILE}v{TILE}H0z"/>'
    return _svg(TILE, TILE, [ground, *_stones(dice, palette)])


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="xMidYMid slice">{"".join(parts)}</svg>'
    )


def _sky(palette: Palette) -> Iterator[str]:
    # bands instead of a gradient: a gradient needs an id, and ids clash on a page
    yield f'<path fill="{palette.sky}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
    for top in (40, 80, 120, 160):
        yield (
            f'<path fill="{palette.haze}" opacity=".4" '
            f'd="M0 {top}h{WIDTH}v{HEIGHT - top}H0z"/>'
        )


def _sun(dice: Dice, palette: Palette) -> Iterator[str]:
    x, y, radius = dice.whole(130, WIDTH - 130), dice.whole(96, 150), dice.whole(34, 52)
    disc = f'<circle cx="{x}" cy="{y}" fill="{palette.sun}"'
    yield f'{disc} r="{radius + 26}" opacity=".22"/>{disc} r="{radius}"/>'


def _ridge(dice: Dice, depth: int, fill: str) -> str:
    base, swing = 150 + depth * 52 + dice.whole(-8, 8), 21 - depth * 2.5
    waves = [
        (dice.between(0.5, 1.3) * n, dice.between(0, math.tau), n) for n in (1, 2, 3)
    ]
    heights = [
        round(base + swing * _swell(waves, step / STEPS)) for step in range(STEPS + 1)
    ]
    return f'<path fill="{fill}" d="{_outline(heights)}V{HEIGHT}z"/>'


def _swell(waves: Sequence[tuple[float, float, int]], along: float) -> float:
    return sum(math.sin(pace * along * math.tau + lag) / n for pace, lag, n in waves)


def _outline(heights: Sequence[int]) -> str:
    stride = WIDTH // STEPS
    half = stride // 2
    curves = [
        f"C{left + half} {y} {left + half} {next_y} {left + stride} {next_y}"
        for left, (y, next_y) in zip(count(0, stride), pairwise(heights), strict=False)
    ]
    return f"M0 {HEIGHT}V{heights[0]}{''.join(curves)}"


def _path(dice: Dice, palette: Palette) -> str:
    x = dice.whole(230, 410)
    bend = (
        f"M{x} {HEIGHT}C{x + 70} {HEIGHT - 50} {x - 90} {HEIGHT - 80} "
        f"{x + 10} {HEIGHT - 126}"
    )
    return (
        f'<path fill="none" stroke="{palette.haze}" stroke-width="5" '
        f'stroke-linecap="round" stroke-dasharray="1 15" opacity=".75" d="{bend}"/>'
    )


def _stones(dice: Dice, palette: Palette) -> Iterator[str]:
    widths = sorted((dice.between(0.5, 1) for _ in range(3)), reverse=True)
    fills = (
        palette.ridges[3],
        palette.ridges[2],
        dice.one_of((palette.sun, palette.ridges[1])),
    )
    bottom = 83.0
    for course, (width, fill) in enumerate(zip(widths, fills, strict=True)):
        half, thick = max(width * (37 - course * 7), 12), dice.between(9.5, 12.5)
        middle = bottom - thick
        yield (
            f'<ellipse cx="{48 + dice.between(-5, 5):.1f}" cy="{middle:.1f}" '
            f'rx="{half:.1f}" ry="{thick:.1f}" fill="{fill}" '
            f'transform="rotate({dice.between(-7, 7):.1f} 48 {middle:.1f})"/>'
        )
        bottom = middle - thick + 1.5
