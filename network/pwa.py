"""What browsers and search engines ask for at the root: the manifest, the worker and
its offline page, the icon, and where nobody need look."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import HashedFilesMixin, staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from network import art as pictures
from network.access import NotFound

KEPT_FILES = (
    "network/app.css",
    "network/dark.css",
    "network/icons.svg",
    "network/img/logo.svg",
    "network/js/exit.js",
    "network/js/page.js",
)
DAY, FOR_EVER = 24 * 3600, 365 * 24 * 3600
# rooms in which people are found and not texts, whoever may read there
UNSEARCHED = ("accounts", "cms", "me", "messages", "people", "staff")
DRAWN = {"horizon": pictures.horizon, "cairn": pictures.cairn}


@require_safe
@cache_control(max_age=DAY, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """A neutral name and icon: what lies on a home screen tells nobody anything."""
    icons = [
        {"src": static(f"network/img/{name}"), "sizes": size, "type": kind} | more
        for name, size, kind, more in (
            ("logo.svg", "any", "image/svg+xml", {}),
            ("icon-192.png", "192x192", "image/png", {}),
            ("icon-512.png", "512x512", "image/png", {}),
            (
                "icon-maskable-512.png",
                "512x512",
                "image/png",
                {"purpose": "maskable"},
            ),
        )
    ]
    name = str(settings.SITE_NAME)
    return JsonResponse(
        {
            "name": name,
            "short_name": name,
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbf8f3",
            "theme_color": "#fbf8f3",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@cache
def static_version() -> str:
    """Changes with any of the kept files, so that a new release replaces the old."""
    digest = hashlib.sha256()
    for name in (*KEPT_FILES, "network/js/worker.js"):
        path = finders.find(name)
        if isinstance(path, str):
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, or the browser would not let it see the site's pages. In
    the language of its address: a push brings no words, so they are here before."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    facts = {
        "version": static_version(),
        "files": [static(name) for name in KEPT_FILES],
        "offline": reverse("network:offline"),
        "prefix": settings.STATIC_URL,
        "isHashed": isinstance(staticfiles_storage, HashedFilesMixin),
        "leaving": leaving_paths(),
        "push": push_words(language),
    }
    source = json.dumps(static("network/js/worker.js"))
    body = f"self.waymark = {json.dumps(facts)};\nimportScripts({source});\n"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


def push_words(language: str) -> dict[str, str]:
    """What is shown for every push: nothing that differs from one to the next."""
    with translation.override(language):
        return {
            "title": str(settings.SITE_NAME),
            "body": _("There is something new for you"),
            "page": reverse("profiles:notices"),
            "icon": static("network/img/icon-192.png"),
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
        }


def leaving_paths() -> list[str]:
    """A form that is sent there ends what this browser was told on this site."""
    found = {reverse("network:exit")}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(reverse("account_logout"))
    return sorted(found)


@require_safe
@cache_control(max_age=DAY, public=True)
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@require_safe
@cache_control(max_age=DAY, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES)]
    closed = [
        f"Disallow: {prefix}/{room}/" for prefix in prefixes for room in UNSEARCHED
    ]
    lines = ["User-agent: *", *closed, ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=DAY, public=True)
def icon(request: HttpRequest) -> HttpResponse:
    """For what asks without having read a page."""
    return redirect(static("network/img/icon-192.png"))


@require_safe
@cache_control(max_age=FOR_EVER, public=True, immutable=True)
def art(request: HttpRequest, kind: str, seed: str) -> HttpResponse:
    draw = DRAWN.get(kind)
    if draw is None:
        raise NotFound
    return HttpResponse(draw(seed), content_type="image/svg+xml")
