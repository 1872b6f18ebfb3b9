"""Reads: lists of people, connections and texts, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from network import parts
from network.access import Role, is_staff_role
from network.exporting import Words, in_words
from network.figures import count_of_people
from network.folding import fold
from network.models import MailChoice, Notice, PushSubscription, User
from network.parts import NoticeKind
from profiles import access
from profiles.models import (
    REPLIES,
    Application,
    ApplicationState,
    Ban,
    Connection,
    ConsentRecord,
    ContactGrant,
    Decision,
    Invitation,
    Kind,
    MemberReview,
    Profile,
    ProfileView,
    Purpose,
    ReviewState,
)
from profiles.models.profile import ACTIVE, Audience

State = Connection.State


@dataclass(frozen=True)
class Relation:
    """What stands between a viewer and the owner of a profile."""

    state: str = "none"  # none, sent, received, connected
    connection: Connection | None = None
    can_write: bool = False


@dataclass(frozen=True)
class NoticeRow:
    notice: Notice
    kind: NoticeKind


def requests_waiting(person: User) -> int:
    return Connection.objects.filter(
        recipient=person,
        state=State.REQUESTED,
        requester__profile__standing__in=ACTIVE,
    ).count()


def relation_to(viewer: User, user_id: UUID) -> Relation:
    connection = access.connection_between(viewer.pk, user_id)
    if connection is not None:
        grant = ContactGrant.objects.filter(
            kind=ContactGrant.Kind.CONNECTION, source=connection.pk, ended_at=None
        )
        return Relation("connected", connection, grant.exists())
    sent = access.request_sent(viewer.pk, user_id)
    if sent is not None:
        return Relation("sent", sent)
    received = Connection.objects.filter(
        requester=user_id, recipient=viewer, state=State.REQUESTED
    ).first()
    return Relation("received", received) if received else Relation()


def live_consents(person: User) -> QuerySet[ConsentRecord]:
    mine = ConsentRecord.objects.filter(person=person)
    return mine.select_related("text").order_by("withdrawn_at", "-given_at")


def live_membership_consent(person: User) -> ConsentRecord | None:
    """What a membership rests on; withdrawing it ends it."""
    mine = live_consents(person).filter(purpose=Purpose.JOINING, withdrawn_at=None)
    return mine.first()


def has_to_confirm(person: User) -> bool:
    """The yearly question waits for this member."""
    asked = MemberReview.objects.filter(state=ReviewState.ASKED, person=person)
    return bool(asked.exists())


def told_of_end(person: User) -> list[str]:
    """Why a membership was ended, in the words of those who said so; without names."""
    over = MemberReview.objects.filter(person=person, state=ReviewState.ENDED)
    last = over.order_by("-closed_at").first()
    return told_words(last) if last is not None else []


def told_words(review: MemberReview) -> list[str]:
    if review.state != ReviewState.ENDED:
        return []
    said = review.voices.filter(is_stay=False)
    return [one.told for one in said if one.told]


def viewers_lately(person: User) -> str | None:
    """How many members opened this person's profile in 30 days, by the rule of
    `network.figures`; None when nobody did."""
    since = timezone.localdate() - timedelta(days=30)
    views = ProfileView.objects.filter(subject__user=person, day__gte=since)
    count = views.values("viewer").distinct().count()
    return count_of_people(count) if count else None


def notices_of(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person)


def unread_notices(person: User) -> int:
    return notices_of(person).filter(read_at=None).count()


def mail_choice(person: User) -> MailChoice:
    """What stands where nothing was chosen is not stored."""
    return MailChoice.objects.filter(person=person).first() or MailChoice(person=person)


def pushed_browsers(person: User, *, session_key: str | None) -> list[PushSubscription]:
    """Those that are told of something new, the one at hand first."""
    rows = PushSubscription.objects.filter(person=person).select_related("session")
    here = When(session__session_key=session_key, then=Value(True))
    return list(
        rows.annotate(is_here=Case(here, default=Value(False))).order_by(
            "-is_here", "created_at"
        )
    )


def notice_rows(notices: Iterable[Notice]) -> list[NoticeRow]:
    """Those of a room that no longer exists are left out."""
    return [
        NoticeRow(notice, kind)
        for notice in notices
        if (kind := parts.notice_kinds.get(notice.kind)) is not None
    ]


@dataclass(frozen=True)
class ExportSection:
    title: str
    rows: list[dict[str, Any]]  # as they are stored
    words: Words

    def read(self) -> list[dict[str, object]]:
        """The rows as people read them."""
        return [in_words(row, self.words) for row in self.rows]


def export_sections(person: User) -> list[ExportSection]:
    """All that the rooms hold about a person, by section, in the order of rooms."""
    return [
        ExportSection(str(part.title), list(part.rows(person)), part.words)
        for part in parts.exporters
    ]


def is_survivor(profile: Profile) -> bool:
    return profile.kind == Kind.SURVIVOR


def is_borne(pseudonym: str, profile: Profile) -> bool:
    """Whether the owner of `profile` sees another member of this name, however it is
    spelt, in the directory, or somebody of the staff goes by it. Whom else they do not
    see is not told by a refusal either."""
    listed = Profile.objects.listed().apart_from_blocks(profile.user_id)
    return any(
        row.audience_of("pseudonym") in {Audience.MEMBERS, Audience.PUBLIC}
        and not access.is_kept_from(profile.user, row)
        for row in of_name(listed, pseudonym, profile.user)
    ) or is_borne_by_staff(pseudonym, profile.user)


def is_borne_by_staff(pseudonym: str, person: User | None) -> bool:
    """By one of them who is not this person."""
    staff = Profile.objects.filter(user__groups__name__in=Role.values)
    return bool(of_name(staff, pseudonym, person))


def of_name(
    rows: QuerySet[Profile], pseudonym: str, apart_from: User | None
) -> list[Profile]:
    """Those whose name is folded to the same."""
    wanted = fold(pseudonym)
    others = rows.exclude(user=apart_from) if apart_from is not None else rows
    named = others.values_list("pk", "pseudonym")
    keys = [pk for pk, name in named if fold(name) == wanted]
    return list(rows.filter(pk__in=keys))


def answered_of_asked(application: Application) -> tuple[int, int]:
    """How many of the vetters' questions are answered, and how many there are."""
    asked = application.decisions.filter(answer=Decision.Answer.ASK)
    keys = {str(key) for key in asked.values_list("pk", flat=True)}
    return len(keys & set(application.answers.get(REPLIES, {}))), len(keys)


