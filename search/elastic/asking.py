"""Search requests as queries. Every one of them goes through `visible`."""

from collections.abc import Iterable, Sequence
from typing import Final

from elasticsearch.dsl.query import (
    Bool,
    CombinedFields,
    ConstantScore,
    DisMax,
    Ids,
    MatchAll,
    MatchNone,
    Query,
    Terms,
)

from search.elastic.terms import term
from search.engine import SearchRequest
from search.indexing import BOOSTS, facet_term
from search.text import (
    OTHER,
    STEMMED,
    TRIGRAM_FROM,
    required_words,
    trigrams,
    trigrams_needed,
    words,
)

ENOUGH: Final = "2<75%"  # what search.text.required_words says, in the server's words
TRIGRAM_BOOST: Final = 0.3
AS_TYPED_BOOST: Final = 0.1


def visible(request: SearchRequest) -> Query:
    """What the viewer may see at all."""
    seen = Terms("acl", sorted(request.acl))
    if not request.exclude:
        return Bool(filter=[seen])
    return Bool(filter=[seen], must_not=[Ids(values=sorted(request.exclude))])


def narrowed(request: SearchRequest, *, but: str = "") -> Query:
    """The filters that a person has chosen, leaving one name of them out."""
    return Bool(
        filter=[
            Terms("facet", [facet_term(name, value) for value in sorted(values)])
            for name, values in request.narrowing().items()
            if name != but
        ]
    )


def in_language(language: str) -> Query:
    """Everything; what is in the language counts for more."""
    chosen = ConstantScore(filter=term("facet", facet_term("language", language)))
    return Bool(must=[MatchAll()], should=[chosen] if language else [])


def text_query(texts: Iterable[str]) -> Query:
    """Texts that have enough words of any of the wordings, in any language."""
    return DisMax(
        queries=[
            clause
            for text in texts
            for clause in (
                *(_stemmed(text, language) for language in STEMMED),
                _plain(text),
                _as_typed(text),
            )
        ]
    )


def _fields(language: str) -> list[str]:
    return [f"{part}_{language}^{boost}" for part, boost in BOOSTS.items()]


def _stemmed(text: str, language: str) -> Query:
    return CombinedFields(
        query=text, fields=_fields(language), minimum_should_match=ENOUGH
    )


def _plain(text: str) -> Query:
    return _enough([_plain_word(word) for word in dict.fromkeys(words(text))])


def _plain_word(word: str) -> Query:
    found: Query = CombinedFields(query=word, fields=_fields(OTHER), operator="and")
    return DisMax(queries=[found, _alike(word)]) if _is_long(word) else found


def _is_long(word: str) -> bool:
    return len(word) >= TRIGRAM_FROM


def _alike(word: str) -> Query:
    pieces: list[Query] = [term("trigrams", piece) for piece in trigrams(word)]
    return Bool(
        should=pieces,
        minimum_should_match=trigrams_needed(word),
        boost=TRIGRAM_BOOST,
    )


def _as_typed(text: str) -> Query:
    """Words as they stand, also those that a language's analysis loses."""
    typed = [term("words", word) for word in dict.fromkeys(words(text))]
    return ConstantScore(filter=_enough(typed), boost=AS_TYPED_BOOST)


def _enough(clauses: Sequence[Query]) -> Query:
    if not clauses:
        return MatchNone()
    return Bool(should=list(clauses), minimum_should_match=required_words(len(clauses)))
