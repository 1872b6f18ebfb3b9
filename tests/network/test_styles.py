"""Budgets, contrast and the rules that styles and scripts keep to."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "network" / "static" / "network"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
KILOBYTE = 1000
# text colour, and the ground that it is used on
PAIRS = [
    (ink, ground)
    for ground in ("paper", "surface", "sunken")
    for ink in ("ink", "ink-soft", "brand", "bad")
] + [
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-exit", "exit"),
    ("surface", "clay"),
    ("surface", "bad"),
    ("ink", "brand-tint"),
    ("brand-strong", "brand-tint"),
    *(
        (f"{name}", f"{name}-tint")
        for name in ("brand", "clay", "plum", "gold", "good", "bad")
    ),
]


def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def tokens(name: str) -> dict[str, str]:
    text = (STATIC / name).read_text()
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", text))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["app.css", "dark.css"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    colours = tokens("app.css") | tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["app.css", "dark.css"])
def test_edges_of_controls_can_be_seen(theme: str) -> None:
    colours = tokens("app.css") | tokens(theme)
    for ground in ("paper", "surface"):
        assert contrast(colours["control"], colours[ground]) >= 3
        assert contrast(colours["focus"], colours[ground]) >= 3


def test_dark_theme_changes_every_colour() -> None:
    assert set(tokens("app.css")) == set(tokens("dark.css"))


def test_stylesheet_keeps_its_budget() -> None:
    assert packed(STATIC / "app.css", STATIC / "dark.css") <= 8 * KILOBYTE + 600
    assert packed(STATIC / "app.css") <= 8 * KILOBYTE


def test_scripts_keep_their_budget() -> None:
    assert packed(*(STATIC / "js").glob("*.js"), HTMX) <= 30 * KILOBYTE


def test_fonts_keep_their_budget_and_bring_their_licences() -> None:
    sizes = {path.name: path.stat().st_size for path in STATIC.glob("fonts/*.woff2")}
    arabic = sum(size for name, size in sizes.items() if "arabic" in name)
    assert sum(sizes.values()) - arabic <= 85 * KILOBYTE
    assert sum(sizes.values()) <= 130 * KILOBYTE
    for name in sizes:
        family = name.split("-latin")[0].split("-arabic")[0]
        licence = (STATIC / f"fonts/{family}.LICENSE.txt").read_text()
        assert "SIL OPEN FONT LICENSE" in licence.upper()
    assert "ISC License" in (STATIC / "icons.LICENSE.txt").read_text()


def test_no_rule_knows_left_from_right() -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|[{;]\s*(?:left|right|top|"
        r"bottom|width|height|max-width|min-width|max-height|min-height)\s*:"
        r"|text-align:\s*(?:left|right)|float:"
    )
    for name in ("app.css", "dark.css", "composer.css", "threads.css"):
        text = re.sub(
            r"/\*.*?\*/|@media[^{]*", "", (STATIC / name).read_text(), flags=re.S
        )
        assert not re.findall(physical, text)
