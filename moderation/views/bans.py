"""Addresses that were turned away: the list, and how one comes onto it and off it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, queries
from moderation.actions import bans
from moderation.forms.vetting import BanForm, LiftForm
from network.access import Role, has_role, require_login
from network.http import MemberRequest, posted
from profiles.queries import standing_ban


@require_safe
@require_login
def ban_list(request: MemberRequest) -> HttpResponse:
    rows = access.bans_for(request.user).order_by("-created_at", "pk")
    page = Paginator(rows, queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "bans": [queries.ban_line(row) for row in page.object_list],
        "can_lift": has_role(request.user, Role.ADMIN),
    }
    return render(request, "moderation/bans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def ban_add(request: MemberRequest, application_id: UUID) -> HttpResponse:
    application = access.declined_application(request.user, application_id)
    form = BanForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        bans.add_ban(application=application, by=request.user, reason=reason)
        messages.success(request, _("This address is turned away."))
        return redirect("moderation:bans")
    context = {
        "application": application,
        "form": form,
        "ban": standing_ban(application.applicant),
    }
    status = 422 if form.is_bound else 200
    return render(request, "moderation/ban.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def ban_lift(request: MemberRequest, ban_id: UUID) -> HttpResponse:
    ban = access.ban_to_lift(request.user, ban_id)
    form = LiftForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        bans.lift_ban(ban=ban, by=request.user, reason=reason)
        messages.success(
            request, _("It is lifted. From this address one can be admitted again.")
        )
        return redirect("moderation:bans")
    context = {"ban": queries.ban_line(ban), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "moderation/ban_lift.html", context, status=status)
