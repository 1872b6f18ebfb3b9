"""What was chosen from few stands in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import override, trans_real

from cms import labels
from search.labels import value_label
from tests.cms.conftest import told

WORDS = {
    ("ar", "Oceania"): "أوقيانوسيا",
    ("ar", "Central Europe"): "وسط أوروبا",
    ("de", "Central Europe"): "Mitteleuropa",
    ("fr", "Western Europe"): "Europe de l’Ouest",
    ("ar", "Multi-agency approach"): "العمل المشترك بين الجهات",
    ("ar", "Families"): "الأسر",
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With words of the test's own, whatever the catalogues say."""
    for (language, name), word in WORDS.items():
        words = trans_real.translation(language)._catalog._catalogs[0]  # type: ignore[attr-defined]
        monkeypatch.setitem(words, name, word)
    labels.known_regions.cache_clear()
    yield
    labels.known_regions.cache_clear()


@pytest.mark.parametrize(
    ("written", "reader", "read"),
    [
        ("Oceania", "ar", "أوقيانوسيا"),
        ("Mitteleuropa", "ar", "وسط أوروبا"),
        ("Mitteleuropa", "en", "Central Europe"),
        ("Europe de l'Ouest", "en", "Western Europe"),
        ("oceania ", "en", "Oceania"),
        ("Where the river bends", "ar", None),
    ],
)
def test_a_region_is_known_in_every_language(
    written: str, reader: str, read: str | None
) -> None:
    with override(reader):
        assert labels.region_label(written) == read


@pytest.mark.django_db
def test_a_story_tells_its_region_in_the_readers_language() -> None:
    page = told("leaving-twice")
    region = f'<bdi lang="en">{page.region}</bdi>'
    assert region in Client().get(page.url).content.decode()
    page.region = "Where the river bends"
    page.language = "de"
    page.save_revision().publish()
    html = Client().get(page.url).content.decode()
    assert '<bdi lang="de">Where the river bends</bdi>' in html


def test_the_facets_of_practices_are_in_the_readers_language() -> None:
    with override("ar"):
        assert value_label("approach", "Multi-agency approach") == (
            "العمل المشترك بين الجهات"
        )
        assert value_label("audience", "Families") == "الأسر"
        assert value_label("subject", "Ethics") == "الأخلاق"
    assert value_label("approach", "Something of their own") == "Something of their own"
