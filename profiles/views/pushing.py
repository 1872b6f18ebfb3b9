"""A browser that is told when something is new: its buttons."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from network import push
from network.access import Refused, require_login
from network.http import MemberRequest, require_post
from profiles import access
from profiles.actions import pushing as actions
from profiles.forms.pushing import PushForm
from profiles.views.mails import notifications_page


@require_post
@require_login
def push_add(request: MemberRequest) -> HttpResponse:
    session = access.browser_to_switch_on(request)
    form = PushForm(request.POST)
    if form.is_valid():
        endpoint = form.cleaned_data["endpoint"]
        try:
            row = actions.switch_on_push(
                by=request.user, session=session, endpoint=endpoint
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            request.session[push.MARK] = str(row.pk)
            messages.success(request, _("This device tells you from now on."))
            return redirect("profiles:notifications")
    return notifications_page(request, push_form=form)


@require_post
@require_login
def push_remove(request: MemberRequest, push_id: UUID) -> HttpResponse:
    subscription = access.own_push(request.user, push_id)
    actions.switch_off_push(subscription=subscription, by=request.user)
    messages.success(request, _("That device tells you nothing any more."))
    return redirect("profiles:notifications")
