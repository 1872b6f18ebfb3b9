"""Changes may come twice and in any order; the highest version of each id stands."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Change
from search.engine import Counts, Engine, MatchRequest, SearchRequest
from tests.contract.cast import NEED, PERSON, TODAY, put, text
from tests.contract.conftest import NewEngine
from tests.scale import SCALE

PUBLIC = frozenset({"public"})


@st.composite
def change_logs(draw: st.DrawFn) -> list[Change]:
    """Versions of a few people, needs and texts, in disorder and with repetitions."""
    log = []
    for number in range(draw(st.integers(1, 4))):
        for version in range(1, draw(st.integers(2, 5))):
            sort = ["person", "need", "text"][number % 3]
            log.append(_change(f"{sort}-{number}", version, draw(st.booleans())))
    repeated = draw(st.lists(st.sampled_from(log), max_size=6))
    return draw(st.permutations(log + repeated))


def _change(doc_id: str, version: int, kept: bool) -> Change:
    if not kept:
        return Change(doc_id, version, None)
    match doc_id.split("-")[0]:
        case "person":
            years = 2 + version
            return Change(
                doc_id, version, replace(PERSON, id=doc_id, experience_years=years)
            )
        case "need":
            seats = version
            return Change(doc_id, version, replace(NEED, id=doc_id, seats_left=seats))
    return Change(doc_id, version, text(doc_id, f"edition{version}"))


@settings(
    max_examples=SCALE.hypothesis_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(log=change_logs(), cut=st.integers(0, 30))
def test_the_highest_version_stands(
    new_engine: NewEngine, log: list[Change], cut: int
) -> None:
    engine = new_engine()
    engine.apply(log[:cut])
    engine.apply(log[cut:])
    last = {change.doc_id: change for change in sorted(log, key=lambda c: c.version)}
    kept = {key: change for key, change in last.items() if change.document is not None}
    held = Counts(*(sum(key.startswith(sort) for key in kept) for sort in SORTS))
    assert engine.count() == held
    assert _state(engine, log) == _expected(kept)


SORTS = ("person", "need", "text")


def _state(engine: Engine, log: list[Change]) -> set[tuple[str, int]]:
    found = engine.match(MatchRequest(subject=NEED, today=TODAY))
    state = {
        (person.id, round(person.points["experience"] / 0.005)) for person in found
    }
    needs = engine.match(MatchRequest(subject=PERSON, today=TODAY))
    state |= {(need.id, 0) for need in needs}
    for version in {change.version for change in log}:
        request = SearchRequest(text=f"edition{version}", acl=PUBLIC)
        state |= {(hit.id, version) for hit in engine.search(request).hits}
    return state


def _expected(kept: dict[str, Change]) -> set[tuple[str, int]]:
    years = {"person": 2, "text": 0}
    return {
        (key, change.version + years[sort] if sort in years else 0)
        for key, change in kept.items()
        for sort in [key.split("-")[0]]
    }


def test_a_deleted_document_stays_deleted_for_late_comers(engine: Engine) -> None:
    engine.apply(put(PERSON, version=1))
    engine.apply([Change("person", 3, None)])
    engine.apply(put(PERSON, version=2))
    engine.apply(put(PERSON, version=3))
    assert engine.count().people == 0
    engine.apply(put(PERSON, version=4))
    assert engine.count().people == 1


def test_deletion_of_what_was_never_seen_is_remembered(engine: Engine) -> None:
    engine.apply([Change("story", 5, None)])
    engine.apply(put(text("story", "Bridges"), version=4))
    assert engine.search(SearchRequest(text="bridges", acl=PUBLIC)).total == 0
    assert engine.count() == Counts(people=0, needs=0, texts=0)


def test_an_edit_leaves_nothing_of_the_old_version(engine: Engine) -> None:
    old = text("story", "Bridges", facets={"theme": ("leaving",)})
    engine.apply(put(old))
    engine.apply(
        put(
            text("story", "Harbour", date=TODAY - timedelta(days=1)),
            version=2,
        )
    )
    assert engine.search(SearchRequest(text="bridges", acl=PUBLIC)).total == 0
    page = engine.search(SearchRequest(acl=PUBLIC))
    assert (page.total, "theme" in page.facets) == (1, False)


def test_many_edits_leave_one_document(engine: Engine) -> None:
    for version in range(1, 31):
        years = version % 9 + 2
        engine.apply(
            put(replace(PERSON, experience_years=years), NEED, version=version)
        )
    assert engine.count() == Counts(people=1, needs=1, texts=0)
    (found,) = engine.match(MatchRequest(subject=NEED, today=TODAY))
    assert round(found.points["experience"], 6) == 0.005 * (30 % 9 + 2)


def test_an_engine_that_was_made_is_ready(engine: Engine) -> None:
    assert engine.ready()
