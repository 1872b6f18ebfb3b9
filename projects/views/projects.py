"""Pages of projects: the list, one project, and what its team and editors do."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import Role, require_login, require_role
from network.edition import Overtaken
from network.http import MemberRequest, Request, posted, require_post
from projects import access, queries
from projects.actions import projects as actions
from projects.forms.projects import ProjectForm, ReadingForm
from projects.models import Project


@require_safe
def project_list(request: Request) -> HttpResponse:
    filters = queries.filters_of(request.GET)
    found = queries.project_list(request.user, filters)
    page = Paginator(found, queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "countries": queries.countries_with_projects(request.user),
        "causes": queries.cause_choices(),
        "stages": Project.Stage.choices,
        "may_create": access.may_create(request.user),
    }
    return render(request, "projects/list.html", context)


@require_safe
def get_involved(request: Request) -> HttpResponse:
    appeals = queries.open_appeals(request.user)
    return render(request, "projects/get_involved.html", {"appeals": appeals})


@require_safe
def project_detail(request: Request, slug: str) -> HttpResponse:
    project = access.project_for_viewer(request.user, slug)
    return _project_page(request, project)


def _project_page(
    request: Request, project: Project, reading: ReadingForm | None = None
) -> HttpResponse:
    is_lead = access.is_lead(request.user, project)
    may_publish = access.may_publish(request.user, project)
    if may_publish and reading is None:
        reading = ReadingForm(initial={"read": actions.mark_of(project)})
    context = {
        "project": project,
        "needs": queries.needs_of(project, for_team=is_lead),
        "causes": queries.cause_labels(project.causes),
        "is_lead": is_lead,
        "reading": reading,
        "proposed": project.proposed if is_lead or may_publish else None,
    }
    status = 422 if reading is not None and reading.is_bound else 200
    return render(request, "projects/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def project_create(request: MemberRequest) -> HttpResponse:
    person = access.member(request.user)
    form = ProjectForm(posted(request))
    if request.method == "POST" and form.is_valid():
        project = actions.create_project(
            content=form.content(), by=person, key=form.cleaned_data["key"]
        )
        messages.success(request, _("Your draft is stored. Only you see it."))
        return redirect("projects:detail", project.slug)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def project_edit(request: MemberRequest, slug: str) -> HttpResponse:
    project = access.project_for_lead(request.user, slug)
    form = ProjectForm(posted(request), initial=ProjectForm.initial_from(project))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_project(
                project=project,
                content=form.content(),
                by=request.user,
                opened=form.cleaned_data["opened"],
            )
        except Overtaken as overtaken:
            form.come_back(overtaken)
            return _form_page(request, form, project)
        said = _("Your changes are stored.")
        if project.is_proposed:
            said = _("An editor reads your new words. Until then the old ones stand.")
        messages.success(request, said)
        return redirect("projects:detail", project.slug)
    return _form_page(request, form, project)


def _form_page(
    request: MemberRequest, form: ProjectForm, project: Project | None = None
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "project": project}
    return render(request, "projects/form.html", context, status=status)


@require_post
@require_login
def project_submit(request: MemberRequest, slug: str) -> HttpResponse:
    project = access.project_for_lead(request.user, slug)
    actions.submit_project(project=project, by=request.user)
    messages.success(request, _("An editor reads it next. We tell you when it is out."))
    return redirect("projects:detail", slug)


@require_post
@require_login
def project_archive(request: MemberRequest, slug: str) -> HttpResponse:
    project = access.project_for_lead(request.user, slug)
    actions.archive_project(project=project, by=request.user)
    messages.success(request, _("The project is archived. Only its team sees it now."))
    return redirect("projects:detail", slug)


@require_safe
@require_role(Role.EDITOR)
def project_review(request: MemberRequest) -> HttpResponse:
    found = queries.waiting_projects(request.user)
    page = Paginator(found, queries.PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/review.html", {"page": page})


@require_post
@require_role(Role.EDITOR)
def project_publish(request: MemberRequest, slug: str) -> HttpResponse:
    project = access.project_for_editor(request.user, slug)
    form = ReadingForm(posted(request))
    if not form.is_valid():
        return _project_page(request, project, form)
    if form.cleaned_data["decision"] == "return":
        reason = form.cleaned_data["reason"]
        actions.return_project(project=project, by=request.user, reason=reason)
        messages.success(request, _("Given back to its leads, with your note."))
        return redirect("projects:review")
    read = form.cleaned_data["read"]
    actions.publish_project(project=project, by=request.user, read=read)
    messages.success(request, _("The project is published."))
    return redirect("projects:detail", slug)
