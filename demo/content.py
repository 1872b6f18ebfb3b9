"""The demonstration's texts: TOML files beside this module, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "content"
MEDIA = FOLDER / "media"
PRACTICES = FOLDER / "practices.json"

Row = dict[str, Any]


@cache
def one(name: str) -> Row:
    """A file by its path without ending, such as "people/cast"."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def every(folder: str) -> list[Row]:
    """All files of a folder in the order of their names."""
    paths = sorted((FOLDER / folder).glob("*.toml"))
    return [one(f"{folder}/{path.stem}") for path in paths]
