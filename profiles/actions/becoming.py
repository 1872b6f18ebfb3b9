"""A volunteer with a registration wishes for an account.

By a fresh letter: the link to the registration is good for a year, and an address may
have another reader by then. The letter, its page and every answer here are the same
whether or not the address has an account; only allauth's own sign-up finds out, and it
does not tell either. Nobody's password is set here.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network import audit, mailed_links, notify, ratelimit
from network.access import Refused
from network.models import MailedLink, User
from profiles import access
from profiles.access import ACCOUNT_WISH
from profiles.actions import changes, joining, volunteers
from profiles.models import (
    Application,
    ContactGrant,
    Kind,
    Profile,
    ProfileSkill,
    VolunteerRegistration,
)

GOOD_FOR = timedelta(hours=72)
MAILS_A_DAY = 3  # to one address
# of a registration, and by the same names of a profile
TAKEN_ALONG = (
    "causes",
    "slots",
    "place",
    "travel_km",
    "is_remote_ok",
    "experience_years",
)


def wish_for_account(*, registration: VolunteerRegistration) -> None:
    """Mails the link. While one is open, a second wish changes nothing; beyond the
    day's limit none goes out, and the answer is the same."""
    with transaction.atomic():
        row = VolunteerRegistration.objects.select_for_update().get(pk=registration.pk)
        if is_wished(row) or not may_mail(row):
            return
        audit.record(action="account wished for", by=None, subject=row)
        token = mailed_links.issue(
            purpose=ACCOUNT_WISH, subject=row.pk, lifetime=GOOD_FOR
        )
        with translation.override(row.language):
            url = reverse("profiles:volunteer_account_open", args=[token])
        notify.send_mail(
            to=row.email,
            template="volunteer_account",
            context={"link": notify.absolute(url), "hours": hours()},
            language=row.language,
        )


def hours() -> int:
    return int(GOOD_FOR.total_seconds() // 3600)


def may_mail(row: VolunteerRegistration) -> bool:
    return ratelimit.hit(
        "account wish mail",
        key=row.email_index,
        limit=MAILS_A_DAY,
        per=timedelta(days=1),
    ).allowed


def is_wished(registration: VolunteerRegistration) -> bool:
    return MailedLink.objects.filter(
        purpose=ACCOUNT_WISH,
        subject=registration.pk,
        spent_at=None,
        expires_at__gt=timezone.now(),
    ).exists()


def take_wish_back(*, registration: VolunteerRegistration) -> None:
    """The link opens nothing any more. An account that was made meanwhile stays: it is
    erased on its own page."""
    with transaction.atomic():
        if mailed_links.withdraw(subject=registration.pk, purpose=ACCOUNT_WISH):
            audit.record(
                action="account wish taken back", by=None, subject=registration
            )


def take_along(*, registration: VolunteerRegistration, by: User) -> Application:
    """What was offered becomes a draft of an application and of a profile that nobody
    sees before two vetters have said yes. The registration goes on beside it, with its
    tasks and conversations, until its owner erases it. A second time, and where
    something was written already, nothing is overwritten."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # the form sent twice at once
        begun = access.open_application(by)
        if begun is not None:
            return begun
        fill_profile(registration, by)
        audit.record(action="registration taken along", by=by, subject=registration)
        return joining.save_draft(
            by=by,
            answers={
                "kind": Kind.SUPPORTER.value,
                "languages": list(registration.languages),
            },
        )


def fill_profile(registration: VolunteerRegistration, by: User) -> None:
    profile, is_new = Profile.objects.get_or_create(user=by)
    if not is_new:
        return
    for name in TAKEN_ALONG:
        setattr(profile, name, getattr(registration, name))
    profile.languages = list(registration.languages)
    profile.save()
    add_skills(registration, profile)


def goes_on_alone(person: User) -> bool:
    """Whether a registration of theirs holds a task or a conversation that is open."""
    mine = access.registrations_of(person)
    running = ContactGrant.objects.filter(other_registration__in=mine, ended_at=None)
    return running.exists()


def merge_registrations(*, by: User) -> None:
    """A member is found by their profile only: what their registrations offered beyond
    it is added there, where it is theirs to change, and they are erased. A second time
    changes nothing. Raises `Refused` while a task goes on under one of them."""
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(user=by)
        rows = list(access.registrations_of(by).select_for_update())
        if goes_on_alone(by):
            raise Refused(_("A task goes on under your registration. End that first."))
        for row in rows:
            add_to_profile(row, profile)
            volunteers.erase_address(registration=row)
        if rows:
            profile.save()
            audit.record(action="registration merged", by=by, subject=profile)
            changes.tell_person(profile)


def add_to_profile(row: VolunteerRegistration, profile: Profile) -> None:
    """Nothing that stands there is changed."""
    for name in ("languages", "causes"):
        here = getattr(profile, name)
        new = [one for one in getattr(row, name) if one not in here]
        setattr(profile, name, [*here, *new])
    for name in ("place", "slots"):
        setattr(profile, name, getattr(profile, name) or getattr(row, name))
    add_skills(row, profile)


def add_skills(row: VolunteerRegistration, profile: Profile) -> None:
    """A level that stands there already stays."""
    ProfileSkill.objects.bulk_create(
        [
            ProfileSkill(profile=profile, skill=skill, level=level)
            for skill, level in row.skills.items()
        ],
        ignore_conflicts=True,
    )
