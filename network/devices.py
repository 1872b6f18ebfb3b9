"""Where a person is signed in: each place in plain words, and ended one by one."""

from __future__ import annotations

from allauth.usersessions.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from ua_parser import parse

from network.access import own_session, require_login
from network.http import MemberRequest, require_post

LONGEST = 400  # of a browser's own description of itself


def device_name(user_agent: str) -> str:
    """ "Firefox, Android" out of what the browser sent; says so if it is unknown."""
    found = parse(user_agent[:LONGEST])
    families = [part.family for part in (found.user_agent, found.os) if part]
    return ", ".join(families) or _("A browser that we do not know")


@require_post
@require_login
def session_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Signs one of one's own devices out. One that is gone already looks missing."""
    session = own_session(request.user, pk)
    get_adapter().end_sessions([session])
    if not session.is_current():
        messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")
