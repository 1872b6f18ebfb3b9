"""Who may see and reach whom. Absent and hidden are the same `NotFound`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from network import mailed_links
from network.access import NotFound, Refused, Role, Viewer, has_role, is_signed_in
from network.models import User
from network.notify import STOP_MAILS
from profiles.models import (
    Application,
    ApplicationState,
    Audience,
    Block,
    Connection,
    ConsentRecord,
    ContactGrant,
    Invitation,
    Kind,
    Profile,
    Referee,
    Standing,
    VolunteerRegistration,
)
from profiles.models.profile import ACTIVE
from profiles.shown import ShownProfile, show

# of mailed links
LINK_PURPOSE, REFEREE, INVITATION = "registration", "referee", "invitation"
SETTLED = (Standing.MEMBER, Standing.TRUSTED)


class Tier(IntEnum):
    """How near a viewer is. Each sees what the ones before it see."""

    ANYBODY = 0
    MEMBER = 1
    CONNECTION = 2
    OWNER = 3


AUDIENCES: dict[Tier, frozenset[str]] = {
    Tier.ANYBODY: frozenset({Audience.PUBLIC}),
    Tier.MEMBER: frozenset({Audience.PUBLIC, Audience.MEMBERS}),
    Tier.CONNECTION: frozenset(
        {Audience.PUBLIC, Audience.MEMBERS, Audience.CONNECTIONS}
    ),
    Tier.OWNER: frozenset(Audience.values),
}


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


def member_profile(person: User) -> Profile:
    """One's own profile. Raises `NotFound` for whoever is not an active member."""
    profile = own_profile(person)
    if profile is None or not is_active_member(person):
        raise NotFound
    return profile


def profile_for_viewer(viewer: Viewer, user_id: UUID) -> ShownProfile:
    """Only the fields that this viewer may see. Raises `NotFound`."""
    profile = find_profile(user_id)
    tier = tier_of(viewer, profile)
    if tier is None:
        raise NotFound
    return shown_at(profile, tier)


def reportable_profile(viewer: Viewer, user_id: UUID) -> ShownProfile:
    """What this viewer sees, and whom they blocked: who needed the block most must
    still be able to report. Raises `NotFound`."""
    try:
        return profile_for_viewer(viewer, user_id)
    except NotFound:
        if not is_signed_in(viewer):
            raise
        block_by(viewer, user_id)
    return shown_at(find_profile(user_id), Tier.MEMBER)


def shown_at(profile: Profile, tier: Tier) -> ShownProfile:
    return show(profile, AUDIENCES[tier])


def find_profile(user_id: UUID) -> Profile:
    """Whoever it is. Raises `NotFound`. Ask `tier_of` before showing anything."""
    found = Profile.objects.select_related("user").filter(user=user_id).first()
    if found is None:
        raise NotFound
    return found


def visible_member(viewer: User, user_id: UUID) -> Profile:
    """Somebody whom this member may see as a member. Raises `NotFound`."""
    profile = find_profile(user_id)
    tier = tier_of(viewer, profile)
    if tier not in {Tier.MEMBER, Tier.CONNECTION}:
        raise NotFound
    return profile


def tier_of(viewer: Viewer, profile: Profile) -> Tier | None:
    """None: for this viewer there is nobody."""
    if not is_signed_in(viewer):
        return Tier.ANYBODY if is_public(profile) else None
    if viewer.pk == profile.user_id:
        return Tier.OWNER
    if not is_present(profile) or is_blocked_between(viewer.pk, profile.user_id):
        return None
    if is_active_member(viewer):
        return tier_between(viewer, profile)
    return Tier.ANYBODY if is_public(profile) else None


def tier_between(viewer: User, profile: Profile) -> Tier | None:
    """Of two members who are both there and not behind a block."""
    if connection_between(viewer.pk, profile.user_id) is not None:
        return Tier.CONNECTION
    if has_asked(profile.user_id, viewer.pk):
        return Tier.MEMBER
    if is_kept_from(viewer, profile) or not profile.is_listed:
        return None
    return Tier.MEMBER


def is_present(profile: Profile) -> bool:
    return _is_active(profile) and not profile.is_hidden


def is_on_a_pause(profile: Profile) -> bool:
    """Seen by nobody; those who are connected with them already are told why."""
    return _is_active(profile) and profile.is_hidden


def _is_active(profile: Profile) -> bool:
    return profile.standing in ACTIVE and profile.user.is_active


def is_public(profile: Profile) -> bool:
    is_shown = profile.audience_of("pseudonym") == Audience.PUBLIC
    return is_shown and profile.is_listed and is_present(profile)


def is_kept_from(viewer: User, profile: Profile) -> bool:
    """A survivor who wants nothing to do with formers and a former are not there for
    each other. Nor is the survivor for whoever does not say what they are: a label that
    was taken off opens nothing."""
    if _may_be_former(viewer) and _wants_no_formers(profile):
        return True
    return profile.kind == Kind.FORMER and _wants_no_formers(own_profile(viewer))


