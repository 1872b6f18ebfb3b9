"""Who may report what, and which matter of others staff may open.

A moderator sees what was reported as it was kept, and no way into the conversation,
profile or draft that it comes from. Nobody decides about themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from cms.access import told_pages
from moderation.models import (
    AccessRecovery,
    AccessRecoveryQuerySet,
    RecoveryState,
    Report,
    ReportQuerySet,
)
from network import mailed_links
from network.access import (
    NotFound,
    Role,
    Viewer,
    has_role,
    is_signed_in,
    is_staff_role,
)
from network.models import User
from network.models.base import VersionedQuerySet
from network.parts import Reportable, reportables
from profiles.access import blockable, own_profile
from profiles.actions.admission import VOICES
from profiles.models import (
    TO_READ,
    Application,
    ApplicationState,
    Assignment,
    Ban,
    Block,
    Decision,
    Standing,
)

# whose author the reader knows; of a story nothing may lead to the author
BETWEEN_PEOPLE = frozenset({"message", "profile"})
NAMELESS = frozenset({"story"})
DECIDED = (ApplicationState.APPROVED, ApplicationState.DECLINED)
# of mailed links
LOST_ACCESS, STOP_RECOVERY = "lost access", "stop recovery"


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


def reports_for(viewer: Viewer) -> ReportQuerySet:
    """What a moderator handles: neither about them, or a story of theirs, nor made by
    them. A report on a story does not say whose it is, so the moderator's rows do."""
    person = moderator(viewer)
    rows = Report.objects.apart_from(person.pk)
    return rows.exclude(kind__in=NAMELESS, object_key__in=told_pages(person))


def report_for_moderator(viewer: Viewer, report_id: UUID) -> Report:
    rows = reports_for(viewer).select_related("taken_by__profile", "about__profile")
    found = rows.filter(pk=report_id).first()
    if found is None:
        raise NotFound
    return found


def reported_thing(report: Report) -> Thing | None:
    """What was reported, for the decision on it; None when it is gone."""
    part = reportables.get(report.kind)
    if part is None:
        return None
    key = report.object_key
    if part.load is not None:
        return _first_found(part, key, [part.load])
    eyes: list[Viewer] = [report.reporter or AnonymousUser(), AnonymousUser()]
    return _first_found(part, key, [partial(part.find, viewer) for viewer in eyes])


def _first_found(
    part: Reportable, key: str, ways: list[Callable[[str], Any]]
) -> Thing | None:
    for find in ways:
        try:
            return Thing(part, find(key), key)
        except NotFound:
            continue
    return None


def own_reports(viewer: Viewer) -> ReportQuerySet:
    if not is_signed_in(viewer):
        raise NotFound
    return Report.objects.filter(reporter=viewer).order_by("-created_at")


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


def may_recover(person: User) -> bool:
    """Whoever may sign in at all, and was not suspended."""
    profile = own_profile(person)
    is_suspended = profile is not None and profile.standing == Standing.SUSPENDED
    return person.is_active and not is_suspended


def recovery_by_link(request: HttpRequest) -> AccessRecovery:
    """Of the mailed link that this browser opened. Raises `NotFound`."""
    row = _recovery_of_link(mailed_links.current(request, LOST_ACCESS))
    if row.person is not None and not may_recover(row.person):
        raise NotFound
    return row


def recovery_to_stop(request: HttpRequest) -> AccessRecovery:
    """Of the link that an address of the account was mailed. Raises `NotFound`."""
    return _recovery_of_link(mailed_links.current(request, STOP_RECOVERY))


def _recovery_of_link(key: UUID) -> AccessRecovery:
    rows = AccessRecovery.objects.select_related("person__profile")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def own_recovery(viewer: Viewer) -> AccessRecovery:
    """What somebody asks for this signed-in person's account. Raises `NotFound`."""
    if not is_signed_in(viewer):
        raise NotFound
    theirs = AccessRecovery.objects.under_way().filter(person=viewer)
    found = theirs.order_by("sent_at").first()
    if found is None:
        raise NotFound
    return found


def others_asking(recovery: AccessRecovery) -> AccessRecoveryQuerySet:
    """What else is open for the same account; of nobody's there is nothing."""
    same = AccessRecovery.objects.open().filter(
        person=recovery.person_id, person__isnull=False
    )
    return same.exclude(pk=recovery.pk)


def recoveries_for(viewer: Viewer) -> AccessRecoveryQuerySet:
    """What vetters decide on and have decided; never on their own account."""
    person = vetter(viewer)
    sent = AccessRecovery.objects.exclude(state=RecoveryState.BEGUN)
    others = sent.filter(person__isnull=False, sent_at__isnull=False)
    return others.exclude(person=person).select_related("person__profile")


def recovery_for_vetter(viewer: Viewer, recovery_id: UUID) -> AccessRecovery:
    found = recoveries_for(viewer).filter(pk=recovery_id).first()
    if found is None:
        raise NotFound
    return found
