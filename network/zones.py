"""The clocks of the world, by country and in the reader's language.

Data: IANA's `zone.tab`, which comes with the package `tzdata`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from network.countries import country_name
from network.folding import fold

UTC = "UTC"


def zone_of(name: str) -> ZoneInfo:
    """UTC where the name is no zone's."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(UTC)  # a folder of zones ("America") raises an OSError


def zone_choices(kept: str = UTC) -> list[tuple[str, str]]:
    """Zone and label of each, by label: the country, and the town where a country has
    several clocks. `kept` is among them whatever it is."""
    table = _countries()
    clocks = Counter(table.values())
    named = [(zone, _label(zone, clocks)) for zone in table]
    named.sort(key=lambda pair: fold(pair[1]))
    first = [UTC] if kept in {UTC, *table} else [UTC, kept]
    return [(zone, zone) for zone in first] + named


def _label(zone: str, clocks: Counter[str]) -> str:
    code = _countries()[zone]
    town = zone.rpartition("/")[2].replace("_", " ")
    country = country_name(code)
    return country if clocks[code] == 1 else f"{country} – {town}"


@cache
def _countries() -> dict[str, str]:
    """Zone → code of its country."""
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line[:1] != "#")
    return {row[2]: row[0] for row in rows}
