"""Need to people and person to needs over columns, the whole formula for every row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from search import formula
from search.documents import NeedDocument, PersonDocument
from search.embedded.columns import Flags, Floats, Rows
from search.embedded.gathering import Gathered, Group, Scratch
from search.embedded.rows import NeedRows, PeopleRows
from search.engine import Candidate, MatchRequest
from search.related import RelatedSkills

AnyRows = PeopleRows | NeedRows


@dataclass(frozen=True, slots=True)
class Passed:
    """The rows that passed every gate, and their points by reason but for skills."""

    rows: Rows
    skills: Floats
    reasons: Mapping[str, Floats | float]


class Matcher:
    """Whoever calls holds the engine's lock, for reading in `match`."""

    def __init__(self, related: RelatedSkills) -> None:
        self.people = PeopleRows()
        self.needs = NeedRows()
        self._related = related
        self._scratch = Scratch()

    def match(self, request: MatchRequest, k: int) -> list[Candidate]:
        subject = request.subject
        if isinstance(subject, NeedDocument):
            return self._people_for(subject, request, k)
        return self._needs_for(subject, request, k)

    def _people_for(
        self, need: NeedDocument, request: MatchRequest, k: int
    ) -> list[Candidate]:
        if not need.open or need.seats_left < 1:
            return []
        found = self._scratch.gather(self._groups_of_need(need), len(self.people.ids))
        enough = found.met >= formula.skills_needed(len(need.skills))
        passed = _pass_people(self.people, need, found, enough, request)
        return self._best(self.people, passed, found, k)

    def _needs_for(
        self, person: PersonDocument, request: MatchRequest, k: int
    ) -> list[Candidate]:
        if not person.visible or not person.has_capacity:
            return []
        found = self._scratch.gather(
            self._groups_of_person(person), len(self.needs.ids)
        )
        enough = found.met >= self.needs.columns["needed"][found.rows]
        passed = _pass_needs(self.needs, person, found, enough, request)
        return self._best(self.needs, passed, found, k)

    def _groups_of_need(self, need: NeedDocument) -> list[Group]:
        postings = self.people.postings
        return [
            Group(
                required,
                formula.SKILLS * weight,
                [
                    (postings[held], similarity)
                    for held, similarity in self._related.serving(required).items()
                    if held in postings
                ],
            )
            for required, weight in need.skills.items()
        ]

    def _groups_of_person(self, person: PersonDocument) -> list[Group]:
        postings = self.needs.postings
        return [
            Group(required, formula.SKILLS, [(postings[required], value)])
            for required, value in self._related.served(person.skills).items()
            if required in postings
        ]

    def _best(
        self, table: AnyRows, passed: Passed, found: Gathered, k: int
    ) -> list[Candidate]:
        scores = passed.skills + sum(passed.reasons.values(), 0.0)
        scores = np.round(scores, formula.SCORE_PLACES)
        order = _top(scores, table.columns["tie"][passed.rows], k)
        rows = passed.rows[order]
        points: dict[str, Floats] = {
            f"skill:{share.skill}": self._scratch.points_at(share, rows)
            for share in found.shares
        }
        for reason, values in passed.reasons.items():
            points[reason] = (
                np.full(len(rows), values)
                if isinstance(values, float)
                else values[order]
            )
        given = {reason: values for reason, values in points.items() if values.any()}
        return _candidates(table, rows, scores[order], given)


def _pass_people(
    table: PeopleRows,
    need: NeedDocument,
    found: Gathered,
    enough: Flags,
    request: MatchRequest,
) -> Passed:
    columns = table.columns
    chosen = _gated(table, found.rows, enough, need.languages, request)
    rows = found.rows[chosen]
    fits = (columns["tier"][rows] >= need.safeguarding_tier) & (
        columns["experience"][rows] >= need.min_experience
    )
    if need.remote:
        fits &= columns["remote_ok"][rows]
        place: Floats | float = formula.PLACE
    else:
        km = _distances_km(table, rows, need)
        fits &= km <= columns["reach"][rows]
        place = _place_points(km)[fits]
    rows, chosen = rows[fits], chosen[fits]
    reasons: dict[str, Floats | float] = {
        "place": place,
        "time": _time_points(table, rows, need.slots, len(need.slots)),
        "cause": _cause_points(table, rows, need.causes),
        "recency": _recency(columns["last_active"][rows], request.today),
        "experience": _experience(columns["experience"][rows]),
    }
    return Passed(rows, found.points[chosen], reasons)