def _may_be_former(viewer: Viewer) -> bool:
    return kind_of(viewer) in {Kind.FORMER, ""}


def _wants_no_formers(profile: Profile | None) -> bool:
    return profile is not None and bool(profile.contact_rules.get("no_formers"))


def people_kept_from(viewer: User, among: QuerySet[Profile]) -> list[UUID]:
    """Ids of those who are not there for this viewer, by either one's wish.

    Read row by row: a column that can be searched would tell who is a survivor.
    """
    if not _may_be_former(viewer) and not _wants_no_formers(own_profile(viewer)):
        return []
    rows = among.only("pk", "user_id", "kind", "contact_rules")
    return [row.user_id for row in rows if is_kept_from(viewer, row)]


def kind_of(person: Viewer) -> str:
    profile = own_profile(person)
    return profile.kind if profile is not None else ""


def is_blocked_between(one: UUID, other: UUID) -> bool:
    both = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Block.objects.filter(both).exists()


def connection_between(one: UUID, other: UUID) -> Connection | None:
    """The one that both accepted."""
    both = Q(requester=one, recipient=other) | Q(requester=other, recipient=one)
    return Connection.objects.filter(both, state=Connection.State.ACCEPTED).first()


def has_asked(requester: UUID, recipient: UUID) -> bool:
    """Waits for this recipient's answer, so is shown to them, listed or not."""
    return Connection.objects.filter(
        requester=requester, recipient=recipient, state=Connection.State.REQUESTED
    ).exists()


def request_sent(requester: UUID, recipient: UUID) -> Connection | None:
    """What the requester sees as waiting: a declined one too, the no is silent."""
    silent = [Connection.State.REQUESTED, Connection.State.DECLINED]
    return (
        Connection.objects.filter(
            requester=requester, recipient=recipient, state__in=silent
        )
        .order_by("-created_at")
        .first()
    )


def can_contact(sender: User, recipient: User) -> Verdict:
    """Whether the two may write to each other now."""
    pair = Q(person=sender, other_person=recipient) | Q(
        person=recipient, other_person=sender
    )
    is_allowed = (
        is_active_member(sender)
        and is_active_member(recipient)
        and not is_blocked_between(sender.pk, recipient.pk)
        and ContactGrant.objects.filter(pair, ended_at=None).exists()
    )
    return Verdict(is_allowed, "" if is_allowed else _("You have no contact yet."))


def can_request(sender: User, recipient: Profile) -> Verdict:
    """Whether `sender`, who may see this profile, may ask for contact.

    One reason for every wish not to be asked: which wish it is would tell a label.
    """
    if sender.pk == recipient.user_id or not is_active_member(sender):
        return Verdict(False, _("You cannot ask for this contact."))
    if connection_between(sender.pk, recipient.user_id) is not None:
        return Verdict(False, _("You are connected already."))
    if request_sent(sender.pk, recipient.user_id) is not None:
        return Verdict(False, _("You have asked. We tell you if the answer is yes."))
    if not takes_requests_of(sender, recipient):
        return Verdict(False, _("This member does not take requests at the moment."))
    return Verdict(True)


def takes_requests_of(sender: User, recipient: Profile) -> bool:
    rules = recipient.contact_rules
    if not recipient.is_open_to_contact or rules.get("facilitator"):
        return False
    return not is_kept_from(sender, recipient)


def connection_for(person: User, connection_id: UUID) -> Connection:
    """One that this person asked for or was asked. Raises `NotFound`."""
    mine = Q(requester=person) | Q(recipient=person)
    found = (
        Connection.objects.filter(mine, pk=connection_id)
        .select_related("requester__profile", "recipient__profile")
        .first()
    )
    if found is None or not is_active_member(person):
        raise NotFound
    if is_blocked_between(found.requester_id, found.recipient_id):
        raise NotFound
    return found


def blockable(person: User, user_id: UUID) -> User:
    """Somebody whom this person sees, or has to do with. Raises `NotFound`."""
    if own_profile(person) is None or person.pk == user_id:
        raise NotFound
    profile = find_profile(user_id)
    other = profile.user
    if Block.objects.filter(blocker=person, blocked=other).exists():
        return other
    if Block.objects.filter(blocker=other, blocked=person).exists():
        raise NotFound
    if tier_of(person, profile) in {Tier.MEMBER, Tier.CONNECTION}:
        return other
    if not have_to_do(person, other):
        raise NotFound
    return other


def have_to_do(person: User, other: User) -> bool:
    asked = Q(requester=person, recipient=other) | Q(requester=other, recipient=person)
    granted = Q(person=person, other_person=other) | Q(
        person=other, other_person=person
    )
    return (
        Connection.objects.filter(asked).exists()
        or ContactGrant.objects.filter(granted).exists()
    )


def block_by(person: User, user_id: UUID) -> Block:
    """Raises `NotFound` when this person did not block that one."""
    found = Block.objects.filter(blocker=person, blocked=user_id).first()
    if found is None:
        raise NotFound
    return found


