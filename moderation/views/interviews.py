"""A vetter's sheet of the conversation with an applicant."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moderation import access, criteria, wording
from moderation.actions import interviews, vetting
from moderation.forms.vetting import InterviewForm, as_handed_in
from network.access import Refused, require_login
from network.http import MemberRequest, posted
from profiles.models import Application, Kind


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def interview(request: MemberRequest, application_id: UUID) -> HttpResponse:
    application = access.application_for_vetter(request.user, application_id)
    if not application.is_waiting:
        messages.info(request, _("This application is decided."))
        return redirect("moderation:application", application_id)
    form = form_of(request, application)
    if form.is_valid():
        return hand_in(request, application, form)
    if not form.is_bound:
        vetting.open_dossier(
            application=application, by=request.user, reason=wording.CONVERSATION
        )
    context = {
        "application": application,
        "form": form,
        "is_survivor": application.answers.get("kind") == Kind.SURVIVOR,
    }
    status = 422 if form.is_bound else 200
    return render(request, "moderation/interview.html", context, status=status)


def form_of(request: MemberRequest, application: Application) -> InterviewForm:
    asked = criteria.criteria_for(application)
    sheet = interviews.own_interview(application, request.user)
    begun_at = application.submitted_at or application.created_at
    return InterviewForm(
        posted(request),
        criteria=asked,
        not_before=timezone.localdate(begun_at),
        initial=as_handed_in(sheet, asked),
    )


def hand_in(
    request: MemberRequest, application: Application, form: InterviewForm
) -> HttpResponse:
    try:
        interviews.hand_in_interview(
            application=application,
            by=request.user,
            held_on=form.cleaned_data["held_on"],
            scores=form.scores,
            notes=form.cleaned_data["notes"],
        )
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your sheet is with the application."))
    return redirect("moderation:application", application.pk)
