"""Which applications are whose to read, and which bans to lift."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from moderation.access.staff import vetter
from network.access import (
    NotFound,
    Role,
    Viewer,
    has_role,
    is_signed_in,
)
from network.models import User
from network.models.base import VersionedQuerySet
from profiles.actions.admission import VOICES
from profiles.models import (
    TO_READ,
    Application,
    ApplicationState,
    Assignment,
    Ban,
    Decision,
)

DECIDED = (ApplicationState.APPROVED, ApplicationState.DECLINED)


def applications_for(viewer: Viewer) -> VersionedQuerySet[Application]:
    """A vetter's: those that are theirs to read, and those that lack a reader. Of both
    `is_own` is told; only the first are open."""
    person = vetter(viewer)
    mine = Q(_is_theirs(person), state__in=(*TO_READ, *DECIDED))
    free = Q(pk__in=_lacking_a_reader().values("pk"))
    found = Application.objects.filter(mine | free).exclude(applicant=person)
    rows = found.annotate(is_own=_is_theirs(person))
    return rows.select_related("applicant", "contact_person__profile")


def _is_theirs(person: User) -> Exists:
    seats = Assignment.objects.live().filter(vetter=person)
    return Exists(seats.filter(application=OuterRef("pk")))


def _lacking_a_reader() -> VersionedQuerySet[Application]:
    """Two people read it; a third once these two disagree, or after a no of both when
    the applicant asks for it. A yes of the third's then needs a fourth's."""
    live = Q(assignments__until=None) | Q(assignments__until__gt=timezone.now())
    said = Decision.objects.filter(application=OuterRef("pk"))
    yes = Exists(said.filter(answer=Decision.Answer.APPROVE))
    no = Exists(said.filter(answer=Decision.Answer.DECLINE))
    rows = Application.objects.filter(state__in=TO_READ)
    counted = rows.annotate(readers=Count("assignments", filter=live))
    third = Q(readers=VOICES) & (Q(yes) & Q(no) | Q(appealed_at__isnull=False))
    fourth = Q(readers=VOICES + 1) & Q(yes) & Q(appealed_at__isnull=False)
    return counted.filter(Q(readers__lt=VOICES) | third | fourth)


def application_for_vetter(viewer: Viewer, application_id: UUID) -> Application:
    """Raises `NotFound` for all but whom it is assigned to."""
    rows = applications_for(viewer).filter(_is_theirs(vetter(viewer)))
    return _one_of(rows, application_id)


def application_to_take(viewer: Viewer, application_id: UUID) -> Application:
    """One that lacks a reader, or is theirs already."""
    return _one_of(applications_for(viewer), application_id)


def declined_application(viewer: Viewer, application_id: UUID) -> Application:
    """One that this vetter has read, to turn away its address. Raises `NotFound`."""
    found = application_for_vetter(viewer, application_id)
    if found.state != ApplicationState.DECLINED:
        raise NotFound
    return found


def bans_for(viewer: Viewer) -> VersionedQuerySet[Ban]:
    """For vetters and administrators; what concerns their own address is not there."""
    if not is_signed_in(viewer) or not has_role(viewer, Role.VETTER, Role.ADMIN):
        raise NotFound
    others = Ban.objects.exclude(address_index=Ban.index_of(viewer.email))
    rows: VersionedQuerySet[Ban] = others.select_related(
        "by__profile", "lifted_by__profile"
    )
    return rows


def ban_to_lift(viewer: Viewer, ban_id: UUID) -> Ban:
    """An administrator's to lift. Raises `NotFound`."""
    rows = bans_for(viewer)
    found = rows.filter(pk=ban_id).first() if has_role(viewer, Role.ADMIN) else None
    if found is None:
        raise NotFound
    return found


def application_states(viewer: Viewer) -> VersionedQuerySet[Application]:
    """That there are applications and where each stands; nothing of what they say."""
    if not is_signed_in(viewer) or not has_role(viewer, Role.DPO, Role.ADMIN):
        raise NotFound
    handed_in = Application.objects.filter(state__in=[*TO_READ, *DECIDED])
    others = handed_in.exclude(applicant=viewer).defer("answers")
    return others.select_related("contact_person__profile")


def application_for_log(viewer: Viewer, application_id: UUID) -> Application:
    """For the list of who opened it. Raises `NotFound`."""
    return _one_of(application_states(viewer), application_id)


def _one_of(rows: VersionedQuerySet[Application], key: UUID) -> Application:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def own_application(viewer: Viewer) -> Application:
    """The applicant's, while it waits. Raises `NotFound`."""
    if not is_signed_in(viewer):
        raise NotFound
    found = Application.objects.filter(applicant=viewer, state__in=TO_READ).first()
    if found is None:
        raise NotFound
    return found
