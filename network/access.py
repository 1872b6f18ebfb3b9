"""Who may do what: the words that every room's `access` module is written in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeGuard

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from network.http import MemberRequest, lead_to_login
from network.models import User

P = ParamSpec("P")
Viewer = User | AnonymousUser


class NotFound(Exception):
    """Absent, or hidden from this person. Both are the same 404, byte for byte."""


class Refused(Exception):
    """Not allowed, where the person already knows that the thing exists.

    `message` is shown to them: say why, and what they can do.
    """

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


class Role(TextChoices):
    """Staff roles, each a group of the same name. Roles add up."""

    VETTER = "vetter", _("Vetter")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")
    DPO = "data-protection", _("Data-protection officer")
    ADMIN = "admin", _("Administrator")


def is_signed_in(viewer: Viewer) -> TypeGuard[User]:
    return viewer.is_authenticated


def roles_of(viewer: Viewer) -> frozenset[str]:
    """The staff roles of a person, read once for each object."""
    if not is_signed_in(viewer) or not viewer.is_active:
        return frozenset()
    known: frozenset[str] | None = getattr(viewer, "_roles", None)
    if known is None:
        names = viewer.groups.values_list("name", flat=True)
        known = frozenset(names) & frozenset(Role.values)
        viewer._roles = known  # type: ignore[attr-defined]
    return known


def has_role(viewer: Viewer, *roles: Role) -> bool:
    return not roles_of(viewer).isdisjoint(roles)


def is_staff_role(viewer: Viewer) -> bool:
    return bool(roles_of(viewer))


def own_session(person: User, pk: int) -> UserSession:
    """Of this person's devices. Somebody else's looks like one that is not there."""
    found = UserSession.objects.filter(user=person, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def require_login(
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """An anonymous person gets the same log-in redirect for hidden and for missing."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return lead_to_login(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return wrapped


def require_role(*roles: Role) -> Callable[[Any], Any]:
    """Everybody else sees nothing there. Anonymous people are sent to log in."""

    def decorate(
        view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        @require_login
        def wrapped(
            request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not has_role(request.user, *roles):
                raise NotFound
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
