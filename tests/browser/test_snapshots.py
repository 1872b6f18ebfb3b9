"""Three pictures that stay as they are until somebody means to change them.

    RENEW_SNAPSHOTS=1 .venv/bin/pytest tests/browser/test_snapshots.py

draws them anew. What a demonstration makes anew each time it is loaded (pictures drawn
from keys, times, days) is hidden before. A failure leaves what it saw, and where that
differs, in `test-results/`.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.windows import Windows

KEPT = Path(__file__).parent / "snapshots"
RESULTS = Path("test-results")
SHARE = 0.02  # of the pixels
UNSEEN = 40  # of 255: the edge of a letter, drawn by another version
HIDDEN = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`img, video, time, .card .body > *, .count { visibility: hidden }
    .day { display: none } * { caret-color: transparent !important }`);
  document.adoptedStyleSheets = [sheet];
  return document.fonts.ready.then(() => true);
}"""
SHOTS = [
    ("home-1280-light", "", "/", 1280, "light"),
    ("story-390-dark", "", "story", 390, "dark"),
    ("conversation-390-rtl", "leila", "conversation in Arabic", 390, "light"),
]


@pytest.mark.parametrize(("name", "who", "address", "width", "theme"), SHOTS)
def test_page_looks_as_it_did(
    windows: Windows, name: str, who: str, address: str, width: int, theme: str
) -> None:
    page = windows.fresh(
        who, viewport={"width": width, "height": 900}, color_scheme=theme
    )
    page.goto(windows.stage.places.get(address, address), wait_until="networkidle")
    page.evaluate(HIDDEN)
    page.evaluate("scrollTo(0, 0)")
    seen = page.screenshot(animations="disabled")
    page.context.close()
    file = KEPT / f"{name}.png"
    if os.environ.get("RENEW_SNAPSHOTS"):
        KEPT.mkdir(exist_ok=True)
        picture(seen).save(file, optimize=True)
    assert share_that_differs(file, picture(seen)) <= SHARE


def picture(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body)).convert("RGB")


def share_that_differs(file: Path, seen: Image.Image) -> float:
    kept = Image.open(file).convert("RGB")
    assert kept.size == seen.size
    apart = np.abs(np.asarray(kept, dtype=int) - np.asarray(seen, dtype=int))
    differs = apart.max(axis=2) > UNSEEN
    share = float(differs.mean())
    if share > SHARE:
        RESULTS.mkdir(exist_ok=True)
        seen.save(RESULTS / f"{file.stem}-seen.png")
        Image.fromarray(differs).save(RESULTS / f"{file.stem}-differs.png")
    return share
