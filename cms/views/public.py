"""The pages that everybody reads. Wagtail finds the page; these show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.views import serve

from cms import access, queries, text
from cms.file_views import gone
from cms.models import (
    AppealIndexPage,
    AppealPage,
    HomePage,
    PackPage,
    PracticePage,
    StandardPage,
    StoryPage,
)
from cms.packs import contents
from network.access import NotFound

View = Callable[[HttpRequest, Any], HttpResponse]


def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Wagtail's way to a page; what an author took back answers 410 and not 404."""
    try:
        response: HttpResponseBase = serve(request, path)
    except Http404:
        if access.is_withdrawn_path(request.path_info):
            return gone(request)
        raise
    return response


def show(page: Page, request: HttpRequest) -> HttpResponse:
    """Hands a page to the view of its type. Every type has one or shows nothing."""
    view = PAGES.get(type(page))
    if view is None:
        raise NotFound
    # its translations stand at other addresses
    request.language_urls = queries.language_urls(request, page)  # type: ignore[attr-defined]
    return view(request, page)


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def home(request: HttpRequest, page: HomePage) -> HttpResponse:
    appeal = queries.open_appeal(language())
    context = {
        "page": page,
        "appeal": appeal,
        "appeal_url": appeal.get_url(request) if appeal else "",
        "stories": queries.cards(request, queries.recent_stories(language(), 3)),
        "packs": queries.cards(request, queries.recent_packs(language(), 2)),
        "practices": queries.cards(request, queries.practices(3)),
        "project_count": queries.project_count(),
    }
    return render(request, "cms/home.html", context)


def story(request: HttpRequest, page: StoryPage) -> HttpResponse:
    if access.has_expired(page):
        return gone(request)
    files = queries.files_of(page)
    context = {
        "story": page,
        "blocks": text.blocks(page.body),
        "direction": text.direction(page.language),
        "language_name": text.language_name(page.language),
        "media": files.get("video") or files.get("audio"),
        "captions": files.get("captions"),
        "packs": queries.cards(request, queries.packs_with(page)),
        "address": page.get_url(request),
    }
    return render(request, "cms/story.html", context)


def pack(request: HttpRequest, page: PackPage) -> HttpResponse:
    newest = queries.newest_build(page)
    stories = queries.stories_of(page)
    withdrawn_on = newest.withdrawn_stories if newest else []
    context = {
        "pack": page,
        "direction": text.direction(page.language),
        "language_name": text.language_name(page.language),
        "before": text.blocks(page.before_you_teach),
        "build": None if newest is None or newest.is_stale else newest,
        "withdrawn_on": withdrawn_on,
        "is_bereft": page.pk in contents.bereft([page.pk]),
        "download_url": queries.download_url(page),
        "stories": queries.cards(request, stories),
    }
    return render(request, "cms/pack.html", context)


def practice(request: HttpRequest, page: PracticePage) -> HttpResponse:
    parts = [
        (part.get("heading") or "", text.blocks(part["text"]))
        for part in page.description
    ]
    return render(request, "cms/practice.html", {"practice": page, "parts": parts})


def appeal(request: HttpRequest, page: AppealPage) -> HttpResponse:
    """Light on purpose: after an attack a crowd reads it at once."""
    context = {
        "page": page,
        "appeal": page.appeal,
        "is_open": page.appeal.state == "open",
        "intro": text.blocks(page.intro),
        "what_happened": text.blocks(page.what_happened),
        "what_helps": text.blocks(page.what_helps),
        "next_steps": text.blocks(page.what_happens_next),
        "nearby_helplines": queries.helplines_for(page.appeal.country),
    }
    return render(request, "cms/appeal.html", context)


def appeal_index(request: HttpRequest, page: AppealIndexPage) -> HttpResponse:
    appeals = queries.cards(request, queries.open_appeals(language()))
    return render(request, "cms/appeals.html", {"page": page, "appeals": appeals})


def standard(request: HttpRequest, page: StandardPage) -> HttpResponse:
    context = {"page": page, "blocks": text.blocks(page.body)}
    return render(request, "cms/standard.html", context)


PAGES: dict[type[Page], View] = {
    HomePage: home,
    StoryPage: story,
    PackPage: pack,
    PracticePage: practice,
    AppealPage: appeal,
    AppealIndexPage: appeal_index,
    StandardPage: standard,
}