def _pass_needs(
    table: NeedRows,
    person: PersonDocument,
    found: Gathered,
    enough: Flags,
    request: MatchRequest,
) -> Passed:
    columns = table.columns
    chosen = _gated(table, found.rows, enough, person.languages, request)
    rows = found.rows[chosen]
    fits = (columns["tier"][rows] <= person.safeguarding_tier) & (
        columns["experience"][rows] <= person.experience_years
    )
    km, remote = _distances_km(table, rows, person), columns["remote"][rows]
    reach = formula.reach_km(person.travel_km)
    fits &= np.where(remote, person.remote_ok, km <= reach)
    rows, chosen = rows[fits], chosen[fits]
    idle = (request.today - person.last_active).days
    reasons: dict[str, Floats | float] = {
        "place": np.where(remote, formula.PLACE, _place_points(km))[fits],
        "time": _time_points(table, rows, person.slots, columns["slots_wanted"][rows]),
        "cause": _cause_points(table, rows, person.causes),
        "recency": formula.recency_points(idle),
        "experience": formula.experience_points(person.experience_years),
    }
    return Passed(rows, found.points[chosen], reasons)


def _gated(
    table: AnyRows,
    rows: Rows,
    enough: Flags,
    languages: frozenset[str],
    request: MatchRequest,
) -> Rows:
    """Positions in `rows` that pass the gates which both directions share."""
    chosen = np.flatnonzero(enough & table.columns["live"][rows])
    chosen = chosen[table.languages.shares(rows[chosen], languages)]
    if request.exclude:
        barred = np.isin(rows[chosen], table.rows_of(request.exclude))
        chosen = chosen[~barred]
    return chosen


def _distances_km(
    table: AnyRows, rows: Rows, origin: PersonDocument | NeedDocument
) -> Floats:
    """Great-circle distances; nan, which is within no reach, without a place."""
    if origin.lat is None or origin.lon is None:
        return np.full(len(rows), np.nan)
    lat, lon = np.radians(origin.lat), np.radians(origin.lon)
    lats, lons = table.columns["lat"][rows], table.columns["lon"][rows]
    half_chord = (
        np.sin((lats - lat) / 2) ** 2
        + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    )
    angle = 2 * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    distances: Floats = formula.EARTH_RADIUS_KM * angle
    return distances


def _place_points(km: Floats) -> Floats:
    return formula.PLACE * formula.PIVOT_KM / (formula.PIVOT_KM + km)


def _time_points(
    table: AnyRows,
    rows: Rows,
    slots: frozenset[str],
    wanted: int | NDArray[np.int64],
) -> Floats:
    common = table.slots.common(rows, slots)
    return formula.TIME * common.astype(np.float64) / np.maximum(wanted, 1)


def _cause_points(table: AnyRows, rows: Rows, causes: frozenset[str]) -> Floats:
    return np.where(table.causes.shares(rows, causes), formula.CAUSE, 0.0)


def _recency(last_active: NDArray[np.int64], today: date) -> Floats:
    idle = np.abs(today.toordinal() - last_active)
    return formula.RECENCY * formula.PIVOT_DAYS / (formula.PIVOT_DAYS + idle)


def _experience(years: NDArray[np.int64]) -> Floats:
    full = formula.FULL_EXPERIENCE_YEARS
    return formula.EXPERIENCE * np.clip(years, 0, full) / full


def _top(scores: Floats, ties: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Positions of the k best, best first; equal scores by their tie keys."""
    kept = np.arange(len(scores))
    if len(scores) > k:
        edge = len(scores) - k
        least = scores[np.argpartition(scores, edge)[edge]]
        kept = np.flatnonzero(scores >= least)
    order = np.lexsort((ties[kept], -scores[kept]))[:k]
    return kept[order]


def _candidates(
    table: AnyRows, rows: Rows, scores: Floats, points: Mapping[str, Floats]
) -> list[Candidate]:
    lists = {reason: values.tolist() for reason, values in points.items()}
    return [
        Candidate(
            table.ids[row],
            score,
            {name: values[at] for name, values in lists.items() if values[at] > 0},
        )
        for at, (row, score) in enumerate(
            zip(rows.tolist(), scores.tolist(), strict=True)
        )
    ]
