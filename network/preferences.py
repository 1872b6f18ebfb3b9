"""How a person wants to see the site, and the beacon of the quick exit."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from network.access import is_signed_in
from network.context import COUNTRY_COOKIE, THEME_COOKIE, chosen_country
from network.countries import country_name
from network.http import language_of, nearest_page, require_post
from network.models import Helpline, User
from network.models.user import Theme

YEAR = 365 * 24 * 3600


def next_path(request: HttpRequest) -> str:
    """Where the person came from; only a path of this site, and one with a page."""
    path = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(
        path, allowed_hosts=None
    )
    return nearest_page(path) if is_ours else "/"


def is_same_site(request: HttpRequest) -> bool:
    sender = request.headers.get("Sec-Fetch-Site", "same-origin")
    return sender in {"same-origin", "none"}


def remember(
    response: HttpResponse, request: HttpRequest, cookie: str, value: str
) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


# A token here would set a cookie on every public page; reading sets none. The worst a
# stranger's form could do is darken a page, and browsers say who is asking.
@csrf_exempt
@require_post
def theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(next_path(request))
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values or not is_same_site(request):
        return response
    remember(response, request, THEME_COOKIE, chosen)
    if is_signed_in(request.user):
        User.objects.filter(pk=request.user.pk).update(theme=chosen)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Lists the languages; choosing one leads to the same page in it."""
    path = next_path(request)
    code = request.POST.get("language", "")
    if request.method == "POST" and code in dict(settings.LANGUAGES):
        with translation.override(language_of(path)):
            translated = translate_url(path, code)
        response = HttpResponseRedirect(translated)
        remember(response, request, settings.LANGUAGE_COOKIE_NAME, code)
        if is_signed_in(request.user):
            User.objects.filter(pk=request.user.pk).update(language=code)
        return response
    with translation.override(language_of(path)):
        context = {"next": path, "choices": settings.LANGUAGES}
        return render(request, "network/language.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def country(request: HttpRequest) -> HttpResponse:
    """Which country's helplines are shown. Asked, never guessed from the address."""
    path = next_path(request)
    chosen = request.POST.get("country", "")
    offered = set(
        Helpline.objects.exclude(country="").values_list("country", flat=True)
    )
    if request.method == "POST" and chosen in offered | {""}:
        response = HttpResponseRedirect(path)
        remember(response, request, COUNTRY_COOKIE, chosen)
        if is_signed_in(request.user):
            User.objects.filter(pk=request.user.pk).update(country=chosen)
        return response
    with translation.override(language_of(path)):
        choices = sorted((country_name(code), code) for code in offered)
        context = {
            "next": path,
            "choices": choices,
            "chosen": chosen_country(request),
        }
        return render(request, "network/country.html", context)


@require_post
def leave(request: HttpRequest) -> HttpResponse:
    """Ends this browser's session, an account's or a mailed link's. The quick exit's
    beacon sends it while the page is already gone; a button waits for the next page."""
    is_beacon = "next" not in request.POST
    logout(request)
    response = HttpResponse(status=204)
    if not is_beacon:
        response = HttpResponseRedirect(next_path(request))
    response["Clear-Site-Data"] = '"cache"'
    return response
