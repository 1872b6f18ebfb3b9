"""Who can speak for an applicant: the applicant's list, and the referee's own page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import mailed_links
from network.access import Refused, require_login
from network.http import MemberRequest, Request, posted, require_post
from profiles import access
from profiles.actions import vouching
from profiles.forms.vouching import NameRefereeForm, SpeakForm


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def referees(request: MemberRequest) -> HttpResponse:
    """Whom an applicant has named, and a form for another one."""
    application = access.application_to_support(request.user)
    form = NameRefereeForm(posted(request))
    if form.is_valid():
        try:
            vouching.name_referee(
                application=application, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The letter is on its way."))
            return redirect("profiles:referees")
    named = list(application.referees.all())
    context = {"form": form, "named": named, "has_room": len(named) < vouching.MOST}
    status = 422 if form.errors else 200
    return render(request, "profiles/referees.html", context, status=status)


@require_post
@require_login
def referee_remove(request: MemberRequest, referee_id: UUID) -> HttpResponse:
    referee = access.named_referee(request.user, referee_id)
    vouching.take_referee_back(referee=referee, by=request.user)
    messages.success(request, _("Taken back. Their link opens nothing any more."))
    return redirect("profiles:referees")


@require_safe
def referee_open(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.REFEREE, token)
    return redirect("profiles:referee")


@require_http_methods(["GET", "HEAD", "POST"])
def referee(request: Request) -> HttpResponse:
    """Behind the link: a GET says who asks for what; the buttons answer, once."""
    row = access.referee_for(request)
    if request.method == "POST" and "decline" in request.POST:
        vouching.answer_as_referee(referee=row, answers={})
        return redirect("profiles:referee")
    form = SpeakForm(posted(request))
    if form.is_valid():
        vouching.answer_as_referee(referee=row, answers=form.answers())
        return redirect("profiles:referee")
    context = {"form": form, "referee": row, "is_open": row.application.is_waiting}
    status = 422 if form.errors else 200
    return render(request, "profiles/referee.html", context, status=status)
