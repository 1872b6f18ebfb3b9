"""Faceted lists, the one search box, the directory, and matching both ways."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.access import NotFound, require_login
from network.http import MemberRequest, Request, require_post
from profiles.actions.profile import OverBudget
from profiles.views.people import over_budget
from projects import access as projects
from search import access, directory, loosening, matching, queries, unranked
from search import peers as peer_lists
from search.budget import record_cards
from search.documents import TextKind
from search.forms import DirectoryForm

STORY_FACETS = ("teller", "medium", "theme", "language", "length")
PACK_FACETS = ("subject", "age", "theme", "language", "format", "lessons")
PRACTICE_FACETS = ("approach", "audience", "country")
SITE_FACETS = ("kind", "language")


@require_safe
def stories(request: Request) -> HttpResponse:
    return _list(request, TextKind.STORY, STORY_FACETS, "search/stories.html")


@require_safe
def library(request: Request) -> HttpResponse:
    return _list(request, TextKind.PACK, PACK_FACETS, "search/library.html")


@require_safe
def practices(request: Request) -> HttpResponse:
    return _list(request, TextKind.PRACTICE, PRACTICE_FACETS, "search/practices.html")


@require_safe
def site(request: Request) -> HttpResponse:
    asked = queries.request_for(request.user, request.GET)
    results = (
        queries.results(asked, SITE_FACETS, seen_in=request) if request.GET else None
    )
    return render(request, "search/site.html", {"results": results})


def _list(
    request: Request, kind: TextKind, facets: tuple[str, ...], template: str
) -> HttpResponse:
    asked = queries.request_for(request.user, request.GET, kinds={kind}, facets=facets)
    results = queries.results(asked, facets, seen_in=request)
    return render(request, template, {"results": results})


@require_safe
@require_login
def people_directory(request: MemberRequest) -> HttpResponse:
    if not access.may_see_directory(request.user):
        raise NotFound
    form = DirectoryForm(request.GET)
    filters = directory.filters_from(form)
    found = directory.members(request.user, filters)
    page = Paginator(found, directory.SIZE).get_page(request.GET.get("page"))
    cards = directory.cards(page, request.user)
    try:
        record_cards(by=request.user, people=[card.profile.user_id for card in cards])
    except OverBudget:
        return over_budget(request, request.user)
    context = {"page": page, "filters": filters, "cards": cards, "form": form}
    status = 422 if form.errors else 200
    return render(request, "search/directory.html", context, status=status)


@require_safe
@require_login
def needs_for_me(request: MemberRequest) -> HttpResponse:
    profile = access.matched_profile(request.user)
    matches = matching.needs_for_person(profile) if profile.is_matched else []
    context = {"profile": profile, "matches": matches}
    return render(request, "search/needs_for_me.html", context)


@require_safe
@require_login
def peers(request: MemberRequest) -> HttpResponse:
    profile = access.matched_profile(request.user)
    try:
        found = peer_lists.peers_for(profile) if access.seeks_peers(profile) else []
    except OverBudget:
        return over_budget(request, request.user)
    context = {"profile": profile, "peers": found}
    return render(request, "search/peers.html", context)


@require_post
@require_login
def peer_pass_over(request: MemberRequest, user_id: UUID) -> HttpResponse:
    access.matched_profile(request.user)
    peer_lists.pass_over(by=request.user, person=user_id)
    messages.success(request, _("Not proposed to you again. Nobody is told."))
    return redirect("search:peers")


@require_safe
@require_login
def people_for_need(request: MemberRequest, need_id: UUID) -> HttpResponse:
    """Only leads of published projects see a ranking."""
    need = projects.need_for_lead(request.user, need_id)
    if not access.may_see_ranking(need):
        why = unranked.reason(need)
        return render(request, "search/not_yet.html", {"need": need, "why": why})
    try:
        matches = matching.people_for_need(need, request.user)
    except OverBudget:
        return over_budget(request, request.user)
    context = {
        "need": need,
        "matches": matches,
        "offers": loosening.loosenings(need, request.user, len(matches)),
    }
    return render(request, "search/people_for_need.html", context)


@require_safe
def volunteer_result(request: HttpRequest, slug: str) -> HttpResponse:
    """The last screen of a registration: needs that fit, or an honest "none yet"."""
    registration = projects.registered_here(request)
    appeal = projects.announced_appeal(slug)
    matches = matching.needs_for_registration(registration)
    context = {"appeal": appeal, "matches": matches, "registration": registration}
    return render(request, "search/volunteer_result.html", context)
