"""What a page weighs on its way: see the budgets in the design.

Texts are counted as gzip makes them, which is how a server in production sends them.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter

import pytest
from playwright.sync_api import Response

from tests.browser.pages import MAIN_SHOWN, Place
from tests.browser.windows import Windows
from tests.scale import SCALE, is_one_of

KILOBYTE = 1000
MOST = {"html": 20, "css": 8, "js": 30}
FONTS, MIXED_FONTS = 85, 130  # a page with a word of Arabic needs a third one
WHOLE = 180
REQUESTS = 20
KINDS = {"document": "html", "stylesheet": "css", "script": "js", "font": "fonts"}
PACKED = ("text/", "image/svg", "application/j", "application/manifest")


def name_of(value: object) -> str:
    return value.name if isinstance(value, Place) else str(value)


# the desk is neither public nor a member's, and has a stylesheet of its own
BUDGETED = [
    (place, language)
    for place, language in MAIN_SHOWN
    if not place.template.startswith("moder")
    if language == "en" or is_one_of(SCALE.pages, place.name)
]


@pytest.mark.parametrize(("place", "language"), BUDGETED, ids=name_of)
def test_page_keeps_its_budgets(
    windows: Windows,
    place: Place,
    language: str,
    record_property: pytest.RecordProperty,
) -> None:
    came: list[Response] = []
    page = windows.fresh(place.who, viewport={"width": 390, "height": 844})
    page.on("response", lambda answer: came.append(answer))
    page.goto(place.path(windows.stage, language=language), wait_until="networkidle")
    sizes = weigh(came)
    is_mixed = re.search("[\u0600-\u06ff]", page.inner_text("body")) is not None
    page.context.close()
    record_property("sizes", f"{dict(sizes)} in {len(came)}")
    print(f"{place.name} {language}: {dict(sizes)} in {len(came)}")
    for kind, most in {**MOST, "fonts": MIXED_FONTS if is_mixed else FONTS}.items():
        assert sizes[kind] <= most * KILOBYTE, kind
    assert sizes.total() <= WHOLE * KILOBYTE
    assert len(came) <= REQUESTS


def weigh(came: list[Response]) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for answer in came:
        kind = KINDS.get(answer.request.resource_type, "other")
        is_text = answer.headers.get("content-type", "").startswith(PACKED)
        body = answer.body() if answer.status == 200 else b""
        sizes[kind] += len(gzip.compress(body, 9) if is_text else body)
    return sizes
