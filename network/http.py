"""Narrowed requests: what the middleware has put there, told to the type checker."""

from datetime import timedelta
from time import sleep
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from network import ratelimit
from network.models import User


class Request(HttpRequest):
    htmx: HtmxDetails


class MemberRequest(Request):
    """A request behind `access.require_login`."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. `request.POST or None` would take an empty form that
    was sent for one that was not."""
    return request.POST if request.method == "POST" else None


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
    """Signing in leads back to the page; to the page before, where a form was sent."""
    return lead_to(request, redirect_to_login(page_of(request)).url)


def page_of(request: HttpRequest) -> str:
    if getattr(request, "htmx", False) or request.method not in {"GET", "HEAD"}:
        page = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
        return path_here(request, page or "")
    return request.get_full_path()


def path_here(request: HttpRequest, url: str) -> str:
    """The path of a URL of this site, else the first page."""
    if not url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
