"""Towns of the content as places of the network."""

from __future__ import annotations

from functools import cache

from network import places
from network.places import City


@cache
def city(town: str, country: str) -> City:
    """The largest town of that name in the country. Raises LookupError without one."""
    found = places.resolve(f"{town}, {country}")
    if found is None:
        raise LookupError(f"{town}, {country}")
    return found


def town_centre(found: City) -> dict[str, float | int]:
    return {"town_id": found.id, "lat": found.lat, "lon": found.lon}


def cell(found: City) -> dict[str, float | int]:
    """As members are stored: the centre of their 25 km cell."""
    lat, lon = places.cell_centre(found.lat, found.lon)
    return {"town_id": found.id, "lat": lat, "lon": lon}
