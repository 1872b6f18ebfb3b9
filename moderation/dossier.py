"""An application on one page, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from moderation.actions.vetting import REPLIES
from moderation.queries import name_of
from network.countries import country_name
from profiles import languages
from profiles.models import Application, Decision, Kind

LABELS: dict[str, str | Promise] = {
    "kind": gettext_lazy("Comes as"),
    "pseudonym": gettext_lazy("Wants to be called"),
    "languages": gettext_lazy("Speaks"),
    "country": gettext_lazy("Lives in"),
    "way": gettext_lazy("Where they are on their way"),
    "hopes": gettext_lazy("What they hope for here"),
    "referees": gettext_lazy("Who can speak for them"),
}


@dataclass(frozen=True)
class Answered:
    label: str | Promise
    value: str


@dataclass(frozen=True)
class Question:
    key: str
    at: datetime
    who: str
    words: str
    reply: str


@dataclass(frozen=True)
class Voice:
    at: datetime
    who: str
    is_yes: bool
    reason: str


def answers(application: Application) -> list[Answered]:
    """Known answers first, in the order in which they were asked."""
    given: dict[str, Any] = {
        key: value for key, value in application.answers.items() if key != REPLIES
    }
    order = [key for key in LABELS if key in given]
    order += [key for key in given if key not in LABELS]
    found = [Answered(LABELS.get(key, key), in_words(key, given[key])) for key in order]
    return [line for line in found if line.value]


def in_words(key: str, value: Any) -> str:
    here = get_language() or "en"
    if key == "kind":
        return str(Kind(value).label) if value in Kind.values else str(value)
    if key == "country":
        return country_name(value) if value else ""
    if key == "languages":
        return ", ".join(languages.name(code, here) for code in value)
    return plain(value)


def plain(value: Any) -> str:
    """Whatever an application holds, as lines of text."""
    if isinstance(value, dict):
        return "\n".join(plain(part) for part in value.values() if part)
    if isinstance(value, list):
        return "\n".join(plain(part) for part in value if part)
    if isinstance(value, bool):
        return str(_("Yes")) if value else str(_("No"))
    return "" if value is None else str(value)


def voices(decisions: Iterable[Decision]) -> Iterator[Voice]:
    for said in decisions:
        if said.answer != Decision.Answer.ASK:
            is_yes = said.answer == Decision.Answer.APPROVE
            yield Voice(said.created_at, name_of(said.vetter), is_yes, said.reason)


def questions(
    application: Application, decisions: Iterable[Decision]
) -> Iterator[Question]:
    replies = application.answers.get(REPLIES, {})
    for said in decisions:
        if said.answer == Decision.Answer.ASK:
            key = str(said.pk)
            who = name_of(said.vetter)
            reply = replies.get(key, "")
            yield Question(key, said.created_at, who, said.reason, reply)
