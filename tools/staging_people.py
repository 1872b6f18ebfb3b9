"""Who comes to the staged demonstration beside its cast, and the session of each."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from demo import places
from demo.password import demo_password
from network import mailed_links
from network.adapters import factors_of
from network.models import User
from network.sessions import cookie_of
from network.widgets import slot_choices
from profiles.access import ACCOUNT_WISH, LINK_PURPOSE
from profiles.actions import notices, volunteers
from profiles.actions.profile import VIEWS_A_DAY
from profiles.models import (
    Profile,
    ProfileView,
    Standing,
    VolunteerRegistration,
)
from projects.access import ARRIVAL
from projects.actions import appeals
from projects.models import Appeal
from tests.cast import client_of

OPENS = {
    LINK_PURPOSE: "profiles:volunteer_link",
    ACCOUNT_WISH: "profiles:volunteer_account_open",
}

USEFUL = (
    "cooking",
    "driving-car",
    "active-listening",
    "community-interpreting",
    "form-filling",
)


def has_stopped(person: User) -> User:
    notices.stop_mails(person=person)
    return person


def newcomer(name: str) -> User:
    """An account with a confirmed address and a second factor, and no profile yet."""
    user = User.objects.create_user(f"{name}@example.org", demo_password())
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    with factors_of(user):
        TOTP.activate(user, generate_totp_secret())
    return user


def session_cookie(user: User) -> str:
    return client_of(user).cookies[settings.SESSION_COOKIE_NAME].value


def has_looked_at_many(person: User, *, yet_not_at: User) -> None:
    """As many profiles in a day as anybody may see, and not one more."""
    Profile.objects.create(
        user=person, pseudonym="Curious", standing=Standing.PROBATION
    )
    others = Profile.objects.exclude(user__in=[person, yet_not_at])
    seen = others[: VIEWS_A_DAY[Standing.PROBATION]]
    today = timezone.localdate()
    ProfileView.objects.bulk_create(
        [ProfileView(viewer=person, subject=profile, day=today) for profile in seen]
    )


def volunteer(name: str = "volunteer") -> VolunteerRegistration:
    return volunteers.confirm_registration(registration=registered(name))


def registered(name: str) -> VolunteerRegistration:
    """Just sent in, nothing confirmed yet."""
    appeal = Appeal.objects.get(slug="harbour-market")
    offer = volunteers.Offer(
        skills=dict.fromkeys(USEFUL, 9),
        causes=[],
        languages=["en", "fr", "nl", "ar"],
        town=places.city("Ostend", "BE"),
        slots=[slot for slot, _ in slot_choices()],
    )
    return appeals.register_for_appeal(
        appeal=appeal,
        token=f"a form of {name}",
        email=f"{name}@example.org",
        offer=offer,
        language="en",
    )


def volunteer_session(registration: VolunteerRegistration, *more: str) -> str:
    """With the mailed link opened, as the browser of the registration has it, and
    links for `more` purposes."""
    client = client_of()
    session = client.session
    session[ARRIVAL] = registration.arrival()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie_of(str(session.session_key))
    for purpose in (LINK_PURPOSE, *more):
        token = mailed_links.issue(
            purpose=purpose, subject=registration.pk, lifetime=timedelta(days=9)
        )
        client.get(reverse(OPENS[purpose], args=[token]))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def empty_session() -> str:
    """For who gives a password, and is asked for the second factor."""
    session = SessionStore()
    session.create()
    return cookie_of(str(session.session_key))


def helper_session() -> str:
    """Somebody half way through the screens of an appeal."""
    client = client_of()
    url = reverse("projects:volunteer_register", args=["harbour-market"])
    client.post(url, {"offers": "", "common": ["cooking", "driving-car"]})
    client.post(f"{url}?step=2", {"languages": "en, fr", "town": ""})
    return client.cookies[settings.SESSION_COOKIE_NAME].value
