"""The permission matrix: one line for each route, method and object."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.access.people import ROLES

PATH = Path(__file__).with_name("matrix.csv")
COLUMNS = ("route", "method", "object", *ROLES)


@dataclass(frozen=True)
class Line:
    route: str
    method: str
    name: str  # of the object: own, other, hidden, missing, with a reason after a colon
    cells: dict[str, str]

    @property
    def id(self) -> str:
        return f"{self.method} {self.route} {self.name}"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.route, self.method, self.name


def lines() -> list[Line]:
    with PATH.open(newline="") as file:
        return [
            Line(
                row["route"],
                row["method"],
                row["object"],
                {role: row[role] for role in ROLES},
            )
            for row in csv.DictReader(file)
        ]


def write(found: Iterable[Line]) -> None:
    with PATH.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in found:
            cells = (line.cells[role] for role in ROLES)
            writer.writerow([*line.key, *cells])
