"""Towns of the world, and what may be kept of where a person is: a cell of 25 km.

Data: GeoNames (CC BY 4.0), see `cities_table`, read at the first look-up.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from network import cities_table
from network.cities_table import CitiesTable
from network.countries import codes_beginning, country_code, country_name
from network.folding import fold

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG 1980

_SURE_LENGTH = 4  # shorter names of towns are often airports' codes

_COMMA = re.compile(r"\s*[,،]\s*")
_loading = Lock()


@dataclass(frozen=True, slots=True)
class City:
    """`id` is the one of GeoNames; coordinates in degrees. `region` is a state or large
    town nearby, given only where a country has two towns of that name."""

    id: int
    name: str
    country: str
    lat: float
    lon: float
    population: int
    region: str = ""


def city(id: int) -> City | None:
    index = _index_of(id)
    return None if index is None else _city(index)


def search(
    text: str, language: str = "en", limit: int = 8, country: str | None = None
) -> list[City]:
    """Cities one of whose names begins so, whole names first, then by population.

    `text` may go on with a comma and the beginning of a country's name; a city may be
    typed in any script. Names that a reader of `language` knows come before others, and
    where an accent was typed, those that have it.
    """
    name, codes = _name_and_codes(text)
    folded = fold(name)
    if not folded:
        return []
    ranked = _ranked(folded, {country.upper()} if country else codes)
    found = [_city(int(index)) for index in ranked[: 4 * limit]]
    found.sort(key=lambda city: _strangeness(city, name, folded, language))
    return found[:limit]


def _strangeness(
    city: City, typed: str, folded: str, language: str
) -> tuple[bool, bool]:
    local = _local_name(city, language)
    is_known = any(fold(name).startswith(folded) for name in (local, city.name))
    has_accents = typed.isascii() or local.casefold().startswith(typed.casefold())
    return not is_known, not has_accents


def matches(text: str) -> list[City]:
    """All cities with exactly this name: "Malmö", "Malmö, SE", "Malmö, Schweden".

    Where a country is given, those first whose usual name it is; else by population.
    """
    name, _, rest = _last_comma(text)
    code = country_code(rest) if rest else None
    if rest and code is None:
        return _exactly(fold(f"{name} {rest}"))
    found = [each for each in _exactly(fold(name)) if code in (None, each.country)]
    if code is None:
        return found
    usual = fold(name)
    found.sort(key=lambda city: fold(f"{city.name} {city.region}") != usual)
    return found or _exactly(fold(f"{name} {rest}"))


def resolve(text: str) -> City | None:
    """The likeliest of `matches`; None when no city is called so."""
    return next(iter(matches(text)), None)


def label(city: City, language: str) -> str:
    """ "Malmö, Schweden"; the town's name as readers of `language` know it."""
    comma = "، " if language.startswith("ar") else ", "
    region = f" ({city.region})" if city.region else ""
    country = country_name(city.country, language)
    return f"{_local_name(city, language)}{region}{comma}{country}"


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Along the surface, by the haversine formula (R. W. Sinnott, "Virtues of the
    Haversine", Sky and Telescope 68, 1984). Degrees in; good to 0.6 %, since the earth
    is taken for a ball."""
    north = math.radians(lat2 - lat1) / 2
    east = math.radians(lon2 - lon1) / 2
    narrowing = math.cos(math.radians(lat1)) * math.cos(math.radians(lat2))
    chord = math.sin(north) ** 2 + narrowing * math.sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def cell_centre(lat: float, lon: float, km: float = 25) -> tuple[float, float]:
    """The centre of the cell that a place lies in; the same for all places in it.

    The earth is cut into ceil(πR/km) rows of equal height, and each row into
    ceil(2πR·cos φ/km) columns, φ being the row's latitude nearest the equator: so the
    step of longitude widens towards the poles and no cell is longer or wider than `km`.
    No place is farther from its centre than half the diagonal, km/√2. Raises ValueError
    for a latitude or a longitude that is none.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("not a place on earth")
    rows = math.ceil(math.pi * EARTH_RADIUS_KM / km)
    height = 180 / rows
    row = min(int((lat + 90) / height), rows - 1)
    south = row * height - 90
    north = south + height
    widest = 0.0 if south < 0 < north else min(abs(south), abs(north))
    around = 2 * math.pi * EARTH_RADIUS_KM * math.cos(math.radians(widest))
    columns = max(1, math.ceil(around / km))
    width = 360 / columns
    column = int((lon + 180) / width) % columns
    return south + height / 2, (column + 0.5) * width - 180


@cache
def _table() -> CitiesTable:
    return cities_table.load()


def _cities() -> CitiesTable:
    with _loading:  # two first requests at once would keep the table twice
        return _table()


@cache
def _exonyms() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = json.loads(
        cities_table.EXONYMS.read_text(encoding="utf-8")
    )
    return names


def _index_of(id: int) -> int | None:
    table = _cities()
    place = int(np.searchsorted(table.ids, id, sorter=table.by_id))
    if place == len(table.ids) or table.ids[table.by_id[place]] != id:
        return None
    return int(table.by_id[place])


def _city(index: int) -> City:
    table = _cities()
    name, region, _ = table.row(index)
    return City(
        id=int(table.ids[index]),
        name=name,
        country=table.countries[index].decode(),
        lat=int(table.latitudes[index]) / cities_table.DEGREE,
        lon=int(table.longitudes[index]) / cities_table.DEGREE,
        population=int(table.populations[index]),
        region=region,
    )


def _local_name(city: City, language: str) -> str:
    base = language.split("-")[0]
    known = _exonyms().get(str(city.id), {})
    if base == "ar" and base not in known and (index := _index_of(city.id)) is not None:
        return _cities().row(index)[2] or city.name
    return known.get(base, city.name)


def _last_comma(text: str) -> tuple[str, str, str]:
    parts = _COMMA.split(text.strip())
    return (", ".join(parts[:-1]), ",", parts[-1]) if parts[1:] else (parts[0], "", "")


def _name_and_codes(text: str) -> tuple[str, set[str] | None]:
    name, _, rest = _last_comma(text)
    return name, codes_beginning(rest) if rest else None


def _span(first: bytes, last: bytes) -> slice:
    table = _cities()
    names = range(len(table.named))
    start = bisect_left(names, first, key=table.name)
    return slice(start, bisect_left(names, last, start, key=table.name))


def _named_exactly(folded: str) -> NDArray[np.uint16]:
    key = folded.encode()
    return np.unique(_cities().named[_span(key, key + b"\0")])


def _exactly(folded: str) -> list[City]:
    return [_city(int(index)) for index in _named_exactly(folded)] if folded else []


def _ranked(folded: str, codes: Iterable[str] | None) -> NDArray[np.int64]:
    """Rows whose name begins so; a row's number is its place by population."""
    table = _cities()
    key = folded.encode()
    # A mask is marked, not a list sorted: one letter may begin 30,000 names.
    begins = np.zeros(len(table.ids), bool)
    begins[table.named[_span(key, key + b"\xff")]] = True
    if codes is not None:
        wanted = np.array([code.encode() for code in codes], "S2")
        begins &= np.isin(table.countries, wanted)
    whole = [index for index in _whole(folded) if begins[index]]
    begins[whole] = False
    return np.concatenate([np.array(whole, np.int64), np.flatnonzero(begins)])


def _whole(folded: str) -> list[int]:
    """Rows with exactly this name; a short one must be the usual name."""
    rows = [int(index) for index in _named_exactly(folded)]
    if len(folded) >= _SURE_LENGTH:
        return rows
    return [index for index in rows if fold(_cities().row(index)[0]) == folded]
