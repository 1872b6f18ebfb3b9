"""Reads of the desk. Lists show what a thing is and how long it waits, never its text:
opening one is on record, looking down a list is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation import access, wording
from moderation.actions.reports import on_call
from moderation.models import (
    SITUATION,
    AccessRecovery,
    AccessRecoveryQuerySet,
    CheckQuerySet,
    CheckState,
    RecoveryState,
    Report,
    ReportQuerySet,
    SafeguardingCheck,
)
from moderation.models.recovery import UNDER_WAY
from network import audit
from network.access import Role, has_role
from network.models import AuditEntry, User
from network.models.base import VersionedQuerySet
from network.parts import reportables
from profiles.models import (
    TO_READ,
    Application,
    Ban,
    Decision,
    JoiningQuestion,
    Kind,
    MemberReview,
    ReviewState,
)
from profiles.models.review import ReviewQuerySet

PAGE = 30
FARTHEST = 500  # reports that j and k walk through


@dataclass(frozen=True)
class Queue:
    """How much waits at one counter, and since when."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    action: str
    reason: str


def name_of(person: User | None) -> str:
    """Of staff, for other staff: the pseudonym, else a part of the opaque id."""
    if person is None:
        return ""
    profile = getattr(person, "profile", None)
    return str(profile) if profile is not None and profile.pseudonym else str(person)


@dataclass(frozen=True)
class BanLine:
    """What is told of an address that was turned away: never the address."""

    key: UUID
    at: datetime
    who: str
    reason: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_because: str


def ban_line(ban: Ban) -> BanLine:
    gone = _("Somebody who has left")
    return BanLine(
        key=ban.pk,
        at=ban.created_at,
        who=name_of(ban.by) or gone,
        reason=ban.reason,
        lifted_at=ban.lifted_at,
        lifted_by=name_of(ban.lifted_by) or gone,
        lifted_because=ban.lifted_because,
    )


@dataclass(frozen=True)
class QuestionLine:
    """A question to applicants, as the list shows it."""

    key: UUID
    text: str
    hint: str
    kinds: list[str]
    is_required: bool
    is_live: bool
    who: str
    can_agree: bool
    replaces: str
    missing: list[str]  # names of languages in which it is shown in English


def question_lines(
    rows: Iterable[JoiningQuestion], viewer: User, language: str
) -> list[QuestionLine]:
    return [
        QuestionLine(
            key=row.pk,
            text=row.text(language),
            hint=row.hint(language),
            kinds=[str(Kind(kind).label) for kind in row.kinds],
            is_required=row.is_required,
            is_live=row.is_live,
            who=name_of(row.proposed_by) or _("Somebody who has left"),
            can_agree=not row.is_live and row.proposed_by_id != viewer.pk,
            replaces=row.replaces.text(language) if row.replaces else "",
            missing=[
                str(name) for code, name in settings.LANGUAGES if code not in row.texts
            ],
        )
        for row in rows
    ]


def kind_title(kind: str) -> str | Promise:
    if kind == SITUATION:
        return _("Told in words")
    part = reportables.get(kind)
    return part.title if part is not None else kind


def queue_of(rows: QuerySet[Any], field: str) -> Queue:
    oldest = rows.order_by(field).values_list(field, flat=True).first()
    return Queue(rows.count(), oldest)


def danger_waiting(viewer: User) -> ReportQuerySet:
    rows = access.reports_for(viewer).of_danger().waiting()
    return rows.select_related("taken_by__profile")


def reports_waiting(viewer: User) -> ReportQuerySet:
    return access.reports_for(viewer).waiting().select_related("taken_by__profile")


def reports_decided(viewer: User) -> ReportQuerySet:
    return access.reports_for(viewer).decided().select_related("taken_by__profile")


def people_on_call() -> list[str]:
    return [name_of(person) for person in on_call()]


def neighbours(viewer: User, report: Report) -> tuple[UUID | None, UUID | None]:
    """The one before and the one after in the queue."""
    rows = access.reports_for(viewer).waiting().values_list("pk", flat=True)
    keys: list[UUID] = list(rows[:FARTHEST])
    if report.pk not in keys:
        return None, keys[0] if keys else None
    here = keys.index(report.pk)
    after = keys[here + 1] if here + 1 < len(keys) else None
    return (keys[here - 1] if here else None), after


def next_waiting(viewer: User) -> UUID | None:
    """The first that nobody is on, to go on with after a decision."""
    rows = access.reports_for(viewer).waiting().filter(state=Report.State.OPEN)
    return rows.values_list("pk", flat=True).first()


def counted(rows: VersionedQuerySet[Application]) -> VersionedQuerySet[Application]:
    """With `approvals` and `refusals`, what has `waited` longest first: after an appeal
    the time begins anew. Answers stay sealed."""
    yes = Q(decisions__answer=Decision.Answer.APPROVE)
    no = Q(decisions__answer=Decision.Answer.DECLINE)
    return rows.annotate(
        approvals=Count("decisions", filter=yes, distinct=True),
        refusals=Count("decisions", filter=no, distinct=True),
        waited=Coalesce("appealed_at", "submitted_at"),
    ).order_by("waited", "pk")


