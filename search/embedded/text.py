"""Text search in memory. Reading sees the last commit and needs no lock."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from tantivy import DocAddress, Index, Occur, Query, Searcher, SearchResult

from search.documents import TextDocument
from search.embedded.asking import Asking
from search.embedded.highlighting import excerpt
from search.embedded.schema import Stored, build_index, build_schema, indexed
from search.embedded.vocabulary import VisibleWords
from search.engine import DEEPEST, Hit, Page, SearchRequest
from search.spelling import Wordings, wordings
from search.text import words

WRITER_BYTES: Final = 15_000_000
TIES: Final = 50
FACET_VALUES: Final = 1000

Found = tuple[float, DocAddress]
FacetCounts = dict[str, dict[str, int]]


class TextIndex:
    """`put` and `remove` are seen after `commit_if_changed`; one writer at a time."""

    def __init__(self) -> None:
        schema = build_schema()
        self._index: Index = build_index(schema)
        self._writer = self._index.writer(WRITER_BYTES, num_threads=1)
        self._asking = Asking(schema)
        self._changed = False

    def put(self, document: TextDocument) -> None:
        row = indexed(document)
        self.remove(document.id)
        self._writer.add_document(row)

    def remove(self, doc_id: str) -> None:
        self._writer.delete_documents_by_term("id", doc_id)
        self._changed = True

    def commit_if_changed(self) -> None:
        if self._changed:
            self._writer.commit()
            self._index.reload()
            self._changed = False

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def search(self, request: SearchRequest) -> Page:
        searcher = self._index.searcher()
        visible = self._asking.visible(request)
        vocabulary = VisibleWords(searcher, self._asking, visible)
        asked = wordings(request.text, vocabulary, prefix=request.prefix)
        query = self._query(request, asked)
        total, found = self._found(searcher, query, request)
        return Page(
            hits=tuple(_hit(searcher, score, at, asked) for score, at in found),
            total=total,
            facets=self._facets(searcher, request, asked),
            suggestion=asked.suggestion,
        )

    def _query(
        self, request: SearchRequest, asked: Wordings, *, but: str = ""
    ) -> Query:
        narrowed = self._asking.narrowed(request, but=but)
        if not words(request.text):
            return narrowed
        text = self._asking.text(asked.texts)
        return Query.boolean_query([(Occur.Must, narrowed), (Occur.Must, text)])

    def _found(
        self, searcher: Searcher, query: Query, request: SearchRequest
    ) -> tuple[int, list[Found]]:
        """How many there are, and those of the page that is asked for."""
        last = request.page * request.size
        if last > DEEPEST:
            return _count(searcher.search(query, limit=1)), []
        if words(request.text):
            total, found = _best(searcher, query, last)
        else:
            total, found = self._newest(searcher, query, last, request.before)
        return total, found[last - request.size : last]

    def _newest(
        self, searcher: Searcher, query: Query, last: int, before: str
    ) -> tuple[int, list[Found]]:
        total, found = 0, []
        for part in self._asking.in_language(query, before):
            result = searcher.search(part, limit=last, order_by_field="order")
            total += _count(result)
            found += [(0.0, address) for _, address in result.hits]
        return total, found

    def _facets(
        self, searcher: Searcher, request: SearchRequest, asked: Wordings
    ) -> FacetCounts:
        narrowing = request.narrowing()
        counts = _counts(searcher, self._query(request, asked))
        facets = {name: counts[name] for name in counts if name not in narrowing}
        for name in narrowing:
            query = self._query(request, asked, but=name)
            facets[name] = _counts(searcher, query).get(name, {})
        return facets


def _best(searcher: Searcher, query: Query, last: int) -> tuple[int, list[Found]]:
    result = searcher.search(query, limit=last + TIES)
    return _count(result), _ranked(searcher, result.hits)


def _count(result: SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing in its stub


def _ranked(searcher: Searcher, found: list[Found]) -> list[Found]:
    """Best first, of equal ones the newest: segments would order them at random."""
    orders = searcher.fast_field_values("order", [address for _, address in found])
    keyed = zip(found, orders, strict=True)
    ranked = sorted(keyed, key=lambda entry: (-round(entry[0][0], 5), -(entry[1] or 0)))
    return [hit for hit, _ in ranked]


def _hit(searcher: Searcher, score: float, address: DocAddress, asked: Wordings) -> Hit:
    stored = Stored(searcher.doc(address))
    return Hit(stored.id, stored.kind, score, excerpt(stored, asked.texts))


def _counts(searcher: Searcher, query: Query) -> FacetCounts:
    terms: Mapping[str, Any] = {"terms": {"field": "facet", "size": FACET_VALUES}}
    answer = searcher.aggregate(query, {"facet": dict(terms)})
    counts: FacetCounts = defaultdict(dict)
    for bucket in answer["facet"]["buckets"]:
        name, _, value = bucket["key"].partition("=")
        counts[name][value] = bucket["doc_count"]
    return dict(counts)
