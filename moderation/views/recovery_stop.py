"""Whoever has the account's addresses, or is signed in, can stop a new way in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access
from moderation.actions import recovery
from network import mailed_links
from network.access import require_login
from network.http import MemberRequest, Request, require_post


@require_safe
def recovery_stop_open(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.STOP_RECOVERY, token)
    return redirect("moderation:recovery_stop")


@require_http_methods(["GET", "HEAD", "POST"])
def recovery_stop(request: Request) -> HttpResponse:
    """A GET says what is under way; the button stops it."""
    row = access.recovery_to_stop(request)
    if request.method == "POST":
        recovery.stop_recovery(recovery=row, by=None)
        return redirect("moderation:recovery_stop")
    return render(request, "moderation/recovery_stop.html", {"recovery": row})


@require_post
@require_login
def own_recovery_stop(request: MemberRequest) -> HttpResponse:
    row = access.own_recovery(request.user)
    recovery.stop_recovery(recovery=row, by=request.user)
    messages.success(request, _("Stopped. Your account stays as it is."))
    return redirect("profiles:me")