def applications_waiting(viewer: User) -> VersionedQuerySet[Application]:
    """Without those that others read again, after this vetter's no."""
    rows = access.applications_for(viewer).filter(state__in=TO_READ)
    said = Decision.objects.filter(vetter=viewer, answer=Decision.Answer.DECLINE)
    again = Q(appealed_at__isnull=False, pk__in=said.values("application"))
    return counted(rows.exclude(again).defer("answers"))


def applications_decided(viewer: User) -> VersionedQuerySet[Application]:
    rows = access.applications_for(viewer).filter(state__in=access.DECIDED)
    return counted(rows.defer("answers")).order_by("-decided_at", "pk")


def recoveries_waiting(viewer: User) -> AccessRecoveryQuerySet:
    """Those to decide and those that wait to open, oldest first. Words stay sealed."""
    rows = access.recoveries_for(viewer).under_way().defer("words", "reach")
    return with_approvals(rows).order_by("sent_at", "pk")


def recoveries_over(viewer: User) -> AccessRecoveryQuerySet:
    rows = access.recoveries_for(viewer).exclude(state__in=UNDER_WAY)
    return with_approvals(rows.defer("words", "reach")).order_by("-closed_at", "pk")


def with_approvals(rows: AccessRecoveryQuerySet) -> AccessRecoveryQuerySet:
    yes = Q(decisions__answer=Decision.Answer.APPROVE)
    return rows.annotate(approvals=Count("decisions", filter=yes))


def recoveries_to_decide(viewer: User) -> AccessRecoveryQuerySet:
    return access.recoveries_for(viewer).filter(state=RecoveryState.WAITING)


def reviews_waiting(viewer: User) -> ReviewQuerySet:
    """Without those on which this vetter has said a word. Words stay sealed."""
    rows = access.reviews_for(viewer).waiting().exclude(voices__vetter=viewer)
    counted = rows.annotate(words_said=Count("voices")).defer("words")
    found: ReviewQuerySet = counted.order_by("created_at", "pk")
    return found


def reviews_over(viewer: User) -> ReviewQuerySet:
    rows = access.reviews_for(viewer).exclude(state=ReviewState.WAITING)
    found: ReviewQuerySet = rows.defer("words").order_by("-closed_at", "pk")
    return found


def checks_waiting(viewer: User) -> CheckQuerySet:
    """Without those on which this vetter has said a word. Words stay sealed."""
    rows = access.checks_for(viewer).waiting().exclude(voices__vetter=viewer)
    counted = rows.annotate(words_said=Count("voices")).defer("words", "told")
    found: CheckQuerySet = counted.order_by("created_at", "pk")
    return found


def checks_over(viewer: User) -> CheckQuerySet:
    """Those that count first, by when they end."""
    rows = access.checks_for(viewer).exclude(state=CheckState.WAITING)
    found: CheckQuerySet = rows.defer("words", "told").order_by(
        F("ended_at").desc(nulls_first=True), "until", "-closed_at", "pk"
    )
    return found


def told_of_check(row: SafeguardingCheck) -> list[str]:
    """What the member reads: of a no, and of an end."""
    if row.state == CheckState.REFUSED:
        said = row.voices.all()
        return [one.told for one in said if not one.is_yes and one.told]
    return [row.told] if row.told else []


def desk_queues(viewer: User) -> dict[str, Queue]:
    """What the overview shows; of each queue only to whom it is open."""
    queues = {}
    if has_role(viewer, Role.MODERATOR):
        waiting = access.reports_for(viewer).waiting()
        queues["danger"] = queue_of(waiting.of_danger(), "created_at")
        queues["reports"] = queue_of(waiting, "created_at")
    if has_role(viewer, Role.VETTER):
        queues["vetting"] = queue_of(applications_waiting(viewer), "waited")
        queues["reviews"] = queue_of(reviews_waiting(viewer), "created_at")
        queues["checks"] = queue_of(checks_waiting(viewer), "created_at")
        queues["recoveries"] = queue_of(recoveries_to_decide(viewer), "sent_at")
    return queues


def history(
    subject: Report | Application | AccessRecovery | MemberReview | SafeguardingCheck,
) -> list[HistoryLine]:
    return [*lines(audit.history(subject))]


def lines(entries: QuerySet[AuditEntry]) -> Iterable[HistoryLine]:
    rows = list(entries)
    actors = {row.actor for row in rows if row.actor is not None}
    people = User.objects.select_related("profile").in_bulk(list(actors))
    for row in rows:
        who = name_of(people.get(row.actor)) if row.actor else ""
        what, reason = wording.deed(row.action), wording.why(row.reason)
        yield HistoryLine(row.at, who or _("The site"), what, reason)
