import re
import uuid
from xml.etree import ElementTree

import pytest

from network import art

SEEDS = [f"seed-{number}" for number in range(40)]


@pytest.mark.parametrize("draw", [art.horizon, art.cairn])
def test_same_seed_same_picture_and_other_seed_another(draw: art.Drawing) -> None:
    pictures = [draw(seed) for seed in SEEDS]
    assert pictures == [draw(seed) for seed in SEEDS]
    assert len(set(pictures)) == len(SEEDS)


@pytest.mark.parametrize("draw", [art.horizon, art.cairn])
def test_picture_is_small_and_within_a_strict_content_policy(draw: art.Drawing) -> None:
    for seed in SEEDS:
        svg = draw(seed)
        root = ElementTree.fromstring(svg)  # noqa: S314
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(svg.encode()) < 2000
        assert not re.search(r"\b(style|id|href|on\w+)=|<(style|script|image|a)\b", svg)


def test_drawing_never_changes_between_releases() -> None:
    """Pictures are cached for ever, and people know their own."""
    assert art.cairn("kept").startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"'
    )
    dice = art.Dice("kept")
    assert [dice.whole(1, 6) for _ in range(12)] == [4, 6, 5, 3, 1, 3, 3, 4, 4, 6, 6, 6]


def test_stones_lie_within_the_frame_and_narrow_upwards() -> None:
    for seed in SEEDS:
        stones = re.findall(
            r'cy="([\d.]+)" rx="([\d.]+)" ry="([\d.]+)"', art.cairn(seed)
        )
        heights = [float(y) for y, _, _ in stones]
        assert len(stones) == 3
        assert heights == sorted(heights, reverse=True)
        assert all(float(y) - float(ry) > 0 for y, _, ry in stones)
        widths = [float(rx) for _, rx, _ in stones]
        assert widths == sorted(widths, reverse=True)


def test_public_seed_shows_nothing_and_links_nothing() -> None:
    person = uuid.uuid4()
    avatar = art.public_seed(person, kind="cairn")
    cover = art.public_seed(person, kind="horizon")
    assert avatar == art.public_seed(str(person), kind="cairn")
    assert avatar != cover
    assert str(person)[:8] not in avatar
    assert re.fullmatch(r"[0-9a-f]{20}", avatar)
