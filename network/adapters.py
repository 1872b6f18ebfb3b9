"""allauth's hooks: mail without names and by the worker, secrets encrypted, sessions
that end at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.signals import post_init
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network import crypto, notify, parts
from network.models import User

SECRET_AAD = "mfa.Authenticator.data"  # noqa: S105 (a place, not a secret)
SECRETS = ("secret", "seed")
AT_ONCE = timedelta(minutes=1)
HASHED = "waymark.hashed"  # of a request: that a password's hash was worked out
SIGNED_UP = "signed_up"  # in the session: whose account was begun in this browser
_owner: ContextVar[UUID | None] = ContextVar("factor_owner", default=None)


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Rendered now, sent by the worker: a mail server that is slow or down neither
        stops a person nor tells by its time whether an address is known here."""
        left_out = {"user", "ip", "user_agent"}  # a mail carries no name or address
        shown = {name: context[name] for name in context.keys() - left_out}
        shown |= {"email": email, "current_site": get_current_site(self.request)}
        mail: EmailMultiAlternatives = self.render_mail(template_prefix, email, shown)
        pages = [str(page) for page, _kind in mail.alternatives]
        notify.send_rendered(
            to=email,
            subject=str(mail.subject),
            text=str(mail.body),
            html=pages[0] if pages else "",
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        make_password(email)  # as long as a new account takes
        self.request.META[HASHED] = True
        super().send_account_already_exists_mail(email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """For the factors, signing in counts as well as proving it again. Where no
        allauth app asks (export, erasure) the password is always asked for."""
        if not app:
            return True
        records = get_authentication_records(self.request, self.request.user)
        latest = max((float(record["at"]) for record in records), default=0)
        if time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no usernames."""

    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:
        user.language = get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        request.META[HASHED] = True
        request.session[SIGNED_UP] = str(saved.pk)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Who presses the button owns the address; who signed up with it may have been
        anybody. In another browser than that one, its password counts no more."""
        person = email_address.user
        is_first = person.last_login is None and not email_address.verified
        confirmed: bool = super().confirm_email(request, email_address)
        is_other = request.session.pop(SIGNED_UP, "") != str(person.pk)
        if confirmed and is_first and is_other:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            messages.info(
                request,
                _(
                    "You signed up in another browser, or somebody else did with your "
                    "address. So choose your password anew here."
                ),
            )
        return confirmed

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        person = email_address.user
        if person.last_login is None and not person.has_usable_password():
            return choose_password_url(person)
        url: str = super().get_email_verification_redirect_url(email_address)
        return url


def know_again(request: HttpRequest) -> None:
    """The form of a sign-up sent twice at once: whichever of the two made the account,
    this browser is the one that did."""
    password = request.POST.get("password1", "")
    if SIGNED_UP not in request.session:
        moment = timezone.now() - AT_ONCE
        new = User.objects.filter(last_login=None, created_at__gt=moment)
        email = request.POST.get("email", "").strip().lower()
        person = new.filter(email=email).first()
        if person is not None:
            request.META[HASHED] = True
            if person.check_password(password):
                request.session[SIGNED_UP] = str(person.pk)
    if HASHED not in request.META:
        # a known address to which no second letter goes: not a moment less than others
        make_password(password)


def choose_password_url(person: User) -> str:
    """The page of a mailed reset, without the mail: its address was just proved."""
    token = default_token_generator.make_token(person)
    words = {"uidb36": user_pk_to_url_str(person), "key": token}
    return reverse("account_reset_password_from_key", kwargs=words)


@contextmanager
def factors_of(user: User) -> Iterator[None]:
    """Names whose factor is being stored where there is no request (commands)."""
    token = _owner.set(user.pk)
    try:
        yield
    finally:
        _owner.reset(token)


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's `encrypt(text)` knows no row: the owner's id goes inside, and every
    load of an `Authenticator` checks it (`check_owner`)."""

    def encrypt(self, text: str) -> str:
        owner = _owner.get() or context.request.user.pk
        return crypto.encrypt(f"{owner}|{text}", aad=SECRET_AAD)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text, aad=SECRET_AAD).partition("|")[2]

    def get_totp_label(self, user: User) -> str:
        return user.email


def sealed_values(data: dict[str, Any]) -> Iterator[str]:
    for name in SECRETS:
        if name in data:
            yield data[name]
    yield from data.get("migrated_codes") or ()


def with_secrets(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A factor's data with each of its sealed values changed."""
    fresh: dict[str, Any] = {
        name: change(data[name]) for name in SECRETS if name in data
    }
    if data.get("migrated_codes"):
        fresh["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    return data | fresh


def resealed_secret(token: str, *, owner: UUID) -> str:
    """With the newest key. Raises `crypto.Tampered` for another account's secret."""
    text = crypto.decrypt(token, aad=SECRET_AAD)
    if text.partition("|")[0] != str(owner):
        raise crypto.Tampered("a second factor of another account")
    return crypto.encrypt(text, aad=SECRET_AAD)


@receiver(post_init, sender=Authenticator)
def check_owner(instance: Authenticator, **kwargs: Any) -> None:
    """Raises `crypto.Tampered` for a secret that was moved to another account."""
    data = instance.__dict__.get("data")  # absent where it is deferred
    for value in sealed_values(data) if isinstance(data, dict) else ():
        owner = crypto.decrypt(value, aad=SECRET_AAD).partition("|")[0]
        if owner != str(instance.user_id):
            raise crypto.Tampered("a second factor of another account")


@receiver(authenticator_added)
def count_as_used(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Who has just proved a new factor has used it in this session."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type)


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """The rows, and then the live lines that were opened with them."""
        ended = list(sessions)
        super().end_sessions(ended)
        for person in {session.user_id for session in ended}:
            tell = partial(parts.revoke, person=person, reason="session ended")
            transaction.on_commit(tell)
