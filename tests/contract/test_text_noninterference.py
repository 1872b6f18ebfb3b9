"""An engine that holds hidden texts tells a viewer what one without them tells."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import TextDocument
from search.engine import Engine, Page, SearchRequest
from tests.contract.cast import put, text
from tests.contract.conftest import NewEngine
from tests.scale import SCALE

WORDS = ["bridge", "bridges", "harbour", "harvest", "lantern", "window", "mountain"]
TYPED = [*WORDS, "brigde", "harbuor", "lantrn", "windwo", "har", "mount"]
TOKENS = ["public", "members", "staff", "team:1"]
some_tokens = st.frozensets(st.sampled_from(TOKENS), max_size=2)
some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@st.composite
def libraries(draw: st.DrawFn) -> list[TextDocument]:
    return [
        text(
            f"text-{number}",
            draw(some_words),
            summary=draw(some_words),
            facets={"theme": (draw(st.sampled_from(["a", "b", "c"])),)},
            acl=draw(some_tokens),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


@settings(
    max_examples=SCALE.hypothesis_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    documents=libraries(),
    acl=some_tokens,
    typed=st.lists(st.sampled_from(TYPED), min_size=1, max_size=3, unique=True),
    prefix=st.booleans(),
)
def test_hidden_texts_change_nothing_that_is_told(
    new_engine: NewEngine,
    documents: list[TextDocument],
    acl: frozenset[str],
    typed: list[str],
    prefix: bool,
) -> None:
    requests = [
        SearchRequest(acl=acl, text=" ".join(words), prefix=prefix)
        for words in [typed, *pairwise(typed)]
    ]
    full, visible = new_engine(), [doc for doc in documents if doc.acl & acl]
    full.apply(put(*documents))
    told = [_told(full.search(request)) for request in requests]
    alone = new_engine()
    alone.apply(put(*visible))
    assert told == [_told(alone.search(request)) for request in requests]


def _told(page: Page) -> tuple[object, ...]:
    """All but the scores: how rare a word is may follow from hidden texts."""
    hits = {hit.id: hit.highlights for hit in page.hits}
    return hits, page.total, page.facets, page.suggestion


def test_text_without_tokens_is_found_by_nobody(engine: Engine) -> None:
    engine.apply(put(text("draft", "Bridges", acl=frozenset())))
    request = SearchRequest(acl=frozenset({"", "public"}), text="bridges")
    assert engine.search(request).total == 0
