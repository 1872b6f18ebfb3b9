"""A person asks to be forgotten: every room erases what it holds, then the account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ProtectedError

from network import audit, mailed_links, notify, parts, tombstones
from network.models import MailChoice, Notice, PushHint, PushSubscription, User
from network.revocation import end_sessions
from profiles.actions import changes, vouching
from profiles.models import (
    Application,
    Assignment,
    Ban,
    Block,
    Connection,
    ConsentRecord,
    ContactGrant,
    Introduction,
    Invitation,
    JoiningQuestion,
    MemberReview,
    OrganisationMembership,
    Profile,
    ProfileView,
    Referee,
)

MODELS = (
    "profiles.Profile",
    "profiles.ProfileSkill",
    "profiles.ProfileView",
    "profiles.Connection",
    "profiles.Block",
    "profiles.ContactGrant",
    "profiles.ConsentRecord",
    "profiles.Application",
    "profiles.Assignment",
    "profiles.Decision",
    "profiles.Ban",
    "profiles.Introduction",
    "profiles.Invitation",
    "profiles.OrganisationMembership",
    "profiles.JoiningQuestion",
    "profiles.Referee",
    "profiles.MemberReview",
    "profiles.ReviewVoice",
    "network.MailChoice",
    "network.Notice",
    "network.PushHint",
    "network.PushSubscription",
)

ACCOUNT = "account"
OF_A_SHELL = "@erased.invalid"


def erase_account(*, person: User) -> None:
    """Everything, in one transaction. Of a vetter whose decisions others rest on, an
    empty account without address, factor or way in stays."""
    with tombstones.erasing(kind=ACCOUNT, keys=[person.pk]):
        audit.record(action="account erased", by=person, subject=person)
        for part in parts.erasers:
            part.erase(person)
        end_sessions(person=person.pk, reason="erased")
        Authenticator.objects.filter(user=person).delete()
        EmailAddress.objects.filter(user=person).delete()
        mailed_links.withdraw(subject=person.pk)
        notify.forget(key=person.pk)
        try:
            with transaction.atomic():
                User.objects.get(pk=person.pk).delete()
        except ProtectedError:
            blank_account(person)


def blank_account(person: User) -> None:
    shell = User.objects.get(pk=person.pk)
    shell.email = f"{shell.pk}{OF_A_SHELL}"
    shell.is_active = False
    shell.country, shell.time_zone, shell.language = "", "UTC", "en"
    shell.set_unusable_password()
    shell.groups.clear()
    shell.save()


def erase_person(person: User) -> None:
    """This room's part: see `network.parts.Eraser`. A ban of the person's address
    stays; whoever set or lifted one is not named any more."""
    tell_the_index(person)
    for model in (
        ConsentRecord,
        OrganisationMembership,
        MemberReview,
        Notice,
        MailChoice,
        PushHint,
        PushSubscription,
    ):
        model._default_manager.filter(person=person).delete()
    ProfileView.objects.filter(viewer=person).delete()
    for application in Application.objects.filter(applicant=person):
        vouching.forget_referees(application)
        application.delete()
    Invitation.objects.filter(inviter=person).delete()
    Introduction.objects.of(person).delete()
    for referee in Referee.objects.filter(member=person):
        referee.member = None
        vouching.blank_referee(referee)
    Assignment.objects.filter(vetter=person).exclude(until=None).delete()
    Ban.objects.filter(by=person).update(by=None)
    Ban.objects.filter(lifted_by=person).update(lifted_by=None)
    JoiningQuestion.objects.filter(proposed_by=person).update(proposed_by=None)
    JoiningQuestion.objects.filter(agreed_by=person).update(agreed_by=None)
    Connection.objects.filter(requester=person).delete()
    Connection.objects.filter(recipient=person).delete()
    Block.objects.filter(blocker=person).delete()
    Block.objects.filter(blocked=person).delete()
    ContactGrant.objects.filter(person=person).delete()
    ContactGrant.objects.filter(other_person=person).delete()
    Profile.objects.filter(user=person).delete()
    notify.forget_mails(to=person.email)


def tell_the_index(person: User) -> None:
    profile = Profile.objects.filter(user=person).first()
    if profile is not None:
        profile.version += 1
        changes.tell_person(profile, withdrawn=True)
