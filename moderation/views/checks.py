"""Safeguarding checks: a member's own page, the vetters' queue, one of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, dossier, queries, wording
from moderation.actions import checks
from moderation.forms.checks import AskForm, CheckForm, EndForm
from moderation.models import CheckState, SafeguardingCheck
from moderation.views.opening import reason_to_open
from network import audit
from network.access import Refused, require_login
from network.http import MemberRequest, posted, require_post
from profiles.access import member_profile


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def own_check(request: MemberRequest) -> HttpResponse:
    """What counts today, what was asked for, and the form."""
    profile = member_profile(request.user)
    form = AskForm(posted(request))
    if form.is_valid():
        try:
            checks.ask_for_check(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Sent. Two people of the team look at it."))
            return redirect("moderation:own_check")
    latest = access.own_checks(request.user).first()
    context = {
        "profile": profile,
        "latest": latest,
        "told": queries.told_of_check(latest) if latest else [],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "moderation/own_check.html", context, status=status)


@require_post
@require_login
def own_check_end(request: MemberRequest) -> HttpResponse:
    """Takes back what waits; with `granted`, gives up what counts."""
    member_profile(request.user)
    if "granted" in request.POST:
        for row in access.own_checks(request.user).standing():
            checks.end_check(check=row, by=request.user)
        messages.success(request, _("Given up. It no longer counts."))
    else:
        checks.withdraw_check(by=request.user)
        messages.success(request, _("Taken back."))
    return redirect("moderation:own_check")


@require_safe
@require_login
def check_queue(request: MemberRequest) -> HttpResponse:
    is_past = request.GET.get("show") == "decided"
    rows = queries.checks_over if is_past else queries.checks_waiting
    pages = Paginator(rows(request.user), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past}
    context["rows"] = [(row, queries.name_of(row.person)) for row in page.object_list]
    return render(request, "moderation/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def check_detail(request: MemberRequest, check_id: UUID) -> HttpResponse:
    row = access.check_for_vetter(request.user, check_id)
    waits = row.state == CheckState.WAITING
    why = reason_to_open(request, waits=waits, back="moderation:checks")
    if isinstance(why, HttpResponse):
        return why
    return page_of(request, row, CheckForm(), why=why)


@require_post
@require_login
def check_decide(request: MemberRequest, check_id: UUID) -> HttpResponse:
    row = access.check_for_vetter(request.user, check_id)
    form = CheckForm(request.POST)
    try:
        checks.check_waits(row)
        if not form.is_valid():
            return page_of(request, row, form, why=wording.WAITS, status=422)
        row = checks.say_on_check(check=row, by=request.user, word=form.word())
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:check", check_id)
    messages.success(request, outcome_of(row))
    return redirect("moderation:checks")


@require_post
@require_login
def check_write(request: MemberRequest, check_id: UUID) -> HttpResponse:
    """To the conversation with the member, which lasts as long as the check waits."""
    row = access.check_for_vetter(request.user, check_id)
    try:
        checks.open_thread(check=row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:check", check_id)
    return redirect("messaging:start", row.person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def check_end(request: MemberRequest, check_id: UUID) -> HttpResponse:
    """What was granted ends by one vetter's word, at once."""
    row = access.check_for_vetter(request.user, check_id)
    if row.state != CheckState.GRANTED:
        return redirect("moderation:checks")
    form = EndForm(posted(request))
    if form.is_valid():
        checks.end_check(check=row, by=request.user, told=form.cleaned_data["told"])
        messages.success(request, _("Ended. It no longer counts."))
        return redirect("moderation:checks")
    context = {"form": form, "check": row, "name": queries.name_of(row.person)}
    status = 422 if form.errors else 200
    return render(request, "moderation/check_end.html", context, status=status)


def outcome_of(row: SafeguardingCheck) -> str:
    if row.state == CheckState.GRANTED:
        return _("Granted, said by two people. The member is told.")
    if row.state == CheckState.REFUSED:
        return _("Not granted, said by two people. The member is told.")
    return _("Your word is kept. A second person has to say so too.")


def page_of(
    request: MemberRequest,
    row: SafeguardingCheck,
    form: CheckForm,
    *,
    why: str,
    status: int = 200,
) -> HttpResponse:
    """Whatever shows the words is on record."""
    audit.record_view(by=request.user, subject=row, reason=why)
    context = {
        "check": row,
        "member": dossier.member_line(row.person),
        **dossier.said_of(row.voices.all(), dossier.check_voice, request.user),
        "history": queries.history(row),
        "form": form,
    }
    return render(request, "moderation/check.html", context, status=status)
