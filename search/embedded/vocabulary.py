"""The words of the texts that one viewer may see, out of the tantivy index."""

from collections.abc import Mapping, Sequence

from tantivy import Occur, Query, Searcher

from search.embedded.asking import Asking
from search.spelling import LEAST_PREFIX, edits_allowed


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
        found = self._searcher.terms_with_prefix("words", prefix, self._visible)
        return dict(found)

    def _occurs(self, word: str) -> bool:
        query = Query.boolean_query(
            [(Occur.Must, self._asking.text([word])), (Occur.Must, self._visible)]
        )
        return bool(self._searcher.search(query, limit=1, count=False).hits)
