"""allauth's pages on which a button pressed twice, at the same moment, would break on a
constraint or look missing: the second press is answered as the first one was."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from allauth.account import app_settings
from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.totp import views as totp
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from network.adapters import know_again

DAY = 24 * 60 * 60  # seconds


def once(
    view: Callable[[HttpRequest], HttpResponse], request: HttpRequest
) -> HttpResponse:
    """Whole or not at all. Beaten by the other press, it is asked anew: by then it sees
    what that one has stored."""
    if request.method != "POST":
        return view(request)
    try:
        with transaction.atomic():
            return view(request)
    except IntegrityError:
        return view(request)


def sign_up(request: HttpRequest) -> HttpResponse:
    answer = once(account.signup, request)
    if answer.status_code == HTTPStatus.FOUND:
        know_again(request)
    return answer


def activate_totp(request: HttpRequest) -> HttpResponse:
    """Where it is active already, allauth leads to turning it off."""
    answer = once(totp.activate_totp, request)
    if getattr(answer, "url", "") != reverse("mfa_deactivate_totp"):
        return answer
    is_pressed = request.method == "POST"
    return redirect("mfa_view_recovery_codes" if is_pressed else "mfa_index")


def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    try:
        answer: HttpResponse = account.confirm_email(request, key=key)
    except Http404:
        address = confirmed_by(key) if request.method == "POST" else None
        if address is None:
            raise
        return redirect(
            get_adapter(request).get_email_verification_redirect_url(address)
        )
    return answer


def confirmed_by(key: str) -> EmailAddress | None:
    """The address that this link, still young enough, has confirmed."""
    longest = DAY * app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    try:
        pk = signing.loads(key, max_age=longest, salt=app_settings.SALT)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.filter(pk=pk, verified=True).first()
