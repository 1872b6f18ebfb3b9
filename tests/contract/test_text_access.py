"""What a viewer may not see leaves no trace: not in hits, counts or suggestions."""

from dataclasses import replace

import pytest

from search.engine import Engine, Page, SearchRequest
from tests.contract.cast import put, text
from tests.contract.conftest import NewEngine

HIDDEN = text(
    "hidden",
    "Lighthouse keepers",
    summary="Quicksilver notes about bridges",
    body="The lighthouse is only for moderators.",
    facets={"theme": ("secret-theme",), "room": ("tower",)},
    acl=frozenset({"moderators", "role:staff"}),
)
OPEN = text("open", "Bridges", summary="A bridge for all", facets={"theme": ("town",)})
PROBES = ["lighthouse", "lighthuose", "quicksilver", "bridges", "keeper", "brigdes", ""]


@pytest.fixture(scope="module")
def library(new_engine: NewEngine) -> Engine:
    engine = new_engine()
    engine.apply(put(HIDDEN, OPEN))
    return engine


@pytest.mark.parametrize("acl", [{"public"}, {"public", "moderator"}, {"role"}, set()])
@pytest.mark.parametrize("words", PROBES)
@pytest.mark.parametrize("prefix", [False, True])
def test_stranger_sees_no_trace_of_a_hidden_text(
    library: Engine, acl: set[str], words: str, prefix: bool
) -> None:
    page = library.search(SearchRequest(acl=frozenset(acl), text=words, prefix=prefix))
    assert {hit.id for hit in page.hits} <= {"open"}
    assert page.total == len(page.hits)
    told = repr(page).lower()
    for trace in ("lighthouse", "quicksilver", "keeper", "secret", "tower", "hidden"):
        assert trace not in told


def test_who_may_see_it_finds_it(library: Engine) -> None:
    request = SearchRequest(acl=frozenset({"moderators"}), text="lighthouse")
    page = library.search(request)
    assert [hit.id for hit in page.hits] == ["hidden"]
    assert page.facets["room"] == {"tower": 1}
    typo = library.search(replace(request, text="lighthuose"))
    assert typo.suggestion == "lighthouse"


def test_without_tokens_nothing_is_found(library: Engine) -> None:
    page = library.search(SearchRequest(acl=frozenset()))
    assert page == Page(hits=(), total=0, facets={}, suggestion=None)


def test_excluded_texts_leave_no_trace_either(library: Engine) -> None:
    acl = frozenset({"moderators", "public"})
    request = SearchRequest(
        acl=acl, text="lighthuose", exclude=frozenset({"hidden", "nobody"})
    )
    page = library.search(request)
    assert page == Page(hits=(), total=0, facets={}, suggestion=None)
