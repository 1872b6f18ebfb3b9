"""What somebody may report, and who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from network.access import (
    NotFound,
    Viewer,
    is_signed_in,
)
from network.models import User
from network.parts import Reportable, reportables
from profiles.access import blockable
from profiles.models import (
    Block,
)

# whose author the reader knows; of a story nothing may lead to the author
BETWEEN_PEOPLE = frozenset({"message", "profile"})


@dataclass(frozen=True)
class Thing:
    """Something that somebody reports, found with their own eyes."""

    part: Reportable
    object: Any
    key: str

    @property
    def title(self) -> str | Promise:
        return self.part.title

    @property
    def url(self) -> str:
        return self.part.url(self.object) if self.part.url else ""

    @property
    def person(self) -> User | None:
        return self.part.person_of(self.object)


def thing_for_viewer(viewer: Viewer, kind: str, key: str) -> Thing:
    """Raises `NotFound` for what this viewer does not see, and for unknown kinds."""
    part = reportables.get(kind)
    if part is None:
        raise NotFound
    return Thing(part, part.find(viewer, key), one_spelling(key))


def thing_for_reader(request: HttpRequest, kind: str, key: str) -> Thing:
    """As the viewer, or by a mailed link that this browser opened."""
    try:
        return thing_for_viewer(request.user, kind, key)
    except NotFound:
        part = reportables.get(kind)
        if part is None or part.find_by_link is None or is_signed_in(request.user):
            raise
    return Thing(part, part.find_by_link(request, key), one_spelling(key))


def one_spelling(key: str) -> str:
    """An id can be written in several ways, and reports are compared by it."""
    return str(UUID(key))


def blockable_author(viewer: Viewer, thing: Thing) -> User | None:
    """Who wrote it, where the viewer knows them and may block them."""
    person = thing.person if thing.part.kind in BETWEEN_PEOPLE else None
    if person is None or not is_signed_in(viewer) or has_blocked(viewer, thing):
        return None
    try:
        return blockable(viewer, person.pk)
    except NotFound:
        return None


def has_blocked(viewer: Viewer, thing: Thing) -> bool:
    """Its author, who so is not there for the viewer any more, but to be reported."""
    if not is_signed_in(viewer) or thing.part.kind not in BETWEEN_PEOPLE:
        return False
    return Block.objects.filter(blocker=viewer, blocked=thing.person).exists()
