"""Applying: four screens kept on the server, a second factor, and a status page."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import NotFound, Refused, is_signed_in, require_login
from network.http import MemberRequest, Request, posted, require_post
from network.models import User
from profiles import access, queries
from profiles.actions import invitations, joining
from profiles.forms.joining import LAST, SCREENS, AppealForm, ConsentForm
from profiles.models import Application, ApplicationState


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponse:
    """`?step=1` to `4`; without a step, what has been done and what is next."""
    if not is_signed_in(request.user):
        return render(request, "profiles/join_begin.html")
    person = request.user
    if not access.may_apply(person):
        return redirect("profiles:me")
    application = access.open_application(person)
    if application is not None and application.state != ApplicationState.DRAFT:
        return redirect("profiles:application_status")
    step = step_of(request)
    if step is None:
        context = {"steps": steps_of(person, application)}
        return render(request, "profiles/join_steps.html", context)
    if step == LAST:
        return last_screen(request, person, application)
    return screen(request, person, application, step)


def step_of(request: Request) -> int | None:
    step = request.GET.get("step", "")
    return int(step) if step in {str(number) for number in (*SCREENS, LAST)} else None


def screen(
    request: Request, person: User, application: Application | None, step: int
) -> HttpResponse:
    initial = joining.as_left(application) if application is not None else {}
    form = SCREENS[step](posted(request), person=person, initial=initial)
    has_paused = "later" in request.POST
    if form.is_valid() or (form.is_bound and has_paused):
        answers, unfinished = form.answers(), form.unfinished()
        if answers or unfinished:
            row = joining.save_draft(
                by=person, answers=answers, unfinished=unfinished, fields=form.fields
            )
            take_invitation_up(request, row)
        if has_paused:
            return redirect("profiles:apply")
        return redirect(f"{reverse('profiles:apply')}?step={step + 1}")
    return show_screen(request, form, step)


def take_invitation_up(request: Request, row: Application) -> None:
    with suppress(NotFound):
        invitation = access.invitation_for(request)
        invitations.take_up(invitation=invitation, application=row, by=row.applicant)


def last_screen(
    request: Request, person: User, application: Application | None
) -> HttpResponse:
    """Consent, and off it goes. First everything before it must be done."""
    ready = application is not None and not joining.missing_answers(application)
    if application is None or not ready or not access.has_second_factor(person):
        return redirect("profiles:apply")
    form = ConsentForm(posted(request))
    if form.is_bound and form.is_minor:
        joining.discard_draft(by=person)
        return redirect("profiles:under_age")
    if not form.is_valid():
        return show_screen(request, form, LAST)
    try:
        joining.submit_application(
            application=application, by=person, language=get_language() or "en"
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return show_screen(request, form, LAST)
    return redirect("profiles:application_status")


def show_screen(request: Request, form: forms.Form, step: int) -> HttpResponse:
    context = {
        "form": form,
        "step": step,
        "steps": LAST,
        "heading": headings()[step],
        "before": step - 1,
    }
    return render(
        request,
        f"profiles/join_{'consent' if step == LAST else 'screen'}.html",
        context,
        status=422 if form.errors else 200,
    )


def headings() -> dict[int, str]:
    return {
        1: _("How do you come to us?"),
        2: _("Who are you here?"),
        3: _("Where are you on your way?"),
        4: _("What you agree to"),
    }


def steps_of(person: User, application: Application | None) -> list[dict[str, Any]]:
    """For `<c-track>`: done, the one that is next, and what comes later."""
    is_written = application is not None and not joining.missing_answers(application)
    has_factor = access.has_second_factor(person)
    done = [True, is_written, has_factor, False]
    now = done.index(False)
    texts = [
        (_("Account made and e-mail confirmed"), ""),
        (_("Three short screens about you"), _("Saved as you go. Stop at any time.")),
        (_("A second factor"), _("An app or key that only you have.")),
        (_("Consent, and hand it in"), ""),
    ]
    return [
        {
            "label": label,
            "detail": detail,
            "state": "done" if done[place] else "now" if place == now else "",
            "key": ("account", "answers", "factor", "consent")[place],
        }
        for place, (label, detail) in enumerate(texts)
    ]


@require_safe
def under_age(request: Request) -> HttpResponse:
    return render(request, "profiles/under_age.html")


@require_safe
@require_login
def application_status(request: MemberRequest) -> HttpResponse:
    application = access.application_for_applicant(request.user)
    if application is None or application.state == ApplicationState.DRAFT:
        return redirect("profiles:apply")
    return show_status(request, application, AppealForm())


def show_status(
    request: MemberRequest, application: Application, form: AppealForm
) -> HttpResponse:
    context = {"application": application, "form": form, **status_of(application)}
    template = "profiles/application_status.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_post
@require_login
def application_appeal(request: MemberRequest) -> HttpResponse:
    """Asks for a third person's look at an application that was declined."""
    application = access.application_to_appeal(request.user)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return show_status(request, application, form)
    words = form.cleaned_data["words"]
    try:
        joining.appeal_decision(application=application, by=request.user, words=words)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return show_status(request, application, form)
    return redirect("profiles:application_status")


def status_of(application: Application) -> dict[str, Any]:
    sent = application.waits_since
    is_open = application.is_waiting
    answered, asked = queries.answered_of_asked(application)
    return {
        "is_open": is_open,
        "is_asked": is_open and answered < asked,
        "has_answered": is_open and answered == asked > 0,
        "answer_by": timezone.localtime(sent + joining.PROMISED).date(),
        "days": joining.PROMISED.days,
        "track": track_of(application),
        "contact": contact_of(application),
        "told": queries.told_to_applicant(application),
        "appeal_until": application.may_appeal_until,
        "referees": application.referees.count() if is_open else 0,
        "numbered": queries.numbered_name(application),
    }


def track_of(application: Application) -> list[dict[str, str]]:
    is_open = application.is_waiting
    if application.appealed_at is not None:
        return [
            {"label": _("Two people said no"), "state": "done", "detail": ""},
            {
                "label": _("A third person reads it again"),
                "state": "now" if is_open else "done",
                "detail": "",
            },
            {
                "label": _("If they say yes, a fourth decides with them"),
                "state": "" if is_open else "done",
                "detail": "",
            },
        ]
    first = application.state == ApplicationState.IN_REVIEW
    return [
        {"label": _("Application sent"), "state": "done", "detail": ""},
        {
            "label": _("A first person reads it"),
            "state": "now" if is_open and not first else "done",
            "detail": "",
        },
        {
            "label": _("A second person reads it and they decide"),
            "state": "now" if first else "" if is_open else "done",
            "detail": "",
        },
    ]


def contact_of(application: Application) -> str:
    """The name of a vetter who shows one, else what they are here."""
    contact = application.contact_person
    profile = access.own_profile(contact) if contact is not None else None
    return profile.pseudonym if profile is not None else ""


@require_post
@require_login
def application_withdraw(request: MemberRequest) -> HttpResponse:
    application = access.open_application(request.user)
    if application is None:  # pressed twice
        if access.application_for_applicant(request.user) is None:
            raise NotFound
        return redirect("profiles:application_status")
    if application.state == ApplicationState.DRAFT:
        joining.discard_draft(by=request.user)
        return redirect("profiles:me")
    joining.withdraw_application(application=application, by=request.user)
    return redirect("profiles:application_status")
