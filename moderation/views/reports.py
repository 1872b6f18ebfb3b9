"""One report: read it, say that one is on it, decide."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moderation import access, breaks, queries, wording
from moderation.actions import decisions
from moderation.actions.decisions import Outcome
from moderation.forms.desk import DecisionForm, StepForm
from moderation.models import Report
from moderation.views.opening import reason_to_open
from network.access import Refused, require_login
from network.http import MemberRequest, require_post


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def report_detail(request: MemberRequest, report_id: UUID) -> HttpResponse:
    report = access.report_for_moderator(request.user, report_id)
    why = reason_to_open(
        request,
        waits=report.is_waiting,
        back="moderation:reports",
        reason=f"{wording.IN_QUEUE}{report.reason}",
    )
    if isinstance(why, HttpResponse):
        return why
    decisions.open_report(report=report, by=request.user, reason=why)
    return page(request, report)


@require_post
@require_login
def report_take(request: MemberRequest, report_id: UUID) -> HttpResponse:
    report = access.report_for_moderator(request.user, report_id)
    if not decisions.take_report(report=report, by=request.user):
        messages.info(request, _("Somebody is on it already."))
    return redirect("moderation:report_detail", report_id)


@require_post
@require_login
def report_step(request: MemberRequest, report_id: UUID) -> HttpResponse:
    report = access.report_for_moderator(request.user, report_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return page(request, report, step_form=form, status=422)
    words = form.cleaned_data["step"]
    decisions.note_step(report=report, by=request.user, words=words)
    return redirect("moderation:report_detail", report_id)


@require_post
@require_login
def report_decide(request: MemberRequest, report_id: UUID) -> HttpResponse:
    report = access.report_for_moderator(request.user, report_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page(request, report, form=form, status=422)
    outcome = Outcome(form.cleaned_data["outcome"])
    words = form.cleaned_data["words"]
    try:
        decisions.decide_report(
            report=report, by=request.user, outcome=outcome, words=words
        )
    except decisions.DecidedAlready as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:report_detail", report_id)
    except Refused as refusal:
        form.add_error("words", str(refusal.message))
        return page(request, report, form=form, status=422)
    messages.success(request, _("Decided. Who reported it is told that it was read."))
    return on_to_next(request)


def on_to_next(request: MemberRequest) -> HttpResponse:
    is_tired = breaks.is_due(request, decided=True)
    following = queries.next_waiting(request.user)
    if following is None or is_tired:
        return redirect("moderation:reports")
    return redirect("moderation:report_detail", following)


def page(
    request: MemberRequest,
    report: Report,
    *,
    form: DecisionForm | None = None,
    step_form: StepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    thing = access.reported_thing(report) if report.is_waiting else None
    before, after = queries.neighbours(request.user, report)
    context = {
        "report": report,
        "kind": queries.kind_title(report.kind),
        "can_hide": thing is not None and thing.part.hide is not None,
        "can_suspend": hasattr(report.about, "profile"),
        "taken_by": queries.name_of(report.taken_by),
        "is_mine": report.taken_by_id == request.user.pk,
        "history": queries.history(report),
        "form": form or DecisionForm(),
        "step_form": step_form or StepForm(),
        "before": before,
        "after": after,
        "is_break_due": breaks.is_due(request),
    }
    return render(request, "moderation/report_detail.html", context, status=status)
