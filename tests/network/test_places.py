from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network import cities_table, places
from network.places import City

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
LANGUAGES = ("en", "ar", "fr", "de", "es")


def first(text: str, language: str = "en") -> str:
    return places.label(places.search(text, language)[0], language)


def named(text: str) -> City:
    city = places.resolve(text)
    assert city is not None, text
    return city


def test_the_packed_table_was_made_from_the_installed_package() -> None:
    with np.load(cities_table.TABLE) as columns:
        made_from = str(columns["fingerprint"])
    assert made_from == cities_table.fingerprint(cities_table.source())


def test_columns_of_the_table_are_whole() -> None:
    table = cities_table.load()
    size = len(table.ids)
    assert size > 30_000
    assert len(set(table.ids.tolist())) == size
    for column in (table.countries, table.latitudes, table.longitudes, table.row_ends):
        assert len(column) == size
    assert len(table.name_ends) == len(table.named)
    assert set(table.named.tolist()) == set(range(size))
    assert np.all(np.diff(table.populations) <= 0)


def test_names_are_sorted_so_that_bisection_finds_them() -> None:
    table = cities_table.load()
    sampled = [table.name(index) for index in range(0, len(table.named), 997)]
    assert sampled == sorted(sampled)
    assert table.name(0) <= table.name(1) <= table.name(len(table.named) - 1)


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("malm", "en", "Malmö, Sweden"),
        ("MALMÖ", "de", "Malmö, Schweden"),
        ("مالمو", "ar", "مالمو، السويد"),
        ("القاه", "ar", "القاهرة، مصر"),
        ("قاهرة", "ar", "القاهرة، مصر"),
        ("wien", "de", "Wien, Österreich"),
        ("vienna", "de", "Wien, Österreich"),
        ("köl", "de", "Köln, Deutschland"),
        ("muench", "de", "München, Deutschland"),
        ("bruxel", "fr", "Bruxelles, Belgique"),
        ("Seville", "es", "Sevilla, España"),
        ("Москва", "en", "Moscow, Russia"),
        ("東京", "en", "Tokyo, Japan"),
        ("nice", "fr", "Nice, France"),
        ("bath", "en", "Bath, United Kingdom"),
        ("cordoba, spa", "en", "Córdoba, Spain"),
        ("tripoli, lib", "fr", "Tripoli, Libye"),
        ("tripoli, liba", "fr", "Tripoli, Liban"),
    ],
)
def test_a_town_is_found_while_it_is_typed(
    typed: str, language: str, expected: str
) -> None:
    assert first(typed, language) == expected


def test_larger_towns_of_one_name_come_first() -> None:
    countries = [city.country for city in places.search("Córdoba", "es", limit=3)]
    assert countries == ["AR", "ES", "MX"]


def test_search_keeps_to_a_country_and_a_limit() -> None:
    found = places.search("san", "es", limit=5, country="mx")
    assert len(found) == 5
    assert {city.country for city in found} == {"MX"}
    populations = [city.population for city in found]
    assert populations == sorted(populations, reverse=True)


def test_short_codes_of_airports_do_not_come_first() -> None:
    assert first("mma").startswith("Mma")
    assert first("Ulm", "de") == "Ulm, Deutschland"


@pytest.mark.parametrize("nothing", ["", "  ", ",", "!?", "qqqxyz", "Malmö, Norway"])
def test_nothing_is_found_for_nothing(nothing: str) -> None:
    assert places.search(nothing, "en") == []
    assert places.resolve(nothing) is None


@pytest.mark.parametrize(
    "text",
    [
        "Malmö",
        "malmo",
        "Malmö, SE",
        "malmö,se",
        "Malmö, Sweden",
        "Malmö , Schweden",
        "Malmö, Suède",
        "مالمو، السويد",
    ],
)
def test_a_town_typed_out_is_resolved(text: str) -> None:
    city = named(text)
    assert (city.name, city.country) == ("Malmö", "SE")
    assert (round(city.lat, 1), round(city.lon, 1)) == (55.6, 13.0)
    assert city.population > 300_000


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Córdoba", "AR"),
        ("Córdoba, ES", "ES"),
        ("Cordoue, Espagne", "ES"),
        ("قرطبة، إسبانيا", "ES"),
        ("Córdoba, México", "MX"),
        ("Tripoli", "LY"),
        ("Tripoli, Lebanon", "LB"),
        ("طرابلس، لبنان", "LB"),
        ("Tripoli, GR", "GR"),
        ("London", "GB"),
        ("London, Canada", "CA"),
    ],
)
def test_a_country_tells_namesakes_apart(text: str, country: str) -> None:
    assert named(text).country == country


