"""What somebody may do by their standing alone."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext_lazy as _

from network.access import NotFound, Role, Viewer, is_signed_in
from network.models import User
from profiles.models import (
    Profile,
    Standing,
)
from profiles.models.profile import ACTIVE

CONFIRM_FIRST = _("Confirm first that you want to stay a member: see your own page.")
SETTLED = (Standing.MEMBER, Standing.TRUSTED)


@dataclass(frozen=True)
class Verdict:
    """`reason` is for the person, and says nothing that they may not know."""

    ok: bool
    reason: str = ""


def own_profile(person: Viewer) -> Profile | None:
    return getattr(person, "profile", None) if is_signed_in(person) else None


def is_active_member(person: Viewer) -> bool:
    profile = own_profile(person)
    return person.is_active and profile is not None and profile.standing in ACTIVE


def is_overdue(person: Viewer) -> bool:
    """Has not confirmed the membership in time, so can write to nobody until then."""
    profile = own_profile(person)
    return profile is not None and profile.is_overdue


def newcomer_profile(person: User) -> Profile:
    """One's own, in the first 90 days. Raises `NotFound`."""
    profile = member_profile(person)
    if profile.standing != Standing.PROBATION:
        raise NotFound
    return profile


def member_profile(person: User) -> Profile:
    """One's own profile. Raises `NotFound` for whoever is not an active member."""
    profile = own_profile(person)
    if profile is None or not is_active_member(person):
        raise NotFound
    return profile


def kind_of(person: Viewer) -> str:
    profile = own_profile(person)
    return profile.kind if profile is not None else ""


def has_second_factor(person: User) -> bool:
    return bool(is_mfa_enabled(person))


def may_invite(person: User) -> bool:
    return is_settled(person)


def is_settled(person: User) -> bool:
    """A member whose first 90 days are over, and who has answered the yearly question:
    they bring others in, and together."""
    profile = own_profile(person)
    is_over = profile is not None and profile.standing in SETTLED
    return is_over and is_active_member(person) and not is_overdue(person)


def people_in(role: Role) -> list[User]:
    return list(User.objects.filter(groups__name=role.value, is_active=True))
