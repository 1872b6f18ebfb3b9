"""Applications: the queue, the dossier, two people's decision, the access log."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, dossier, queries, sheets
from moderation.actions import vetting
from moderation.forms.desk import ApplicationVerdictForm
from moderation.forms.vetting import NoteForm
from moderation.views.opening import reason_to_open
from network.access import NotFound, Refused, Role, has_role, require_login
from network.http import MemberRequest, require_post
from profiles.actions.joining import READ_WITHIN
from profiles.models import Application, ApplicationState, Decision
from profiles.queries import standing_ban


@require_safe
@require_login
def vetting_queue(request: MemberRequest) -> HttpResponse:
    """Vetters see what they may read, data protection and admin that it exists."""
    is_past = request.GET.get("show") == "decided"
    is_vetter = has_role(request.user, Role.VETTER)
    if not is_vetter:
        rows = queries.counted(access.application_states(request.user))
    elif is_past:
        rows = queries.applications_decided(request.user)
    else:
        rows = queries.applications_waiting(request.user)
    page = Paginator(rows, queries.PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_vetter": is_vetter, "is_past": is_past}
    context["rows"] = [
        (row, queries.name_of(row.contact_person)) for row in page.object_list
    ]
    return render(request, "moderation/vetting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def application_detail(request: MemberRequest, application_id: UUID) -> HttpResponse:
    try:
        application = access.application_for_vetter(request.user, application_id)
    except NotFound:
        return offer(request, access.application_to_take(request.user, application_id))
    waits = application.is_waiting
    why = reason_to_open(request, waits=waits, back="moderation:vetting")
    if isinstance(why, HttpResponse):
        return why
    vetting.open_dossier(application=application, by=request.user, reason=why)
    return page_of(request, application, ApplicationVerdictForm())


def offer(request: MemberRequest, application: Application) -> HttpResponse:
    """What is known of it before somebody reads it: that it waits."""
    context = {
        "application": application,
        "contact": queries.name_of(application.contact_person),
        "days": READ_WITHIN.days,
    }
    return render(request, "moderation/take.html", context)


@require_post
@require_login
def application_take(request: MemberRequest, application_id: UUID) -> HttpResponse:
    application = access.application_to_take(request.user, application_id)
    vetting.take_application(application=application, by=request.user)
    return redirect("moderation:application", application_id)


@require_post
@require_login
def application_decide(request: MemberRequest, application_id: UUID) -> HttpResponse:
    application = access.application_for_vetter(request.user, application_id)
    form = ApplicationVerdictForm(request.POST)
    if not form.is_valid():
        return page_of(request, application, form, status=422)
    answer = Decision.Answer(form.cleaned_data["answer"])
    words = form.cleaned_data["reason"]
    by = request.user
    try:
        if answer == Decision.Answer.ASK:
            vetting.ask_applicant(application=application, by=by, question=words)
        else:
            application = vetting.decide_application(
                application=application,
                by=by,
                answer=answer,
                reason=words,
                told=form.cleaned_data["told"],
            )
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:application", application_id)
    messages.success(request, outcome_of(application, answer))
    return redirect("moderation:vetting")


@require_safe
@require_login
def application_log(request: MemberRequest, application_id: UUID) -> HttpResponse:
    """Who saw what of a dossier, without the dossier."""
    application = access.application_for_log(request.user, application_id)
    context = {"application": application, "history": queries.history(application)}
    return render(request, "moderation/log.html", context)


def outcome_of(application: Application, answer: Decision.Answer) -> str:
    if answer == Decision.Answer.ASK:
        return _("Your question is with the applicant.")
    if application.state in access.DECIDED:
        return _("Decided by two people. The applicant is told.")
    return vetting.kept(application)


def page_of(
    request: MemberRequest,
    application: Application,
    form: ApplicationVerdictForm,
    *,
    note_form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    ban = standing_ban(application.applicant)
    said = list(application.decisions.select_related("vetter__profile"))
    own = vetting.own_decision(application, request.user)
    context = {
        "application": application,
        "contact": queries.name_of(application.contact_person),
        "answers": dossier.answers(application),
        "inviter": dossier.inviter(application),
        "speakers": list(dossier.speakers(application)),
        "voices": list(dossier.voices(said)),
        "questions": list(dossier.questions(application, said)),
        "interviews": sheets.sheets_for(application, request.user),
        "ban": queries.ban_line(ban) if ban is not None else None,
        "can_ban": ban is None and application.state == ApplicationState.DECLINED,
        "notes": list(dossier.notes(application, request.user)),
        "note_form": note_form or NoteForm(),
        "history": queries.history(application),
        "own": vetting.already_said(own) if own is not None else "",
        "is_open": application.is_waiting,
        "is_disputed": application.is_waiting and vetting.is_disputed(application),
        "is_appeal": application.is_waiting and vetting.is_appeal(application),
        "form": form,
    }
    return render(request, "moderation/application.html", context, status=status)
