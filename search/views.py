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
from search import access, directory, lists, loosening, matching, queries, unranked
from search import peers as peer_lists
from search.budget import record_cards
from search.forms import DirectoryForm
from search.lists import TextList
from search.nearest import ways_out


@require_safe
def stories(request: Request) -> HttpResponse:
    return _list(request, lists.STORIES)


@require_safe
def library(request: Request) -> HttpResponse:
    return _list(request, lists.LIBRARY)


@require_safe
def practices(request: Request) -> HttpResponse:
    return _list(request, lists.PRACTICES)


@require_safe
def site(request: Request) -> HttpResponse:
    if not request.GET:
        return render(request, "search/site.html")
    return _list(request, lists.SITE)


def _list(request: Request, texts: TextList) -> HttpResponse:
    facets = texts.facets if texts.kinds else ()  # the site's are no facets of texts
    asked = queries.request_for(
        request.user, request.GET, kinds=texts.kinds, facets=facets
    )
    results = queries.results(asked, texts.facets, seen_in=request)
    context: dict[str, object] = {"results": results}
    if not results.found:
        context["ways_out"] = ways_out(asked, texts, results, seen_in=request)
    return render(request, f"search/{texts.name}.html", context)


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
