"""People and needs as rows: an edit tombstones the old row and appends a new one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from math import nan, radians
from sys import getsizeof
from typing import ClassVar, Final, Generic, TypeVar

import numpy as np

from search.documents import NeedDocument, PersonDocument
from search.embedded.columns import BitSets, Columns, Posting, Rows
from search.formula import reach_km, skills_needed, tie_key

DEAD_SHARE: Final = 0.20
WORTH_COMPACTING: Final = 64

D = TypeVar("D", PersonDocument, NeedDocument)
Values = Mapping[str, float | int | bool]


class MatchRows(ABC, Generic[D]):
    """One table of rows with its postings. Whoever calls holds the engine's lock.

    The column `live` is false for tombstones and for whoever is not to be matched now.
    """

    kinds: ClassVar[Mapping[str, type[np.generic]]]

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.columns = Columns(
            {
                "live": np.bool_,
                "tie": np.int64,
                "lat": np.float64,
                "lon": np.float64,
                "tier": np.int64,
                "experience": np.int64,
                **self.kinds,
            }
        )
        self.languages, self.slots, self.causes = BitSets(), BitSets(), BitSets()
        self.postings: dict[str, Posting] = {}
        self._row_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    @property
    def nbytes(self) -> int:
        """Of columns, sets, postings and ids; what Python itself adds is not counted
        but for the ids and the two tables that hold them."""
        sets = self.languages.nbytes + self.slots.nbytes + self.causes.nbytes
        postings = sum(posting.nbytes for posting in self.postings.values())
        ids = getsizeof(self.ids) + sum(map(getsizeof, self.ids))
        return self.columns.nbytes + sets + postings + ids + getsizeof(self._row_of)

    def put(self, document: D) -> None:
        self.remove(document.id)
        row = len(self.ids)
        self.ids.append(document.id)
        self._row_of[document.id] = row
        self.columns.put(row, {**_shared_values(document), **self.values(document)})
        self.languages.put(row, document.languages)
        self.slots.put(row, document.slots)
        self.causes.put(row, document.causes)
        for skill, value in document.skills.items():
            self.postings.setdefault(skill, Posting()).append(row, value)

    def remove(self, doc_id: str) -> None:
        row = self._row_of.pop(doc_id, None)
        if row is not None:
            self.columns["live"][row] = False

    def rows_of(self, doc_ids: Iterable[str]) -> Rows:
        known = (self._row_of.get(doc_id) for doc_id in doc_ids)
        return np.array([row for row in known if row is not None], np.int64)

    def compact_if_worth(self) -> None:
        dead = len(self.ids) - len(self._row_of)
        if len(self.ids) >= WORTH_COMPACTING and dead >= DEAD_SHARE * len(self.ids):
            self._compact()

    def _compact(self) -> None:
        kept = np.array(sorted(self._row_of.values()), np.int64)
        new_rows = np.full(len(self.ids), -1, np.int64)
        new_rows[kept] = np.arange(len(kept))
        for held in (self.columns, self.languages, self.slots, self.causes):
            held.keep(kept)
        for posting in self.postings.values():
            posting.renumber(new_rows)
        self.ids = [self.ids[row] for row in kept]
        self._row_of = {doc_id: row for row, doc_id in enumerate(self.ids)}

    @abstractmethod
    def values(self, document: D) -> Values:
        """The columns of `kinds`, and `live` and `experience`."""


class PeopleRows(MatchRows[PersonDocument]):
    kinds: ClassVar = {
        "reach": np.int64,
        "remote_ok": np.bool_,
        "last_active": np.int64,
    }

    def values(self, document: PersonDocument) -> Values:
        return {
            "live": document.visible and document.has_capacity,
            "experience": document.experience_years,
            "reach": reach_km(document.travel_km),
            "remote_ok": document.remote_ok,
            "last_active": document.last_active.toordinal(),
        }


class NeedRows(MatchRows[NeedDocument]):
    kinds: ClassVar = {"remote": np.bool_, "needed": np.int64, "slots_wanted": np.int64}

    def values(self, document: NeedDocument) -> Values:
        return {
            "live": document.open and document.seats_left > 0,
            "experience": document.min_experience,
            "remote": document.remote,
            "needed": skills_needed(len(document.skills)),
            "slots_wanted": len(document.slots),
        }


def _shared_values(document: PersonDocument | NeedDocument) -> Values:
    return {
        "tie": tie_key(document.id),
        "lat": nan if document.lat is None else radians(document.lat),
        "lon": nan if document.lon is None else radians(document.lon),
        "tier": document.safeguarding_tier,
    }
