"""Who is on the staff, and in which role."""

from __future__ import annotations

from network.access import (
    NotFound,
    Role,
    Viewer,
    has_role,
    is_signed_in,
    is_staff_role,
)
from network.models import User


def person_on_staff(viewer: Viewer) -> User:
    """Raises `NotFound` for whoever holds no staff role."""
    if not is_signed_in(viewer) or not is_staff_role(viewer):
        raise NotFound
    return viewer


def moderator(viewer: Viewer) -> User:
    if not is_signed_in(viewer) or not has_role(viewer, Role.MODERATOR):
        raise NotFound
    return viewer


def vetter(viewer: Viewer) -> User:
    if not is_signed_in(viewer) or not has_role(viewer, Role.VETTER):
        raise NotFound
    return viewer
