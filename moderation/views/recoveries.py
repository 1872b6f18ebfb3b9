"""Lost access at the desk: the queue, one request, two people's decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, dossier, queries, wording
from moderation.actions import recovery_desk, vetting
from moderation.actions.vetting import Answer
from moderation.forms.recovery import RecoveryVerdictForm
from moderation.models import AccessRecovery, RecoveryState
from moderation.views.opening import reason_to_open
from network.access import Refused, require_login
from network.http import MemberRequest, require_post


@require_safe
@require_login
def recovery_queue(request: MemberRequest) -> HttpResponse:
    is_past = request.GET.get("show") == "decided"
    rows = queries.recoveries_over if is_past else queries.recoveries_waiting
    pages = Paginator(rows(request.user), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past}
    return render(request, "moderation/recoveries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def recovery_detail(request: MemberRequest, recovery_id: UUID) -> HttpResponse:
    row = access.recovery_for_vetter(request.user, recovery_id)
    why = reason_to_open(request, waits=row.is_open, back="moderation:recoveries")
    if isinstance(why, HttpResponse):
        return why
    return page_of(request, row, RecoveryVerdictForm(), why=why)


@require_post
@require_login
def recovery_decide(request: MemberRequest, recovery_id: UUID) -> HttpResponse:
    row = access.recovery_for_vetter(request.user, recovery_id)
    form = RecoveryVerdictForm(request.POST)
    try:
        recovery_desk.check_waits(row)
        if not form.is_valid():
            return page_of(request, row, form, why=wording.WAITS, status=422)
        answer = Answer(form.cleaned_data["answer"])
        row = say(row, request, answer, form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:recovery", recovery_id)
    messages.success(request, outcome_of(row, answer))
    return redirect("moderation:recoveries")


@require_post
@require_login
def recovery_halt(request: MemberRequest, recovery_id: UUID) -> HttpResponse:
    row = access.recovery_for_vetter(request.user, recovery_id)
    try:
        recovery_desk.halt_recovery(recovery=row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:recovery", recovery_id)
    messages.success(request, _("Stopped. The account stays as it is."))
    return redirect("moderation:recoveries")


def say(
    row: AccessRecovery, request: MemberRequest, answer: Answer, words: str
) -> AccessRecovery:
    by = request.user
    if answer == Answer.ASK:
        recovery_desk.ask_person(recovery=row, by=by, question=words)
        return row
    return recovery_desk.decide_recovery(
        recovery=row, by=by, answer=answer, reason=words
    )


def outcome_of(row: AccessRecovery, answer: Answer) -> str:
    if answer == Answer.ASK:
        return _("Your question is on its way.")
    if row.state == RecoveryState.AGREED:
        return _("Agreed by two people. The wait of 72 hours has begun.")
    if row.state == RecoveryState.REFUSED:
        return _("Declined by two people. The person is told.")
    return vetting.kept(row)


def page_of(
    request: MemberRequest,
    row: AccessRecovery,
    form: RecoveryVerdictForm,
    *,
    why: str,
    status: int = 200,
) -> HttpResponse:
    """Whatever shows the words is on record."""
    recovery_desk.open_recovery_file(recovery=row, by=request.user, reason=why)
    said = list(row.decisions.select_related("vetter__profile"))
    own = recovery_desk.own_word(row, request.user)
    context = {
        "recovery": row,
        "about": dossier.person_asking(row),
        "voices": list(dossier.voices(said)),
        "questions": list(dossier.recovery_questions(said)),
        "is_disputed": row.state == RecoveryState.WAITING and vetting.is_disputed(row),
        "can_halt": row.state == RecoveryState.AGREED,
        "history": queries.history(row),
        "own": vetting.already_said(own) if own is not None else "",
        "others": access.others_asking(row).under_way(),
        "is_waiting": row.state == RecoveryState.WAITING,
        "form": form,
    }
    return render(request, "moderation/recovery.html", context, status=status)
