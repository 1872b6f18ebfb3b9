"""A new member chooses who accompanies them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.access import Refused, require_login
from network.http import MemberRequest, posted
from profiles import access, buddies, contacts
from profiles.actions import connections
from profiles.forms.buddies import BuddyForm


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def buddy(request: MemberRequest) -> HttpResponse:
    newcomer = access.newcomer_profile(request.user)
    offered = buddies.members_to_ask(newcomer)
    form = BuddyForm(posted(request), offered=offered)
    if form.is_valid():
        try:
            connections.request_connection(
                by=request.user,
                recipient=form.chosen(),
                note=form.cleaned_data["note"],
                is_buddy=True,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("You have asked. We tell you if it is a yes."))
            return redirect("profiles:buddy")
    context = {"form": form, "row": contacts.buddy_row(request.user)}
    status = 422 if form.errors else 200
    return render(request, "profiles/buddy.html", context, status=status)