def told_to_applicant(application: Application) -> list[str]:
    """The words of those who said no, once two did; without their names."""
    is_declined = application.state == ApplicationState.DECLINED
    if not is_declined and application.appealed_at is None:
        return []
    said = application.decisions.filter(answer=Decision.Answer.DECLINE)
    return [one.told for one in said if one.told]


def numbered_name(application: Application) -> str:
    """What the applicant goes by since another bore the name that they chose; "" where
    nothing was added, and once they have taken another."""
    profile = access.own_profile(application.applicant)
    asked = str(application.answers.get("pseudonym", ""))
    if application.state != ApplicationState.APPROVED or profile is None:
        return ""
    added = profile.pseudonym.removeprefix(f"{asked} ")
    return profile.pseudonym if added.isdecimal() else ""


def invitations_by(person: User) -> QuerySet[Invitation]:
    """Those that are not over, taken up or not."""
    rows: QuerySet[Invitation] = Invitation.objects.not_over().filter(inviter=person)
    return rows


def has_only_an_account(person: User) -> bool:
    """Neither a profile nor an application yet, and no work here that needs none."""
    return (
        access.own_profile(person) is None
        and not is_staff_role(person)
        and not person.organisation_memberships.exists()
        and not Application.objects.filter(applicant=person).exists()
    )


def standing_ban(person: User) -> Ban | None:
    """Of the address that this account has now."""
    bans = Ban.objects.of_address(person.email).standing()
    found: Ban | None = bans.select_related("by__profile").first()
    return found
