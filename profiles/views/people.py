"""Other people: their profiles, as far as one may see them, and blocks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import NotFound, is_signed_in, require_login
from network.http import MemberRequest, Request, require_post
from network.models import User
from profiles import access, onlookers, queries
from profiles.actions import blocks
from profiles.actions import profile as profile_actions
from profiles.actions.profile import OverBudget


@require_safe
def profile_detail(request: Request, user_id: UUID) -> HttpResponse:
    """Anonymous people get the same way to the log-in for hidden and for missing."""
    viewer = request.user
    try:
        shown = access.profile_for_viewer(viewer, user_id)
    except NotFound:
        if not is_signed_in(viewer):
            return redirect_to_login(request.get_full_path())
        raise
    context: dict[str, object] = {"shown": shown, "is_own": False}
    if is_signed_in(viewer) and access.is_active_member(viewer):
        context["is_own"] = viewer.pk == user_id
        if viewer.pk != user_id:
            profile = access.find_profile(user_id)
            try:
                profile_actions.record_view(profile=profile, by=viewer)
            except OverBudget:
                return over_budget(request, viewer)
            context["relation"] = queries.relation_to(viewer, user_id)
            context["mutual"] = access.mutual_connections(viewer, profile)
            context["verdict"] = access.can_request(viewer, profile)
    return render(request, "profiles/profile_detail.html", context)


@require_safe
@require_login
def seen_by(request: MemberRequest) -> HttpResponse:
    access.member_profile(request.user)
    days = onlookers.days_with_looks(request.user)
    page = Paginator(days, onlookers.DAYS).get_page(request.GET.get("page"))
    context = {"page": page, "looks": onlookers.looks_on(request.user, page)}
    return render(request, "profiles/seen_by.html", context)


def over_budget(request: Request, viewer: User) -> HttpResponse:
    profile_actions.note_budget_reached(by=viewer)
    return render(request, "profiles/over_budget.html", status=429)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def block(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """A GET asks; the button blocks, also from a conversation."""
    person = access.blockable(request.user, user_id)
    if request.method != "POST":
        return render(request, "profiles/block.html", {"person_id": person.pk})
    blocks.block_person(by=request.user, person=person)
    messages.success(
        request, _("Blocked. Neither of you sees or reaches the other any more.")
    )
    return redirect("profiles:connections")


@require_post
@require_login
def unblock(request: MemberRequest, user_id: UUID) -> HttpResponse:
    found = access.block_by(request.user, user_id)
    blocks.unblock_person(block=found, by=request.user)
    messages.success(request, _("Unblocked. Nothing that ended was taken up again."))
    return redirect("profiles:connections")
