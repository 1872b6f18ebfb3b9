"""What applicants are asked: the list, a new wording, a second person's yes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, queries
from moderation.actions import questioning
from moderation.forms.questioning import JoiningQuestionForm
from network.access import Refused, require_login
from network.http import MemberRequest, posted, require_post
from profiles.models import JoiningQuestion


@require_safe
@require_login
def question_list(request: MemberRequest) -> HttpResponse:
    rows = access.joining_questions(request.user)
    lines = queries.question_lines(rows, request.user, get_language() or "en")
    context = {
        "live": [line for line in lines if line.is_live],
        "proposed": [line for line in lines if not line.is_live],
        "most": questioning.MOST,
    }
    return render(request, "moderation/joining_questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def question_new(request: MemberRequest) -> HttpResponse:
    access.joining_questions(request.user)
    return written(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def question_edit(request: MemberRequest, question_id: UUID) -> HttpResponse:
    """Another wording, that takes its place once somebody else agrees."""
    return written(request, access.joining_question(request.user, question_id))


def written(request: MemberRequest, question: JoiningQuestion | None) -> HttpResponse:
    form = JoiningQuestionForm(posted(request), question=question)
    if form.is_valid():
        questioning.propose_question(
            wording=form.wording(), by=request.user, replaces=question
        )
        messages.success(
            request, _("Proposed. It is asked once somebody else on the desk agrees.")
        )
        return redirect("moderation:joining_questions")
    context = {"form": form, "question": question}
    status = 422 if form.errors else 200
    return render(request, "moderation/joining_question.html", context, status=status)


@require_post
@require_login
def question_agree(request: MemberRequest, question_id: UUID) -> HttpResponse:
    question = access.proposed_question(request.user, question_id)
    try:
        questioning.agree_question(question=question, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("From now on it is asked."))
    return redirect("moderation:joining_questions")


@require_post
@require_login
def question_drop(request: MemberRequest, question_id: UUID) -> HttpResponse:
    question = access.joining_question(request.user, question_id)
    questioning.drop_question(question=question, by=request.user)
    messages.success(request, _("It is not asked any more. Answers given stay."))
    return redirect("moderation:joining_questions")
