"""For whoever lost their second factor: the form, and the page behind its link."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, dossier
from moderation.actions import letters, recovery
from moderation.forms.desk import ReplyForm
from moderation.forms.recovery import LostAccessForm, NewPasswordForm, WordsForm
from moderation.models import AccessRecovery, RecoveryState
from network import mailed_links
from network.access import NotFound, Refused
from network.http import Request, posted, require_post, slow_down

# of one sender, which a whole school may share: slower beyond, never refused
LIMIT, PER, LONGEST_DELAY = 5, timedelta(minutes=10), 3.0


@require_http_methods(["GET", "HEAD", "POST"])
def lost_access(request: Request) -> HttpResponse:
    """The answer is the same whether or not there is such an account."""
    form = LostAccessForm(posted(request))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "hours": letters.hours(letters.WAIT)}
        return render(request, "moderation/lost_access.html", context, status=status)
    slow_down(request, "lost access", limit=LIMIT, per=PER, longest=LONGEST_DELAY)
    recovery.begin_recovery(
        address=form.cleaned_data["address"],
        reach=form.cleaned_data["reach"],
        language=get_language() or "en",
    )
    return redirect("moderation:lost_access_sent")


@require_safe
def lost_access_sent(request: Request) -> HttpResponse:
    context = {"days": letters.LINK_KEPT.days}
    return render(request, "moderation/lost_access_sent.html", context)


@require_safe
def lost_access_open(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.LOST_ACCESS, token)
    return redirect("moderation:lost_access_yours")


@require_http_methods(["GET", "HEAD", "POST"])
def lost_access_yours(request: Request) -> HttpResponse:
    """What comes next, by state: words, questions, the wait, a new password."""
    row = access.recovery_by_link(request)
    if "question" in request.POST:
        return reply(request, row)
    is_begun = row.state == RecoveryState.BEGUN
    form = WordsForm(posted(request) if is_begun else None)
    if form.is_valid():
        recovery.send_words(recovery=row, words=form.cleaned_data["words"])
        messages.success(request, _("Thank you. Two vetters read it."))
        return redirect("moderation:lost_access_yours")
    return page_of(request, row, form)


def reply(request: Request, row: AccessRecovery) -> HttpResponse:
    if row.state != RecoveryState.WAITING:
        raise NotFound
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return page_of(request, row, form)
    recovery.reply_to_vetter(
        recovery=row,
        question_id=request.POST["question"],
        words=form.cleaned_data["reply"],
    )
    messages.success(request, _("Thank you. The vetters have your answer."))
    return redirect("moderation:lost_access_yours")


@require_post
def lost_access_password(request: Request) -> HttpResponse:
    """Once, and not before its time."""
    row = access.recovery_by_link(request)
    if not row.is_ready:
        raise NotFound
    form = NewPasswordForm(request.POST, person=row.person)
    if not form.is_valid():
        return page_of(request, row, form)
    try:
        recovery.finish_recovery(recovery=row, password=form.cleaned_data["password"])
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return page_of(request, row, form)
    logout(request)  # whoever it was here: that session has ended, or should
    messages.success(
        request,
        _("Your new password holds. Sign in with it, and set a new second factor."),
    )
    return redirect("account_login")


def page_of(request: Request, row: AccessRecovery, form: forms.Form) -> HttpResponse:
    said = row.decisions.select_related("vetter__profile")
    if row.is_ready and not form.is_bound:
        form = NewPasswordForm(person=row.person)
    context = {
        "recovery": row,
        "form": form,
        "track": dossier.recovery_steps(row),
        "wanted": request.POST.get("question", ""),
        "questions": list(dossier.recovery_questions(said)),
        "is_waiting": row.state == RecoveryState.WAITING,
        "hours": letters.hours(letters.WAIT),
    }
    status = 422 if form.is_bound else 200
    return render(request, "moderation/lost_access_yours.html", context, status=status)
