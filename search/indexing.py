"""What both engines derive from a text before they index it."""

from typing import Final

from search.documents import TextDocument
from search.formula import tie_key
from search.text import trigrams, words

LONGEST_WORD: Final = 60

TITLE, SUMMARY, BODY = "title", "summary", "body"
BOOSTS: Final = {TITLE: 3.0, SUMMARY: 1.5, BODY: 1.0}


def facet_terms(document: TextDocument) -> list[str]:
    """Kind and language are counted and filtered like any other facet."""
    return [
        facet_term("kind", str(document.kind)),
        facet_term("language", document.language),
        *(
            facet_term(name, value)
            for name, values in document.facets.items()
            for value in values
        ),
    ]


def facet_term(name: str, value: str) -> str:
    return f"{name}={value}"


def newest_first(document: TextDocument) -> int:
    """A number that falls with age, and differs between documents of one day."""
    return (document.date.toordinal() << 32) | (tie_key(document.id) & 0xFFFFFFFF)


def vocabulary_of(document: TextDocument) -> list[str]:
    found = words(f"{document.title}\n{document.summary}\n{document.body}")
    return sorted({word for word in found if len(word) <= LONGEST_WORD})


def trigrams_of(document: TextDocument) -> list[str]:
    """Of title and summary only: a long body holds most of a language's trigrams."""
    found = words(f"{document.title}\n{document.summary}")
    return sorted({piece for word in found for piece in trigrams(word)})
