"""Whose request for a safeguarding check is whose."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from moderation.access.reviews import people_close_to
from moderation.access.staff import vetter
from moderation.models import CheckQuerySet, CheckState, SafeguardingCheck
from network.access import NotFound, Refused, Role, Viewer, has_role
from network.models import User
from profiles.models.profile import ACTIVE


def checks_for(viewer: Viewer) -> CheckQuerySet:
    """All that vetters have or had to decide, but for their own, and those of whom they
    invited or spoke for. What somebody asked for who is suspended or has left waits for
    nobody."""
    person = vetter(viewer)
    in_vain = Q(state=CheckState.WAITING) & ~Q(person__profile__standing__in=ACTIVE)
    sent = SafeguardingCheck.objects.exclude(state=CheckState.WITHDRAWN)
    sent = sent.exclude(in_vain)
    rows: CheckQuerySet = sent.exclude(person__in=people_close_to(person))
    return rows.select_related("person__profile")


def check_for_vetter(viewer: Viewer, check_id: UUID) -> SafeguardingCheck:
    """Raises `NotFound`."""
    found: SafeguardingCheck | None = checks_for(viewer).filter(pk=check_id).first()
    if found is None:
        raise NotFound
    return found


def own_checks(person: User) -> CheckQuerySet:
    """The latest first."""
    rows: CheckQuerySet = SafeguardingCheck.objects.filter(person=person)
    return rows.order_by("-created_at")


def check_may_say(row: SafeguardingCheck, by: User) -> None:
    """Raises `NotFound` for all but vetters, `Refused` for one's own."""
    if not has_role(by, Role.VETTER):
        raise NotFound
    if row.person_id == by.pk:
        raise Refused(_("You cannot decide on your own check."))