def test_all_namesakes_can_be_offered() -> None:
    found = places.matches("Tripoli")
    assert {city.country for city in found} >= {"LY", "LB", "GR"}
    populations = [city.population for city in found]
    assert populations == sorted(populations, reverse=True)


def test_namesakes_in_one_country_have_their_region() -> None:
    labels = [places.label(city, "en") for city in places.search("springfield", "en")]
    assert "Springfield (IL), United States" in labels
    assert len(set(labels)) == len(labels)
    for text in ("Springfield (IL), United States", "Springfield, IL"):
        assert named(text).region == "IL"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_typed_back_leads_to_its_town(language: str) -> None:
    table = cities_table.load()
    ids = table.ids[::50].tolist()
    cities = [city for id in ids if (city := places.city(id))]
    assert len(cities) == len(ids)
    lost = [
        city.id
        for city in cities
        if places.resolve(places.label(city, language)) != city
    ]
    # 23 of all towns share even the name of their region with a larger namesake.
    assert len(lost) <= 1, lost


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(LANGUAGES))
def test_anything_may_be_typed(text: str, language: str) -> None:
    for city in (*places.search(text, language), *places.matches(text)):
        assert places.city(city.id) == city
        assert places.label(city, language)


def test_city_by_id() -> None:
    city = named("Malmö, SE")
    assert places.city(city.id) == city
    assert places.city(1) is None
    assert places.city(2_147_483_647) is None


def test_towns_where_arabic_is_spoken_are_named_in_arabic() -> None:
    assert places.label(named("Kairouan, TN"), "ar") == "القيروان، تونس"
    assert places.label(named("Entebbe"), "ar") == "Entebbe، أوغندا"


def test_distance_between_known_towns() -> None:
    def between(one: str, other: str) -> float:
        a, b = named(one), named(other)
        return places.distance_km(a.lat, a.lon, b.lat, b.lon)

    assert between("London, GB", "Paris, FR") == pytest.approx(344, abs=2)
    assert between("Malmö", "Copenhagen") == pytest.approx(28, abs=2)
    quarter = math.pi * places.EARTH_RADIUS_KM / 2
    assert places.distance_km(0, 0, 90, 0) == pytest.approx(quarter)
    assert places.distance_km(0, -90, 0, 90) == pytest.approx(2 * quarter)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
@settings(deadline=None)
def test_distance_is_symmetric_and_on_the_earth(
    a: float, b: float, c: float, d: float
) -> None:
    there = places.distance_km(a, b, c, d)
    assert there == pytest.approx(places.distance_km(c, d, a, b), abs=1e-6)
    assert 0 <= there <= math.pi * places.EARTH_RADIUS_KM + 1e-6
    assert places.distance_km(a, b, a, b) == 0


@given(LATITUDES, LONGITUDES, st.sampled_from([5, 25, 100]))
@settings(deadline=None, max_examples=500)
def test_a_place_is_within_half_the_diagonal_of_its_cell(
    lat: float, lon: float, km: int
) -> None:
    centre = places.cell_centre(lat, lon, km)
    away = places.distance_km(lat, lon, *centre)
    assert away <= km / math.sqrt(2) * (1 + 1e-6)


@given(LATITUDES, LONGITUDES, st.sampled_from([5, 25, 100]))
@settings(deadline=None, max_examples=500)
def test_the_centre_of_a_cell_is_its_own_centre(
    lat: float, lon: float, km: int
) -> None:
    centre = places.cell_centre(lat, lon, km)
    assert places.cell_centre(*centre, km) == centre
    assert -90 < centre[0] < 90
    assert -180 < centre[1] < 180


@given(st.floats(-75, 75), LONGITUDES)
@settings(deadline=None)
def test_cells_are_wide_enough_to_hide_in(lat: float, lon: float) -> None:
    """Neighbouring centres are nearly 25 km apart, in every inhabited latitude."""
    north, east = places.cell_centre(lat, lon)
    beside = places.cell_centre(north, (east + 180.0 + 0.7 * step(north)) % 360 - 180)
    above = places.cell_centre(north + 0.2246, east)
    assert 24 < places.distance_km(north, east, *beside) < 25.3
    assert 24.9 < above[0] * 111.195 - north * 111.195 < 25.1


def step(lat: float) -> float:
    """Degrees of longitude in 25 km."""
    return 25 / (111.195 * math.cos(math.radians(lat)))


def test_two_homes_in_one_cell_cannot_be_told_apart() -> None:
    centre = places.cell_centre(55.605, 13.0)
    assert places.cell_centre(55.59, 12.95) == centre
    assert places.cell_centre(55.9, 13.0) != centre


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (-90.1, 0), (0, 181), (math.nan, 0), (0, math.inf)]
)
def test_what_is_not_on_earth_has_no_cell(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="earth"):
        places.cell_centre(lat, lon)
