"""tantivy's analyzers, one for each language that has a stemmer, and a plain one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search.text import OTHER, STEMMED, prepare

LONGEST_TOKEN: Final = 60
WORD_FORM: Final = r"[\p{L}\p{N}\p{M}_]+(?:['’.:][\p{L}\p{M}]+|[.,][\p{N}]+)*"

# tantivy has no Arabic list. These are as `prepare` leaves them.
ARABIC_STOPS: Final = (
    "من في علي الي عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم نحن انا انت "
    "كان كانت يكون لا لم لن ما ان او ثم بل قد كل بعد قبل عند بين حتي اذا كما لكن "
    "ايضا غير حيث كيف لماذا متي اين"
)


def _stemming(language: str) -> TextAnalyzer:
    builder = (
        TextAnalyzerBuilder(Tokenizer.regex(WORD_FORM))
        .filter(Filter.remove_long(LONGEST_TOKEN))
        .filter(Filter.lowercase())
        .filter(_stops(language))
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer(language))
    )
    return builder.build()


def _stops(language: str) -> Filter:
    if language == STEMMED["ar"]:
        return Filter.custom_stopword(ARABIC_STOPS.split())
    return Filter.stopword(language)


def _plain() -> TextAnalyzer:
    return (
        TextAnalyzerBuilder(Tokenizer.regex(WORD_FORM))
        .filter(Filter.remove_long(LONGEST_TOKEN))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .build()
    )


ANALYZERS: Final[Mapping[str, TextAnalyzer]] = {
    **{code: _stemming(name) for code, name in STEMMED.items()},
    OTHER: _plain(),
}


@lru_cache(maxsize=32_768)
def stems(text: str, language: str) -> tuple[str, ...]:
    """The distinct tokens that a text leaves in a field of this language."""
    return tuple(dict.fromkeys(ANALYZERS[language].analyze(prepare(text, language))))
