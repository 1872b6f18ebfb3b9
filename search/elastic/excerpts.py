"""The server's marked excerpts, taken apart into pieces of plain text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from search.elastic.rows import MARK_END, MARK_START
from search.engine import Fragment
from search.indexing import BODY, SUMMARY

EXCERPT: Final = 240
HIGHLIGHT: Final[Mapping[str, Any]] = {
    "pre_tags": [MARK_START],
    "post_tags": [MARK_END],
    "number_of_fragments": 1,
    "fragment_size": EXCERPT,
    "no_match_size": EXCERPT,
    "fields": {f"{SUMMARY}_*": {}, f"{BODY}_*": {}},
}


def excerpt(highlighted: Mapping[str, Sequence[str]]) -> tuple[Fragment, ...]:
    """The summary with its matches, else the body around its first, else the start."""
    found = sorted(
        highlighted.items(), key=lambda item: not item[0].startswith(SUMMARY)
    )
    texts = [fragments[0] for _, fragments in found if fragments]
    marked = [text for text in texts if MARK_START in text]
    return _pieces((marked or texts or [""])[0])


def _pieces(text: str) -> tuple[Fragment, ...]:
    before, *rest = text.split(MARK_START)
    pieces = [(before, False)]
    for part in rest:
        match, _, after = part.partition(MARK_END)
        pieces += [(match, True), (after, False)]
    return tuple(piece for piece in pieces if piece[0])
