"""How what is stored about a person is read out to them, on their page and in words.

The file that they download keeps the names and forms of the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Choices
from django.utils import formats, timezone
from django.utils.functional import Promise

Read = Callable[[Any], object]


def as_it_is(value: Any) -> object:
    return value


@dataclass(frozen=True)
class Word:
    """What stands before a value, and how the value is read. Without a label it is
    left out: a key that means nothing to anybody."""

    label: str | Promise
    read: Read = as_it_is


Words = Mapping[str, Word]
LEFT_OUT = Word("")


def in_words(row: Mapping[str, Any], words: Words) -> dict[str, object]:
    """By label; nothing is read where nothing is stored."""
    found: dict[str, object] = {}
    for name, value in row.items():
        word = words.get(name, Word(name.replace("_", " ")))
        if word.label:
            is_empty = value is None or value in ("", [], {})
            found[str(word.label)] = "" if is_empty else word.read(value)
    return found


def moment(value: datetime | str) -> str:
    """A time, or its ISO form, as it is written in the reader's language and zone."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if timezone.is_aware(at):
        at = timezone.localtime(at)
    return str(formats.date_format(at, "DATETIME_FORMAT"))


def day(value: date | str) -> str:
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return str(formats.date_format(on, "DATE_FORMAT"))


def chosen(choices: type[Choices]) -> Read:
    def read(value: Any) -> object:
        return choices(value).label if value in choices.values else value

    return read


def each(read: Read) -> Read:
    def read_all(values: Iterable[Any]) -> list[object]:
        return [read(value) for value in values]

    return read_all


def nested(words: Words) -> Read:
    def read(row: Mapping[str, Any]) -> dict[str, object]:
        return in_words(row, words)

    return read
