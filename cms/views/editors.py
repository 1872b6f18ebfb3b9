"""What stands where Wagtail's own log-in, accounts and passwords would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from network.access import NotFound, require_login

View = Callable[..., HttpResponseBase]


def closed(request: HttpRequest) -> HttpResponse:
    """Everybody signs in by the one door that asks for the second factor."""
    url = reverse("account_login")
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        url = f"{url}?{urlencode({'next': wanted})}"
    if request.user.is_authenticated and wanted == "":
        return redirect(settings.LOGIN_REDIRECT_URL)
    return redirect(url)


@require_login
def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    raise NotFound


def for_nobody(view: View) -> View:
    """A route that has to have its name, with nothing behind it."""
    return nothing_here


def sign_out(request: HttpRequest) -> HttpResponse:
    """Passes the press of the button on as it is: 307 keeps the POST."""
    return HttpResponseRedirect(reverse("account_logout"), status=307)
