"""Vetters' voices on an application, and what comes of two that say the same."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit, notify
from network.access import Refused
from network.models import User
from profiles import access, queries
from profiles.actions import changes
from profiles.actions.joining import close_vetting_thread, tell_of
from profiles.models import (
    Application,
    ApplicationState,
    Assignment,
    Decision,
    Profile,
    Standing,
)

VOICES = 2  # vetters who must say the same
LONGEST_BASE = 55  # of a name, so that a number fits behind it


def approve_application(
    *, application: Application, by: User, reason: str
) -> Application:
    """One vetter's yes. The second one's makes the applicant a member.

    The same vetter's second yes changes nothing. Raises `NotFound` for who is no
    vetter, `Refused` for the applicant and where the decision has been taken.
    """
    return decide(application, by, Decision.Answer.APPROVE, reason)


def decline_application(
    *, application: Application, by: User, reason: str, told: str = ""
) -> Application:
    """One vetter's no; declined once a second one says so too. What is `told` the
    applicant reads then."""
    return decide(application, by, Decision.Answer.DECLINE, reason, told)


def decide(
    application: Application,
    by: User,
    answer: Decision.Answer,
    reason: str,
    told: str = "",
) -> Application:
    access.check_may_decide(application, by)
    with transaction.atomic():
        row = Application.objects.select_for_update().get(pk=application.pk)
        said = Decision.objects.filter(
            application=row,
            vetter=by,
            answer__in=[Decision.Answer.APPROVE, Decision.Answer.DECLINE],
        ).first()
        if said is not None and said.answer == answer:
            return row
        if said is not None or not row.is_waiting:
            raise Refused(_("This application has been decided, or by you already."))
        if answer == Decision.Answer.APPROVE:
            check_not_turned_away(row)
            check_not_suspended(row)
        Decision.objects.create(
            application=row, vetter=by, answer=answer, reason=reason, told=told
        )
        Assignment.objects.update_or_create(
            application=row, vetter=by, defaults={"until": None}
        )
        audit.record(
            action=f"application {answer.value}", by=by, subject=row, reason=reason
        )
        row.state = ApplicationState.IN_REVIEW
        if answer == Decision.Answer.APPROVE:
            row.add_approver(by)
        row.save()
        count = row.decisions.filter(answer=answer).count()
        if count >= VOICES:
            conclude(row, answer)
    return row


def check_not_turned_away(row: Application) -> None:
    """Only vetters learn of it: to the applicant theirs is like any other."""
    if queries.standing_ban(row.applicant) is not None:
        told = _(
            "This address was turned away before, and that stands: nobody can approve "
            "it until an administrator lifts it."
        )
        raise Refused(told)


def check_not_suspended(row: Application) -> None:
    """A yes would take the suspension away that others decided."""
    theirs = Profile.objects.filter(user=row.applicant_id)
    if theirs.filter(standing=Standing.SUSPENDED).exists():
        raise Refused(_("This person is suspended. That has to be decided first."))


def conclude(row: Application, answer: Decision.Answer) -> None:
    is_yes = answer == Decision.Answer.APPROVE
    row.state = ApplicationState.APPROVED if is_yes else ApplicationState.DECLINED
    row.decided_at = timezone.now()
    row.save()
    close_vetting_thread(row)
    if is_yes:
        admit(row)
    kind = "application_approved" if is_yes else "application_declined"
    notify.notify(
        person=row.applicant, kind=kind, url=reverse("profiles:application_status")
    )
    tell_of(row, kind)


def admit(row: Application) -> Profile:
    """What they wrote about their way stays in the application: it is the vetters'.

    Survivors begin unlisted and closed to requests until they say otherwise, and so
    does everybody: a switch that only some begin with would tell what they are.
    """
    answers = row.answers
    profile, _created = Profile.objects.get_or_create(user=row.applicant)
    profile.kind = answers["kind"]
    profile.pseudonym = told_apart(answers["pseudonym"], profile)
    profile.languages, profile.country = answers["languages"], answers["country"]
    profile.standing = Standing.PROBATION
    profile.standing_since = profile.vetted_at = timezone.now()
    profile.is_listed = profile.is_open_to_contact = False
    profile.save()
    audit.record(action="member admitted", by=row.second_approver, subject=profile)
    changes.tell_person(profile)
    return profile


def told_apart(pseudonym: str, profile: Profile) -> str:
    """Numbered where another bears it: an applicant is not told who is here."""
    name, number = pseudonym, 2
    while queries.is_borne(name, profile):
        name = f"{pseudonym[:LONGEST_BASE].rstrip()} {number}"
        number += 1
    return name