def may_apply(person: User) -> bool:
    """Whoever is not a member, was not one, and is not suspended."""
    profile = own_profile(person)
    return profile is None or profile.standing == "applicant"


def application_for_applicant(person: User) -> Application | None:
    """The newest one, whatever its state."""
    mine = Application.objects.filter(applicant=person).select_related(
        "contact_person__profile"
    )
    return mine.order_by("-created_at").first()


def application_to_appeal(person: User) -> Application:
    """The newest one, declined, or waiting again after an appeal. Raises `NotFound`."""
    found = application_for_applicant(person)
    if found is None:
        raise NotFound
    is_asked = found.is_waiting and found.appealed_at is not None
    if found.state != ApplicationState.DECLINED and not is_asked:
        raise NotFound
    return found


def application_to_support(person: User) -> Application:
    """One's own that waits for an answer, and others can speak for. Raises
    `NotFound`."""
    found = application_for_applicant(person)
    if found is None or not found.is_waiting:
        raise NotFound
    return found


def named_referee(person: User, referee_id: UUID) -> Referee:
    """Whom this person named for an application that waits. Raises `NotFound`."""
    application = application_to_support(person)
    found = Referee.objects.filter(pk=referee_id, application=application).first()
    if found is None:
        raise NotFound
    return found


def referee_for(request: HttpRequest) -> Referee:
    """Whose mailed link this browser has opened. Raises `NotFound`."""
    key = mailed_links.current(request, REFEREE)
    found = Referee.objects.select_related("application").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def may_invite(person: User) -> bool:
    """Members whose first 90 days are over."""
    profile = own_profile(person)
    is_settled = profile is not None and profile.standing in SETTLED
    return is_settled and is_active_member(person)


def own_invitation(person: User, invitation_id: UUID) -> Invitation:
    """One that this person sent and that is not over. Raises `NotFound`."""
    mine: Invitation | None = (
        Invitation.objects.not_over().filter(pk=invitation_id, inviter=person).first()
    )
    if mine is None:
        raise NotFound
    return mine


def invitation_for(request: HttpRequest) -> Invitation:
    """That of the mailed link which this browser has opened, while nobody has taken it
    up. Raises `NotFound`."""
    key = mailed_links.current(request, INVITATION)
    found: Invitation | None = Invitation.objects.good().filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def open_application(person: User) -> Application | None:
    """The one being written, or waiting for a decision."""
    live = [
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
    ]
    return Application.objects.filter(applicant=person, state__in=live).first()


def has_second_factor(person: User) -> bool:
    return bool(is_mfa_enabled(person))


def check_may_decide(application: Application, by: User) -> None:
    """Raises `NotFound` for all but vetters, `Refused` for one's own application."""
    if not has_role(by, Role.VETTER):
        raise NotFound
    if application.applicant_id == by.pk:
        raise Refused(_("You cannot decide on your own application."))


def consent_for(person: User, consent_id: UUID) -> ConsentRecord:
    """One that this person gave and has not withdrawn. Raises `NotFound`."""
    found = ConsentRecord.objects.filter(
        pk=consent_id, person=person, withdrawn_at=None
    ).first()
    if found is None:
        raise NotFound
    return found


def person_of_mails(request: HttpRequest) -> User:
    """Whose mails the link opened in this browser stops. Raises `NotFound`."""
    key = mailed_links.current(request, STOP_MAILS)
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def person_of_mail_token(token: str) -> User:
    """The same by the URL alone, as a mail client has it. Raises `LinkOver`."""
    key = mailed_links.subject_of(STOP_MAILS, token)
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        raise mailed_links.LinkOver
    return person


def registration_for(request: HttpRequest) -> VolunteerRegistration:
    """The registration of the mailed link opened in this browser, or the one that it
    was merged into. Raises `NotFound`."""
    row = live_registration(mailed_links.current(request, LINK_PURPOSE))
    if row is None:
        raise NotFound
    return row


def live_registration(key: Any) -> VolunteerRegistration | None:
    rows = VolunteerRegistration.objects.select_related("merged_into")
    row = rows.filter(pk=key).first()
    if row is not None and row.merged_into is not None:
        row = row.merged_into
    is_gone = row is None or row.erased_at is not None
    return None if is_gone else row


def shown_to_lead(profile: Profile) -> ShownProfile | None:
    """What a project's lead sees of somebody who fits; None without their consent."""
    if not profile.is_matched or not is_present(profile):
        return None
    full = show(profile, AUDIENCES[Tier.OWNER])
    return ShownProfile(
        user_id=profile.user_id,
        pseudonym=full.pseudonym,
        languages=full.languages,
        skills=full.skills,
        causes=full.causes,
        slots=full.slots,
        experience_years=full.experience_years,
    )


def people_in(role: Role) -> list[User]:
    return list(User.objects.filter(groups__name=role.value, is_active=True))
