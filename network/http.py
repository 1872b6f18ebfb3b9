"""Narrowed requests: what the middleware has put there, told to the type checker."""

from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import TypeVar
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from network import ratelimit, resend
from network.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ANY_PATH = "wagtail_serve"  # takes whatever path there is, page or not


class Request(HttpRequest):
    htmx: HtmxDetails


class MemberRequest(Request):
    """A request behind `access.require_login`."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. `request.POST or None` would take an empty form that
    was sent for one that was not."""
    return request.POST if request.method == "POST" else None


def require_post(view: View) -> View:
    """Django's own, and `nearest_page` knows that there is no page at the address."""
    guarded = require_POST(view)
    guarded.takes_post_only = True  # type: ignore[attr-defined]
    return guarded


def slow_down(
    request: HttpRequest, name: str, *, limit: int, per: timedelta, longest: float
) -> None:
    """Lets an address that sends more than `limit` in `per` wait, `longest` seconds at
    the most. A whole school may share it, so nobody is refused."""
    address = str(get_adapter().get_client_ip(request))
    decision = ratelimit.hit(
        name, key=address, limit=limit, per=per, delay_up_to=longest
    )
    if decision.delay:
        sleep(decision.delay)


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the page, also when only a part of it was asked for."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def lead_to_login(request: HttpRequest) -> HttpResponse:
    """Signing in leads back to the page; to the page before, where a form was sent.
    Words that were sent with it come back first, to be sent again."""
    url = redirect_to_login(page_of(request)).url
    if resend.has_words(request):
        return resend.resend_page(request, status=401, sign_in_url=url)
    return lead_to(request, url)


def page_of(request: HttpRequest) -> str:
    if getattr(request, "htmx", False) or request.method not in {"GET", "HEAD"}:
        return nearest_page(page_before(request))
    return nearest_page(request.get_full_path())


def page_before(request: HttpRequest) -> str:
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
    return path_here(request, page or "")


def page_shown(request: HttpRequest) -> str:
    """Where one finds again what this answer shows. A refused form may have been
    answered at an address that only takes forms: then the page that it stands on."""
    here = request.get_full_path()
    if nearest_page(here) == here:
        return here
    before = page_before(request)
    is_found = before != "/" and nearest_page(before) == before
    return before if is_found else nearest_page(here)


def nearest_page(path: str) -> str:
    """The path itself, or the closest above it at which a GET finds a page."""
    here = path
    while here != "/" and not _is_page(here, by_name=here != path):
        here = here.partition("?")[0].rstrip("/").rpartition("/")[0] + "/"
    return here


def _is_page(path: str, *, by_name: bool) -> bool:
    """What no route knows counts as one, unless it should have a name of its own."""
    try:
        with translation.override(language_of(path)):
            match = resolve(path.partition("?")[0])
    except Resolver404:
        return not by_name
    if by_name and match.url_name == ANY_PATH:
        return False
    return not getattr(match.func, "takes_post_only", False)


def language_of(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def path_here(request: HttpRequest, url: str) -> str:
    """The path of a URL of this site, else the first page."""
    if not url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
