"""Inviting somebody to apply: the member's list, and the page behind the link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import mailed_links
from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, Request, posted, require_post
from profiles import access, queries
from profiles.actions import invitations as actions
from profiles.actions.joining import PROMISED
from profiles.forms.vouching import InviteForm


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def invitations(request: MemberRequest) -> HttpResponse:
    if not access.may_invite(request.user):
        raise NotFound
    form = InviteForm(posted(request))
    if form.is_valid():
        try:
            actions.invite_person(by=request.user, email=form.cleaned_data["email"])
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("profiles:invitations")
    context = {"form": form, "sent": queries.invitations_by(request.user)}
    status = 422 if form.errors else 200
    return render(request, "profiles/invitations.html", context, status=status)


@require_post
@require_login
def invitation_withdraw(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    invitation = access.own_invitation(request.user, invitation_id)
    actions.withdraw_invitation(invitation=invitation, by=request.user)
    messages.success(request, _("Taken back. The link opens nothing any more."))
    return redirect("profiles:invitations")


@require_safe
def invitation_open(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.INVITATION, token)
    access.invitation_for(request)  # or it is taken up
    return redirect("profiles:invitation")


@require_safe
def invitation(request: Request) -> HttpResponse:
    """What one is invited to. The first answer of an application takes it up."""
    access.invitation_for(request)
    return render(request, "profiles/invitation.html", {"days": PROMISED.days})
