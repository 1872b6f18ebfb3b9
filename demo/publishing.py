"""Stories, packs, practices, texts and helplines, through the room that owns them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from cms import loading
from demo import content
from demo.content import Row
from network.models import Helpline, User
from projects.models import Appeal

UNCHECKED = "Demonstration entry, to be checked by staff before use."


def text_rows() -> Iterator[tuple[str, Row]]:
    """Public pages by language; the texts of consent are pages too."""
    for folder in sorted((content.FOLDER / "texts").iterdir()):
        for row in content.every(f"texts/{folder.name}"):
            yield folder.name, row


def practice_rows() -> list[Row]:
    rows: list[Row] = json.loads(content.PRACTICES.read_text())
    return rows


# Told by the cast, who can withdraw them; the others by nobody with an account here.
TELLERS = {
    "the-night-i-stopped-answering": "tomas",
    "al-kursi-al-farigh": "leila",
    "la-cancha-de-abajo": "ines",
    "two-kitchens": "grace",
}


def steps(cast: Mapping[str, User]) -> list[tuple[str, int, Iterator[None]]]:
    """What there is to publish: a title, how many, and the work itself."""
    return [
        ("Helplines", len(content.one("helplines")["helplines"]), _helplines()),
        ("Public texts", len(list(text_rows())), _texts()),
        ("Stories", len(content.every("stories")), _stories(cast)),
        ("Lesson packs", len(content.every("packs")), _packs()),
        ("Practices", len(practice_rows()), _practices()),
    ]


def _helplines() -> Iterator[None]:
    for order, row in enumerate(content.one("helplines")["helplines"]):
        words = helpline_words(row)
        loading.put_helpline({**row, "sort_order": order, "translations": words})
        yield


def helpline_words(row: Row) -> dict[str, dict[str, str]]:
    """By language, then by field: put together from phrases that many share."""
    phrases = {words["en"]: words for words in content.one("helpline-words")["words"]}
    found = {}
    for language in ("ar", "fr", "de", "es"):
        found[language] = {
            field: " ".join(phrases[part][language] for part in parts_of(row[field]))
            for field in Helpline.IN_WORDS
            if row[field] and (field != "name" or row[field] in phrases)
        }
    return found


def parts_of(text: str) -> list[str]:
    """A phrase, and that nobody has dialled the number."""
    phrase = text.removesuffix(UNCHECKED).strip()
    return [part for part in (phrase, text[len(phrase) :].strip()) if part]


def _texts() -> Iterator[None]:
    for language, row in text_rows():
        loading.put_standard(row, language)
        yield


def _stories(cast: Mapping[str, User]) -> Iterator[None]:
    for row in content.every("stories"):
        author = cast.get(TELLERS.get(row["slug"], ""))
        loading.put_story(row, content.MEDIA, author=author)
        yield


def _packs() -> Iterator[None]:
    for row in content.every("packs"):
        loading.put_pack(row)
        yield


def _practices() -> Iterator[None]:
    for row in practice_rows():
        loading.put_practice(row)
        yield


def load_appeal_pages(appeal: Appeal) -> None:
    rows = [row for row in content.every("appeals") if row["slug"] == appeal.slug]
    for row in rows:
        loading.put_appeal(appeal, row["texts"])
