"""A form that cannot be taken as it was sent comes back with every word and a button:
its sender was signed out meanwhile, or it was opened too long ago. The words stand in
the answer to the browser that sent them and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

OURS = "csrfmiddlewaretoken"
SECRETS = ("password", "code", "secret", "token", "credential")


def has_words(request: HttpRequest) -> bool:
    """Whether somebody wrote something that would be lost. A press of a button or a
    choice is soon made again; what holds a secret is never shown."""
    if request.method != "POST" or not is_page_wanted(request):
        return False
    names = " ".join(name.lower() for name in request.POST if name != OURS)
    return not any(word in names for word in SECRETS) and bool(words_of(request))


def is_page_wanted(request: HttpRequest) -> bool:
    is_part = request.headers.get("HX-Request") == "true"
    return not is_part and "application/json" not in request.headers.get("Accept", "")


def words_of(request: HttpRequest) -> list[str]:
    """What was written with a space in it: no id, date or choice has one."""
    return [value for _name, value in _fields(request) if " " in value.strip()]


def resend_page(
    request: HttpRequest, *, status: int, sign_in_url: str = ""
) -> HttpResponse:
    context = {
        "words": words_of(request),
        "fields": _fields(request),
        "has_files": bool(request.FILES),
        "sign_in_url": sign_in_url,
    }
    response = render(request, "resend.html", context, status=status)
    add_never_cache_headers(response)
    return response


def is_own_form(request: HttpRequest) -> bool:
    """Sent by a page of this site, as the browser says; other sites cannot claim it."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == own


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != OURS
        for value in values
    ]
