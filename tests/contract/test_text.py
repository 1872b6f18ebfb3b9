"""Order, excerpts, pages and facets."""

from datetime import timedelta

from search.documents import TextKind
from search.engine import Engine
from tests.contract.asking import ids, search
from tests.contract.cast import TODAY, put, text

DAY = timedelta(days=1)


def test_title_counts_for_more_than_body(engine: Engine) -> None:
    filling = "Other words fill this text so that it is long enough to compare."
    engine.apply(
        put(
            text("body", "Something else", body=f"{filling} A harbour."),
            text("title", "The harbour", body=filling),
        )
    )
    assert ids(search(engine, "harbour")) == ["title", "body"]


def test_excerpt_holds_markup_as_plain_text(engine: Engine) -> None:
    summary = "Write <b>bold</b> & <script>harbour()</script> as they are"
    engine.apply(put(text("markup", "Markup", summary=summary)))
    (hit,) = search(engine, "harbour").hits
    assert "".join(piece for piece, _ in hit.highlights) == summary
    assert ("harbour", True) in hit.highlights


def test_excerpt_of_a_long_body_is_short_and_near_the_match(engine: Engine) -> None:
    filling = "These words come before and after what is looked for. " * 60
    engine.apply(put(text("long", "Long", body=f"{filling}A harbour. {filling}")))
    (hit,) = search(engine, "harbour").hits
    assert 40 < sum(len(piece) for piece, _ in hit.highlights) < 400
    assert ("harbour", True) in hit.highlights


def test_without_words_the_newest_come_first_page_by_page(engine: Engine) -> None:
    dated = [
        text(f"day-{day}", f"Story {day}", date=TODAY - timedelta(days=day))
        for day in range(7)
    ]
    engine.apply(put(*reversed(dated)))
    pages = [search(engine, "", page=page, size=3) for page in (1, 2, 3, 4)]
    assert [ids(page) for page in pages] == [
        ["day-0", "day-1", "day-2"],
        ["day-3", "day-4", "day-5"],
        ["day-6"],
        [],
    ]
    assert {page.total for page in pages} == {7}


def test_without_words_the_language_of_the_page_comes_before_the_others(
    engine: Engine,
) -> None:
    dated = [
        text(f"{language}-{day}", "Story", language=language, date=TODAY - DAY * day)
        for day, language in enumerate(["de", "en", "ar", "en", "de"])
    ]
    engine.apply(put(*dated))
    pages = [search(engine, "", before="en", page=page, size=3) for page in (1, 2)]
    assert [ids(page) for page in pages] == [["en-1", "en-3", "de-0"], ["ar-2", "de-4"]]
    assert {page.total for page in pages} == {5}
    assert pages[0].facets["language"] == {"de": 2, "en": 2, "ar": 1}


def test_equal_texts_fill_pages_without_repeating(engine: Engine) -> None:
    engine.apply(put(*(text(f"twin-{number}", "Harbour") for number in range(9))))
    found = [
        hit_id
        for page in (1, 2, 3)
        for hit_id in ids(search(engine, "harbour", page=page, size=3))
    ]
    assert sorted(found) == [f"twin-{number}" for number in range(9)]


def test_facets_count_each_name_under_the_other_filters(engine: Engine) -> None:
    engine.apply(
        put(
            text("a", "Harbour", facets={"theme": ("leaving",), "country": ("NO",)}),
            text("b", "Harbour", facets={"theme": ("leaving", "schools")}),
            text("c", "Harbour", facets={"theme": ("schools",), "country": ("KE",)}),
            text("d", "Harbour", kind=TextKind.PACK, language="fr"),
            text("e", "Forest", facets={"theme": ("leaving",)}),
        )
    )
    page = search(engine, "harbour", filters={"theme": frozenset({"leaving"})})
    assert sorted(ids(page)) == ["a", "b"]
    assert page.facets == {
        "kind": {"story": 2},
        "language": {"en": 2},
        "country": {"NO": 1},
        "theme": {"leaving": 2, "schools": 2},
    }
    both = {"theme": frozenset({"leaving"}), "country": frozenset({"KE", "NO"})}
    page = search(engine, "harbour", filters=both, kinds=frozenset({TextKind.STORY}))
    assert ids(page) == ["a"]
    assert page.facets == {
        "kind": {"story": 1},
        "language": {"en": 1},
        "country": {"NO": 1},
        "theme": {"leaving": 1, "schools": 1},
    }
