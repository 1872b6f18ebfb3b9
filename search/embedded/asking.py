"""Search requests as tantivy queries. Every one of them goes through `visible`."""

from collections.abc import Iterable, Sequence

from tantivy import Occur, Query, Schema

from search.embedded.analysis import ANALYZERS, stems
from search.engine import SearchRequest
from search.indexing import BOOSTS, facet_term
from search.text import (
    OTHER,
    TRIGRAM_FROM,
    required_words,
    trigrams,
    trigrams_needed,
    words,
)

OTHER_FIELDS_SHARE = 0.3
TRIGRAM_BOOST = 0.3
AS_TYPED_BOOST = 0.1


class Asking:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def visible(self, request: SearchRequest) -> Query:
        """What the viewer may see at all. Scores nothing."""
        seen = Query.term_set_query(self._schema, "acl", sorted(request.acl))
        clauses = [(Occur.Must, Query.const_score_query(seen, 0.0))]
        if request.exclude:
            barred = Query.term_set_query(self._schema, "id", sorted(request.exclude))
            clauses.append((Occur.MustNot, barred))
        return Query.boolean_query(clauses)

    def narrowed(self, request: SearchRequest, *, but: str = "") -> Query:
        """What the viewer may see under the filters, leaving one name of them out."""
        clauses = [(Occur.Must, self.visible(request))]
        for name, values in request.narrowing().items():
            if name != but:
                terms = [facet_term(name, value) for value in sorted(values)]
                chosen = Query.term_set_query(self._schema, "facet", terms)
                clauses.append((Occur.Must, Query.const_score_query(chosen, 0.0)))
        return Query.boolean_query(clauses)

    def in_language(self, query: Query, language: str) -> tuple[Query, Query]:
        """The query for what is in the language, and for the rest."""
        term = facet_term("language", language)
        chosen = Query.term_query(self._schema, "facet", term, index_option="basic")
        return (
            Query.boolean_query([(Occur.Must, query), (Occur.Must, chosen)]),
            Query.boolean_query([(Occur.Must, query), (Occur.MustNot, chosen)]),
        )

    def text(self, texts: Iterable[str]) -> Query:
        """Texts that have enough words of any of the wordings, in any language."""
        clauses = [
            clause
            for text in texts
            for clause in (
                *(self._text_in(text, language) for language in ANALYZERS),
                self._as_typed(text),
            )
            if clause is not None
        ]
        return Query.disjunction_max_query(clauses)

    def _as_typed(self, text: str) -> Query | None:
        """Words as they stand, also those that a language's analysis loses."""
        typed = [
            Query.term_query(self._schema, "words", word, index_option="basic")
            for word in dict.fromkeys(words(text))
        ]
        return _enough(typed, AS_TYPED_BOOST)

    def _text_in(self, text: str, language: str) -> Query | None:
        if language == OTHER:
            clauses = [self._plain(word) for word in dict.fromkeys(words(text))]
        else:
            clauses = [self._stem(stem, language) for stem in stems(text, language)]
        return _enough(clauses)

    def _stem(self, stem: str, language: str) -> Query:
        parts = [
            Query.boost_query(
                Query.term_query(
                    self._schema, f"{part}_{language}", stem, index_option="freq"
                ),
                boost,
            )
            for part, boost in BOOSTS.items()
        ]
        return Query.disjunction_max_query(parts, OTHER_FIELDS_SHARE)

    def _plain(self, word: str) -> Query:
        found = [self._stem(stem, OTHER) for stem in stems(word, OTHER)]
        if len(word) >= TRIGRAM_FROM:
            found.append(self._alike(word))
        return Query.disjunction_max_query(found)

    def _alike(self, word: str) -> Query:
        pieces = [
            Query.term_query(self._schema, "trigrams", piece, index_option="basic")
            for piece in trigrams(word)
        ]
        alike = Query.boolean_query(
            [(Occur.Should, piece) for piece in pieces],
            minimum_number_should_match=trigrams_needed(word),
        )
        return Query.boost_query(alike, TRIGRAM_BOOST)


def _enough(clauses: Sequence[Query], boost: float = 1.0) -> Query | None:
    if not clauses:
        return None
    enough = Query.boolean_query(
        [(Occur.Should, clause) for clause in clauses],
        minimum_number_should_match=required_words(len(clauses)),
    )
    return Query.boost_query(enough, boost)
