"""What every request passes through, outermost first as listed in the settings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from network import errors
from network.access import NotFound, Refused, is_signed_in, is_staff_role
from network.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("waymark.request")

EDITORS_AREA = "/cms/"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
    "browsing-topics=(), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self)"
)
# Wagtail's own editor writes inline styles and scripts; nobody but staff gets there.
EDITORS_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "object-src": [NONE],
}


class RequestLog:
    """One line a request: route, method, status, time. No path, address or person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "route": match.view_name if match else "",
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000),
            },
        )
        return response


class SafetyHeaders:
    """Headers of every answer; the 404 rebuilt from nothing, so that all are equal."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        in_editors_area = request.path.startswith(EDITORS_AREA)
        if response.status_code == 404 and not in_editors_area:
            response = errors.not_found(request)
        elif is_private(request) and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        if in_editors_area:
            response._csp_replace = EDITORS_POLICY  # type: ignore[attr-defined]
            response["X-Frame-Options"] = "SAMEORIGIN"
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def is_private(request: HttpRequest) -> bool:
    """Whether the answer was made for one person: signed in, or holding a link."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return True
    session = getattr(request, "session", None)
    return session is not None and session.accessed and not session.is_empty()


class PersonSettings:
    """Shows times in the person's own zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_signed_in(request.user):
            try:
                timezone.activate(ZoneInfo(request.user.time_zone))
            except (ZoneInfoNotFoundError, ValueError):
                timezone.deactivate()
        else:
            timezone.deactivate()
        return self.get_response(request)


class StaffSecondFactor:
    """Who holds a staff role gets nowhere without a second factor in this session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not is_signed_in(user)
            or not (is_staff_role(user) or user.is_superuser)
            or is_open_to_all(request.path_info)
        ):
            return self.get_response(request)
        if not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
        if not has_used_second_factor(request, user):
            logout(request)
            return redirect_to_login(request.get_full_path())
        return self.get_response(request)


def is_open_to_all(path: str) -> bool:
    """Where a staff member may go to set the factor up, sign out or leave."""
    allowed = (
        reverse("mfa_index"),
        reverse("account_logout"),
        reverse("account_login"),
        reverse("account_reauthenticate"),
        "/static/",
        "/exit/",
    )
    # the same pages under a language prefix: /ar/accounts/2fa/
    bare = "/" + path.split("/", 2)[2] if path[3:4] == "/" else path
    return path.startswith(allowed) or bare.startswith(allowed)


def has_used_second_factor(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


class HiddenLooksMissing:
    """Maps the domain's exceptions to pages, in this one place."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, NotFound | Http404):
            return errors.not_found(request)
        if isinstance(exception, Refused):
            return errors.refused(request, exception.message)
        return None
