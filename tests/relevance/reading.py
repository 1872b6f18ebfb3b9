"""The judged people and needs, as documents. Raises ValueError for an unknown id."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from network import places
from network.widgets import SLOTS
from profiles import taxonomy
from profiles.languages import all_languages
from search.documents import NeedDocument, PersonDocument, PersonKind

HERE: Final = Path(__file__).parent
TODAY: Final = date(2026, 11, 27)


@dataclass(frozen=True, slots=True)
class Judged:
    """`grades` holds whoever was named; all others are 0."""

    need: NeedDocument
    hard: str
    grades: Mapping[str, int]


def people() -> list[PersonDocument]:
    return [_person(row) for row in _rows("people")]


def judged() -> list[Judged]:
    known = {row["id"] for row in _rows("people")}
    return [_judged(row, known) for row in _rows("needs")]


def _rows(kind: str) -> list[dict[str, Any]]:
    files = sorted((HERE / kind).glob("*.toml"))
    rows = [r for f in files for r in tomllib.loads(f.read_text("utf-8"))[kind]]
    _only((row["id"] for row in rows), {row["id"] for row in rows}, kind)
    return rows


def _person(row: dict[str, Any]) -> PersonDocument:
    kind = PersonKind(row["kind"])
    lat, lon = _town(row["town"])
    if kind is PersonKind.MEMBER:
        lat, lon = places.cell_centre(lat, lon)
    return PersonDocument(
        id=row["id"],
        kind=kind,
        lat=lat,
        lon=lon,
        travel_km=row["travel_km"],
        remote_ok=row["remote_ok"],
        experience_years=row["experience_years"],
        last_active=TODAY - timedelta(days=row["idle_days"]),
        visible=True,
        has_capacity=True,
        **_both(row),
    )


def _judged(row: dict[str, Any], known: set[str]) -> Judged:
    is_remote = row.get("remote", False)
    lat, lon = (None, None) if is_remote else _town(row["town"])
    need = NeedDocument(
        id=row["id"],
        lat=lat,
        lon=lon,
        remote=is_remote,
        min_experience=row["min_experience"],
        open=True,
        seats_left=1,
        **_both(row),
    )
    named = [(one, int(grade)) for grade, ids in row["graded"].items() for one in ids]
    _only((one for one, _grade in named), known, row["id"])
    return Judged(need, row.get("hard", ""), dict(named))


def _both(row: dict[str, Any]) -> dict[str, Any]:
    skills = {one.id for one in taxonomy.all_skills()}
    causes = {one.id for one in taxonomy.causes()}
    spoken = {one.code for one in all_languages()}
    _only(row["skills"], skills, row["id"])
    _only(row["languages"], spoken, row["id"])
    _only(row["slots"], set(SLOTS), row["id"])
    _only(row["causes"], causes, row["id"])
    sets = {name: frozenset(row[name]) for name in ("languages", "slots", "causes")}
    tier = row["safeguarding_tier"]
    return {"skills": row["skills"], "safeguarding_tier": tier, **sets}


def _only(ids: Iterable[str], known: set[str], where: str) -> None:
    found = list(ids)
    if strange := [one for one in found if one not in known]:
        raise ValueError(f"{where}: unknown {strange}")
    if len(found) != len(set(found)):
        raise ValueError(f"{where}: one id twice")


def _town(name: str) -> tuple[float, float]:
    town = places.resolve(name)
    if town is None:
        raise ValueError(f"no such town: {name}")
    return town.lat, town.lon
