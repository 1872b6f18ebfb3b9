"""Pages where somebody says yes or no: members, volunteers by mailed link, leads."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from network import mailed_links
from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, Request, posted, require_post
from network.models import User
from profiles.access import LINK_PURPOSE
from profiles.models import VolunteerRegistration
from projects import access, queries
from projects.actions import answers as actions
from projects.forms.needs import AnswerForm
from projects.models import Answer
from projects.views.needs import take_offer

PAGE = 25


@require_safe
@require_login
def my_answers(request: MemberRequest) -> HttpResponse:
    person = access.member(request.user)
    pages = Paginator(queries.answers_of_person(person), PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "projects/my_answers.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def answer(request: MemberRequest, answer_id: UUID) -> HttpResponse:
    found = access.answer_for_person(request.user, answer_id)
    return _answer_page(request, found, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_answer(request: Request, answer_id: UUID) -> HttpResponse:
    found = access.answer_for_registration(request, answer_id)
    assert found.registration is not None
    return _answer_page(request, found, by=found.registration)


def _answer_page(
    request: Request, found: Answer, *, by: User | VolunteerRegistration
) -> HttpResponse:
    form = AnswerForm(posted(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _replied(request, found, form, by)
        status = 422
    context = {
        "answer": found,
        "need": found.need,
        "form": form,
        "is_volunteer": isinstance(by, VolunteerRegistration),
        "skills": queries.skill_labels(list(queries.need_skills(found.need))),
        "spoken": queries.language_names(found.need.languages),
        # told only now: both have said yes
        "meeting_detail": access.meeting_detail(found),
    }
    return render(request, "projects/answer.html", context, status=status)


def _replied(
    request: Request,
    found: Answer,
    form: AnswerForm,
    by: User | VolunteerRegistration,
) -> HttpResponse:
    reply = form.cleaned_data["reply"]
    try:
        if reply == "yes":
            actions.accept(answer=found, by=by)
        elif reply == "no":
            actions.decline(answer=found, by=by, reason=form.cleaned_data["reason"])
        else:
            actions.withdraw(answer=found, by=by)
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    name = "answer" if isinstance(by, User) else "volunteer_answer"
    return redirect(f"projects:{name}", found.pk)


@require_safe
def volunteer_answers(request: Request) -> HttpResponse:
    registration = access.registration_of(request)
    pages = Paginator(queries.answers_of_registration(registration), PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "projects/volunteer_answers.html", {"page": page})


@require_safe
def volunteer_open(request: Request, answer_id: UUID, token: str) -> HttpResponse:
    """The link of an invitation's mail: into the session, and on without the token."""
    registration_id = mailed_links.open(request, LINK_PURPOSE, token)
    if not Answer.objects.filter(pk=answer_id, registration=registration_id).exists():
        raise mailed_links.LinkOver
    return redirect("projects:volunteer_answer", answer_id)


@require_post
def volunteer_apply(request: Request, need_id: UUID) -> HttpResponse:
    registration = access.registration_of(request)
    need = access.need_for_volunteer(need_id)
    then = "projects:volunteer_answer"
    return take_offer(request, need, by=registration, then=then)


@require_safe
@require_login
def answers(request: MemberRequest, need_id: UUID) -> HttpResponse:
    """What came to one need, for its lead."""
    need = access.need_for_lead(request.user, need_id)
    rows = queries.answers_for_lead(request.user, need)
    live = {"waiting": "applied", "asked": "invited", "agreed": "accepted"}
    groups = {
        name: [row for row in rows if row.answer.state == state]
        for name, state in live.items()
    }
    past = [row for row in rows if row.answer.state not in live.values()]
    context = {"need": need, "project": need.project, "past": past, **groups}
    return render(request, "projects/answers.html", context)


@require_post
@require_login
def answer_decide(request: MemberRequest, answer_id: UUID) -> HttpResponse:
    """A lead's word on an offer, an invitation or an agreement."""
    found = access.answer_for_lead(request.user, answer_id)
    decide = DECISIONS.get(request.POST.get("decision", ""))
    if decide is None:
        raise NotFound
    try:
        decide(answer=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("projects:answers", found.need_id)


DECISIONS: dict[str, Callable[..., object]] = {
    "accept": actions.accept,
    "decline": actions.decline,
    "withdraw": actions.withdraw,
    "conclude": actions.conclude,
}
