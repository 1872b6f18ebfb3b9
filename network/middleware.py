"""What every request passes through, outermost first as listed in the settings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from network import errors, factors, sessions, zones
from network.access import NotFound, Refused, Role, has_role, is_signed_in
from network.http import lead_to, lead_to_login
from network.mailed_links import LinkOver

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("waymark.request")

EDITORS_AREA = "/cms/"
LAST_SEEN_EVERY = timedelta(minutes=5)
# Where anybody may go who has signed in, whatever is missing.
OPEN_ROUTES = frozenset(
    {
        "account_logout",
        "health",
        *(
            f"network:{name}"
            for name in ("exit", "theme", "language", "country", "offline", "art")
        ),
        "network:manifest",
        "network:worker",
    }
)
# What a staff member needs who has no factor yet; closed to one who did not use theirs.
FACTOR_ROUTES = frozenset(
    {
        "account_confirm_email",
        "account_email",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_list_webauthn",
    }
)
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
        in_editors_area = is_editing(request)
        if response.status_code == 404 and not in_editors_area:
            response = errors.not_found(request)
            # a page that was begun may have asked for one
            request._csp_nonce = None  # type: ignore[attr-defined]
        elif is_private(request) and is_kept(response):
            response["Cache-Control"] = "no-store, private"
        if in_editors_area:
            response._csp_replace = EDITORS_POLICY  # type: ignore[attr-defined]
            response["X-Frame-Options"] = "SAMEORIGIN"
        # the rebuilt 404 has not passed through Django's own
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if request.META.get("waymark.signed_out"):
            response["Clear-Site-Data"] = '"cache"'
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def is_editing(request: HttpRequest) -> bool:
    """Wagtail's own pages and the loose policy that they need are for those who may be
    there; to everybody else the area is like any place that never was."""
    user = getattr(request, "user", None)
    is_there = request.path_info.startswith(EDITORS_AREA)
    return is_there and user is not None and has_role(user, Role.EDITOR, Role.ADMIN)


def is_private(request: HttpRequest) -> bool:
    """Whether the answer was made for one person: signed in, or holding a link."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return True
    session = getattr(request, "session", None)
    return session is not None and session.accessed and not session.is_empty()


def is_kept(response: HttpResponse) -> bool:
    """Whether a browser may keep it; of pages always a mistake, of files a choice."""
    policy = response.get("Cache-Control", "")
    is_page = response.get("Content-Type", "").startswith("text/html")
    return not policy or (is_page and "no-store" not in policy)


class PersonSettings:
    """Shows times in the person's own zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        if is_signed_in(request.user):
            timezone.activate(zones.zone_of(request.user.time_zone))
        return self.get_response(request)


class SignedSessionCookie:
    """The browser's cookie is the session's key with a signature; see `sessions`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = sessions.checked(request.COOKIES)
        response = self.get_response(request)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value:
            signed = sessions.cookie_of(cookie.value)
            cookie.set(cookie.key, signed, signed)
        return response


class SessionsInUse:
    """Keeps the list of a person's sessions; allauth's own writes on every request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_signed_in(request.user) and not is_listed(request):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def is_listed(request: HttpRequest) -> bool:
    recently = timezone.now() - LAST_SEEN_EVERY
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    mine = rows.filter(user=request.user.pk, last_seen_at__gt=recently)
    return bool(mine.exists())


class StaffSecondFactor:
    """Who holds a staff role gets nowhere without a second factor in this session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        route = match.view_name if match else ""
        if not is_signed_in(user) or route in OPEN_ROUTES:
            return None
        if not factors.is_missing(request, user):
            return None
        if factors.is_set_up(user):
            logout(request)
            return lead_to_login(request)
        if route in FACTOR_ROUTES:
            return None
        return lead_to(request, reverse("mfa_activate_totp"))


class HiddenLooksMissing:
    """Maps the domain's exceptions to pages, in this one place, and what Django answers
    without a page to one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405:
            return errors.not_allowed(request, response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, LinkOver):
            request.META[errors.LINK_OVER] = True
        if isinstance(exception, NotFound | Http404):
            return errors.not_found(request)
        if isinstance(exception, Refused):
            return errors.refused(request, exception.message)
        return None
