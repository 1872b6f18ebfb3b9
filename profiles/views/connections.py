"""Asking for contact, answering, and the list of both."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, posted, require_post
from profiles import access, contacts, introduced
from profiles.actions import connections as actions
from profiles.forms.people import NoteForm
from profiles.models import Connection

Answer = Callable[..., Connection]
ANSWERS: dict[str, tuple[Answer, str | Promise]] = {
    "accept": (
        actions.accept_connection,
        _("You are connected and can write to each other."),
    ),
    "decline": (actions.decline_connection, _("Declined. The other is not told.")),
    "withdraw": (actions.withdraw_request, _("Taken back.")),
    "end": (actions.disconnect, _("The connection has ended.")),
}


@require_safe
@require_login
def connection_list(request: MemberRequest) -> HttpResponse:
    access.member_profile(request.user)
    context = {
        "contacts": contacts.contacts_of(request.user),
        "asked": introduced.asked_of(request.user),
        "proposed": introduced.proposed_by(request.user),
        "may_introduce": access.is_settled(request.user),
        "blocks": contacts.blocks_by(request.user),
    }
    return render(request, "profiles/connections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def connection_request(request: MemberRequest, user_id: UUID) -> HttpResponse:
    access.member_profile(request.user)
    recipient = access.visible_member(request.user, user_id)
    form = NoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_connection(
                by=request.user, recipient=recipient, note=form.cleaned_data["note"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("profiles:profile_detail", user_id)
    context = {
        "form": form,
        "shown": access.profile_for_viewer(request.user, user_id),
        "verdict": access.can_request(request.user, recipient),
    }
    status = 422 if form.errors else 200
    return render(request, "profiles/connect.html", context, status=status)


@require_post
@require_login
def connection_answer(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """`answer` is accept, decline, withdraw or end."""
    connection = access.connection_for(request.user, connection_id)
    if request.POST.get("answer") not in ANSWERS:
        raise NotFound
    act, sentence = ANSWERS[request.POST["answer"]]
    try:
        act(connection=connection, by=request.user)
    except Refused as refusal:  # it is another one by now
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, str(sentence))
    return redirect("profiles:connections")
