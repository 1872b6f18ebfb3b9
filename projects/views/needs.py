"""Pages of needs: posting, reading, closing, asking somebody and offering help."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import NotFound, Refused, require_login
from network.edition import Overtaken
from network.http import MemberRequest, Request, posted, require_post
from network.models import User
from profiles.models import VolunteerRegistration
from projects import access, queries
from projects.actions import answers
from projects.actions import needs as actions
from projects.forms.needs import NeedForm, OfferHelpForm
from projects.models import Need, Project


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def need_create(request: MemberRequest, slug: str) -> HttpResponse:
    project = access.project_for_lead(request.user, slug)
    form = NeedForm(posted(request), initial=_first_values(project))
    if request.method == "POST" and form.is_valid():
        need = actions.post_need(
            project=project,
            content=form.content(project.causes),
            by=request.user,
            key=form.cleaned_data["key"],
        )
        return _after_saving(need)
    return _form_page(request, form, project)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def need_edit(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = access.need_for_lead(request.user, need_id)
    form = NeedForm(posted(request), initial=NeedForm.initial_from(need))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_need(
                need=need,
                content=form.content(need.causes),
                by=request.user,
                opened=form.cleaned_data["opened"],
            )
        except Overtaken as overtaken:
            form.come_back(overtaken)
            return _form_page(request, form, need.project, need)
        except Refused as refusal:
            form.add_error("safeguarding_tier", str(refusal.message))
            return _form_page(request, form, need.project, need)
        messages.success(request, _("Your changes are stored."))
        return _after_saving(need)
    return _form_page(request, form, need.project, need)


def _first_values(project: Project) -> dict[str, Any]:
    return {"languages": project.language, "town": project.town_id or ""}


def _after_saving(need: Need) -> HttpResponse:
    """To the people who fit; money, things and rooms have none."""
    if need.kind == Need.Kind.SKILL:
        return redirect("search:matches_for_need", need.pk)
    return redirect("projects:need_detail", need.pk)


def _form_page(
    request: MemberRequest, form: NeedForm, project: Project, need: Need | None = None
) -> HttpResponse:
    context = {"form": form, "project": project, "need": need}
    status = 422 if form.is_bound else 200
    return render(request, "projects/need_form.html", context, status=status)


@require_safe
def need_detail(request: Request, need_id: UUID) -> HttpResponse:
    return need_page(request, access.need_for_viewer(request.user, need_id))


def need_page(
    request: Request, need: Need, form: OfferHelpForm | None = None, status: int = 200
) -> HttpResponse:
    """What everybody may know of it: the town, never an address or an hour."""
    context = {
        "need": need,
        "project": need.project,
        "skills": queries.skill_labels(list(queries.need_skills(need))),
        "spoken": queries.language_names(need.languages),
        "causes": queries.cause_labels(need.causes),
        "is_lead": access.is_lead(request.user, need.project),
        "helper": access.helper_for(request, need),
        "form": form or OfferHelpForm(),
    }
    return render(request, "projects/need_detail.html", context, status=status)


@require_post
@require_login
def need_close(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = access.need_for_lead(request.user, need_id)
    actions.close_need(need=need, by=request.user)
    messages.success(request, _("The need is closed."))
    return redirect("projects:need_detail", need.pk)


@require_post
@require_login
def need_apply(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = access.open_need_for_member(request.user, need_id)
    return take_offer(request, need, by=request.user, then="projects:answer")


def take_offer(
    request: Request, need: Need, *, by: User | VolunteerRegistration, then: str
) -> HttpResponse:
    """On to the answer; or the page again with the reason, and the note kept."""
    form = OfferHelpForm(request.POST)
    if not form.is_valid():
        return need_page(request, need, form, status=422)
    try:
        offered = answers.apply(need=need, by=by, note=form.cleaned_data["note"])
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return need_page(request, need, form, status=403)
    return redirect(then, offered.pk)


@require_post
@require_login
def need_invite(request: MemberRequest, need_id: UUID) -> HttpResponse:
    """`person` or `registration`: the one of a card that matching showed."""
    need = access.need_for_lead(request.user, need_id)
    whom = _invited(request)
    answers.invite(need=need, by=request.user, whom=whom)
    messages.success(request, _("Invited. We tell you when there is an answer."))
    return redirect("projects:answers", need.pk)


def _invited(request: MemberRequest) -> User | VolunteerRegistration:
    person, registration = (
        _key(request.POST.get(name)) for name in ("person", "registration")
    )
    found: User | VolunteerRegistration | None = None
    if person is not None:
        people = User.objects.filter(profile__isnull=False)
        found = people.select_related("profile").filter(pk=person).first()
    elif registration is not None:
        found = VolunteerRegistration.objects.filter(pk=registration).first()
    if found is None:
        raise NotFound
    return found


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
