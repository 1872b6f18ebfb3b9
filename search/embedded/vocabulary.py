"""The words of the texts that one viewer may see, out of the tantivy index."""

from collections.abc import Mapping, Sequence
from typing import Final

from tantivy import Occur, Query, Searcher

from search.embedded.asking import Asking
from search.spelling import COMPLETIONS, edits_allowed

LEAST_PREFIX: Final = 2


class VisibleWords:
    def __init__(self, searcher: Searcher, asking: Asking, visible: Query) -> None:
        self._searcher = searcher
        self._asking = asking
        self._visible = visible

    def unknown(self, asked: Sequence[str]) -> set[str]:
        return {word for word in set(asked) if not self._occurs(word)}

    def near(self, word: str) -> Mapping[str, int]:
        allowed = edits_allowed(word)
        if not allowed:
            return {}
        same_start = self._searcher.terms_with_prefix("words", word[0], self._visible)
        return {
            candidate: count
            for candidate, count in same_start
            if abs(len(candidate) - len(word)) <= allowed
        }

    def beginning(self, prefix: str) -> Mapping[str, int]:
        if len(prefix) < LEAST_PREFIX:
            return {}
        found = self._searcher.terms_with_prefix(
            "words", prefix, self._visible, limit=COMPLETIONS
        )
        return dict(found)

    def _occurs(self, word: str) -> bool:
        query = Query.boolean_query(
            [(Occur.Must, self._asking.word(word)), (Occur.Must, self._visible)]
        )
        return bool(self._searcher.search(query, limit=1, count=False).hits)
