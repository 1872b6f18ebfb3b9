"""The main pages of the demonstration as pictures: `make screenshots`.

Each at 390 and 1280 pixels, light, dark and right to left, in `docs/screens/` as
`<page>-<width>-<look>.png`. A picture is as high as its page, up to `TALLEST`.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium
from tools.demo_site import ROOT
from tools.staging import Stage, staged

FOLDER = ROOT / "docs" / "screens"
WIDTHS = (390, 1280)
LOOKS = ("light", "dark", "rtl")
TALLEST = 1900
COLOURS = 256


@dataclass(frozen=True)
class Shown:
    """`arabic` is the same page in Arabic, where that is not `/ar` + path."""

    name: str
    address: str
    who: str = ""
    arabic: str = ""

    def path(self, stage: Stage, look: str) -> str:
        path = stage.places.get(self.address, self.address)
        if look != "rtl":
            return path
        return stage.places.get(self.arabic, self.arabic) or f"/ar{path}"


PAGES = (
    Shown("home", "/"),
    Shown("appeal", "appeal", arabic="/ar/appeals/harbour-market/"),
    Shown("volunteer-result", "/help/harbour-market/done/", "volunteer"),
    Shown("story", "story", arabic="story in Arabic"),
    Shown("library", "/library/"),
    Shown("pack", "pack", arabic="/ar/library/al-makan-al-khali/"),
    Shown("practices", "/practices/"),
    Shown("matches", "matches", "mirte"),
    Shown("conversation", "conversation", "leila", arabic="conversation in Arabic"),
    Shown("apply", "/join/?step=3", "jo"),
    Shown("status", "/join/status/", "marek"),
    Shown("profile", "/me/profile/", "leila"),
    Shown("preview", "/me/preview/?as=connection", "leila"),
    Shown("directory", "/people/", "leila"),
    Shown("vetting", "application", "ruben"),
)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with staged() as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=chromium.ARGUMENTS
        )
        for shown in PAGES:
            if not sys.argv[1:] or shown.name in sys.argv[1:]:
                take(browser, stage, shown)
        browser.close()
    size = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {size / 1e6:.1f} MB")


def take(browser: Browser, stage: Stage, shown: Shown) -> None:
    page = window(browser, stage, shown.who)
    for look in LOOKS:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.goto(shown.path(stage, look))
        for width in WIDTHS:
            save(page, width, FOLDER / f"{shown.name}-{width}-{look}.png")
    page.context.close()


def window(browser: Browser, stage: Stage, who: str) -> Page:
    url = stage.site.url
    context = browser.new_context(
        base_url=url, reduced_motion="reduce", service_workers="block"
    )
    if who:
        cookie = {"name": "sessionid", "value": stage.sessions[who], "url": url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    return context.new_page()


def save(page: Page, width: int, file: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    taken = Image.open(io.BytesIO(page.screenshot()))
    reduced(taken.convert("RGB")).save(file, optimize=True)


def reduced(taken: Image.Image) -> Image.Image:
    """A third of the size: half of the palette for what there is most of, half spread
    over the rest, so that a small red figure stays red. Each colour to its nearest;
    Pillow's own way there is too coarse for grounds of nearly one colour."""
    common = taken.quantize(COLOURS // 2, Image.Quantize.MEDIANCUT).getpalette() or []
    spread = taken.quantize(COLOURS // 2, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = np.array(common + spread, dtype=int).reshape(-1, 3)
    red, green, blue = np.moveaxis(np.asarray(taken, dtype=int), 2, 0)
    pixels = (red << 16) + (green << 8) + blue
    colours, places = np.unique(pixels, return_inverse=True)
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    palette[0] = parts[np.bincount(places.ravel()).argmax()]  # the ground, exactly
    apart = np.abs(parts[:, None] - palette).sum(axis=2)
    nearest = apart.argmin(axis=1).astype(np.uint8)
    flat = Image.fromarray(nearest[places].reshape(pixels.shape))
    flat.putpalette(palette.astype(np.uint8).tobytes())
    return flat


def settle(page: Page) -> None:
    """Fonts and pictures are there, those further down too."""
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          const images = [...document.images].filter((image) => !image.complete);
          for (const image of images) image.loading = "eager";
          await Promise.all(images.map((image) => image.decode().catch(() => {})));
          // a player turns for a moment when it is drawn anew
          const player = document.querySelector("video");
          if (player) await new Promise((done) => setTimeout(done, 1500));
        }"""
    )


if __name__ == "__main__":
    main()
