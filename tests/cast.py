"""A small recurring cast: every endpoint is tried as owner, stranger, blocked …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from network.access import Role
from network.adapters import factors_of
from network.models import User
from network.sessions import cookie_of
from profiles.models import Kind, Profile, Standing

PASSWORD = "a long walk past three cairns"


@dataclass(frozen=True)
class Cast:
    """Members who are listed, open to contact and matched; and the staff."""

    former: User
    survivor: User
    stranger: User
    lead: User
    newcomer: User
    applicant: User
    suspended: User
    vetter: User
    second_vetter: User
    moderator: User
    editor: User
    dpo: User
    admin: User


def create_account(name: str, **fields: Any) -> User:
    email = f"{name}@example.org"
    user = User.objects.create_user(email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def create_member(
    name: str, *, kind: str = Kind.SUPPORTER, standing: str = Standing.MEMBER
) -> User:
    user = create_account(name)
    is_active = standing in {Standing.PROBATION, Standing.MEMBER, Standing.TRUSTED}
    Profile.objects.create(
        user=user,
        standing=standing,
        pseudonym=name.title(),
        kind=kind,
        languages=["en"],
        is_listed=is_active,
        is_matched=is_active,
        is_open_to_contact=is_active,
        vetted_at=timezone.now() if is_active else None,
    )
    return user


def create_staff(name: str, role: Role) -> User:
    """With a second factor, like every staff member."""
    user = create_account(name)
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    with factors_of(user):
        TOTP.activate(user, generate_totp_secret())
    return user


def create_cast() -> Cast:
    return Cast(
        former=create_member("former", kind=Kind.FORMER),
        survivor=create_member("survivor", kind=Kind.SURVIVOR),
        stranger=create_member("stranger"),
        lead=create_member("lead"),
        newcomer=create_member("newcomer", standing=Standing.PROBATION),
        applicant=create_member("applicant", standing=Standing.APPLICANT),
        suspended=create_member("suspended", standing=Standing.SUSPENDED),
        vetter=create_staff("vetter", Role.VETTER),
        second_vetter=create_staff("second-vetter", Role.VETTER),
        moderator=create_staff("moderator", Role.MODERATOR),
        editor=create_staff("editor", Role.EDITOR),
        dpo=create_staff("dpo", Role.DPO),
        admin=create_staff("admin", Role.ADMIN),
    )


def sign_in(client: Client, user: User) -> None:
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    signed = cookie_of(cookie.value)
    cookie.set(cookie.key, signed, signed)


def client_of(user: User | None = None) -> Client:
    """A browser signed in as this person, second factor included."""
    client = Client()
    if user is None:
        return client
    sign_in(client, user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password", email=user.email)
    record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return client
