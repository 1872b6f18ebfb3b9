"""Registries through which a low room calls upward, at once and without importing.

Rooms fill them in `AppConfig.ready()`. See ARCHITECTURE: who owns what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from network.exporting import Words
from network.models import User

Part = TypeVar("Part")


class Registry(Generic[Part]):
    """Parts in the order of their names; the same name again replaces the first."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def register(self, name: str, part: Part) -> None:
        self._parts[name] = part

    def __iter__(self) -> Iterator[Part]:
        return (self._parts[name] for name in sorted(self._parts))

    def __len__(self) -> int:
        return len(self._parts)

    def get(self, name: str) -> Part | None:
        return self._parts.get(name)

    def names(self) -> list[str]:
        return sorted(self._parts)

    def items(self) -> list[tuple[str, Part]]:
        return sorted(self._parts.items(), key=itemgetter(0))


@dataclass(frozen=True)
class Exporter:
    """One section of the export of a person's data, and the models it covers."""

    title: str | Promise
    models: tuple[str, ...]  # "profiles.Profile"
    rows: Callable[[User], Iterable[dict[str, Any]]]
    words: Words = field(default_factory=dict)  # for the page; the file has the keys


@dataclass(frozen=True)
class Eraser:
    """Erases a person from the models it covers, in the caller's transaction."""

    models: tuple[str, ...]
    erase: Callable[[User], None]


@dataclass(frozen=True)
class Erasable:
    """A kind of thing that leaves a tombstone when it is erased: see
    `network.tombstones`."""

    standing: Callable[[], Iterable[UUID]]  # keys of those that are not erased
    erase: Callable[[UUID], None]


class Revoker(Protocol):
    """Called after commit: close sockets, drop caches of this person, at once.

    `other` is set when only what two people share ends (a block).
    """

    def __call__(self, *, person: UUID, other: UUID | None, reason: str) -> None: ...


class LookWatcher(Protocol):
    """Called when a member opens the profile of another for the first time in a day,
    in that transaction; what it does must not show in the answer."""

    def __call__(self, *, viewer: User, subject: UUID) -> None: ...


@dataclass(frozen=True)
class Reportable:
    """Something that can be reported: how to find it as this viewer, and to hide it."""

    kind: str
    title: str | Promise
    find: Callable[[Any, str], Any]  # (viewer, key) -> object; raises NotFound
    excerpt: Callable[[Any], str]
    person_of: Callable[[Any], User | None]
    hide: Callable[[Any, User], None] | None = None
    url: Callable[[Any], str] | None = None
    # for whoever holds no account but a mailed link: (request, key) -> object
    find_by_link: Callable[[HttpRequest, str], Any] | None = None
    # for a decision, when nobody on staff may find it: (key) -> object
    load: Callable[[str], Any] | None = None


@dataclass(frozen=True)
class Health:
    """The state of one part, in words for staff.

    Without a vital part the site cannot serve; what has a fallback is not vital.
    """

    name: str
    is_ok: bool
    detail: str = ""
    checked_at: datetime | None = None
    is_vital: bool = False


HealthCheck = Callable[[], Health]


@dataclass(frozen=True)
class HomePanel:
    """A card on a member's own page. Its template finds the context as `panel`."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]  # None: leave it out


@dataclass(frozen=True)
class NoticeKind:
    """What a notice says: words that name neither a person nor a text."""

    sentence: str | Promise
    icon: str = "info"
    mails: bool = False
    # at once, whatever a person chose: their own application, somebody in danger
    is_urgent: bool = False


exporters: Registry[Exporter] = Registry()
erasers: Registry[Eraser] = Registry()
erasables: Registry[Erasable] = Registry()
revokers: Registry[Revoker] = Registry()
look_watchers: Registry[LookWatcher] = Registry()
# called with whoever has used up a day's views, once a day, in that transaction
budget_watchers: Registry[Callable[[User], None]] = Registry()
reportables: Registry[Reportable] = Registry()
health_checks: Registry[HealthCheck] = Registry()
home_panels: Registry[HomePanel] = Registry()
lead_previews: Registry[HomePanel] = Registry()  # beside "as a project's lead sees me"
notice_kinds: Registry[NoticeKind] = Registry()
# what waits behind a link of the navigation, by the link's URL name
tab_counts: Registry[Callable[[User], int]] = Registry()
# whom a link of the navigation leads somewhere; everybody where nothing stands here
tab_gates: Registry[Callable[[User], bool]] = Registry()


def revoke(*, person: UUID, other: UUID | None = None, reason: str) -> None:
    """Tells every room that a person's (or a pair's) rights ended. After commit."""
    for revoker in revokers:
        revoker(person=person, other=other, reason=reason)
