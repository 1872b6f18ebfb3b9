"""Who may apply, speak for an applicant, invite and decide."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from network import mailed_links
from network.access import NotFound, Refused, Role, has_role
from network.models import User
from profiles.access.standing import own_profile
from profiles.models import (
    Application,
    ApplicationState,
    Invitation,
    Referee,
)

# of mailed links
REFEREE, INVITATION = "referee", "invitation"


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


def own_invitation(person: User, invitation_id: UUID) -> Invitation:
    """One that this person sent. Raises `NotFound`."""
    mine: Invitation | None = Invitation.objects.filter(
        pk=invitation_id, inviter=person
    ).first()
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


def check_may_decide(application: Application, by: User) -> None:
    """Raises `NotFound` for all but vetters, `Refused` for one's own application."""
    if not has_role(by, Role.VETTER):
        raise NotFound
    if application.applicant_id == by.pk:
        raise Refused(_("You cannot decide on your own application."))
