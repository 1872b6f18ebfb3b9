"""allauth's hooks: mail without names, and second-factor secrets encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.core.mail import EmailMessage
from django.db.models.signals import post_init
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import get_language

from network import crypto
from network.models import User

SECRET_AAD = "mfa.Authenticator.data"
_owner: ContextVar[UUID | None] = ContextVar("factor_owner", default=None)


class AccountAdapter(DefaultAccountAdapter):
    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        context.pop("user", None)  # a mail carries no name
        mail: EmailMessage = super().render_mail(
            template_prefix, email, context, headers
        )
        return mail

    def get_from_email(self) -> str:
        return super().get_from_email() or ""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no usernames."""

    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:
        user.language = get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved


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
    for name in ("secret", "seed"):
        if name in data:
            yield data[name]
    yield from data.get("migrated_codes") or ()


@receiver(post_init, sender=Authenticator)
def check_owner(instance: Authenticator, **kwargs: Any) -> None:
    """Raises `crypto.Tampered` for a secret that was moved to another account."""
    if instance._state.adding or "data" in instance.get_deferred_fields():
        return
    for value in sealed_values(instance.data):
        owner = crypto.decrypt(value, aad=SECRET_AAD).partition("|")[0]
        if owner != str(instance.user_id):
            raise crypto.Tampered


@receiver(authenticator_added)
def count_as_used(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Who has just proved a new factor has used it in this session."""
    record_authentication(request, user, method="mfa", type="totp")
