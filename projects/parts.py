"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network import outbox, tasks
from network.access import NotFound, is_signed_in
from network.exporting import Word, Words, chosen, day, moment
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    HomePanel,
    NoticeKind,
    Reportable,
    erasers,
    exporters,
    home_panels,
    notice_kinds,
    reportables,
    revokers,
)
from profiles.access import is_active_member
from profiles.models import VolunteerRegistration
from projects import access, queries
from projects.actions import answers, projects, telling
from projects.models import LIVE, Answer, Engagement, Project, ProjectMember

MODELS = ("projects.Answer", "projects.ProjectMember", "projects.Engagement")
CONSUMER = "projects"
NOTICES = {
    "invited": NoticeKind(_("A project asks for your help"), "heart-handshake", True),
    "applied": NoticeKind(_("Somebody offers to help"), "hand-heart", True),
    "accepted": NoticeKind(_("You have both said yes"), "circle-check", True),
    "check missing": NoticeKind(
        _("Somebody who helps you no longer has the check that the task asks for"),
        "shield-alert",
        mails=True,
    ),
    "project published": NoticeKind(_("Your project is published"), "layers"),
    "project returned": NoticeKind(_("An editor asks for a change"), "pencil"),
}


def register() -> None:
    exporters.register("projects", Exporter(_("Projects"), MODELS, rows_of, WORDS))
    erasers.register("projects", Eraser(MODELS, erase))
    home_panels.register("projects", HomePanel("projects/_panel.html", panel))
    revokers.register("projects", telling.forget_invitations)
    for kind, notice in NOTICES.items():
        notice_kinds.register(kind, notice)
    reportables.register(
        "project",
        Reportable(
            kind="project",
            title=_("A project"),
            find=access.project_for_report,
            excerpt=excerpt,
            person_of=lead_of,
            hide=lambda project, by: projects.hide_project(project=project, by=by),
            url=lambda project: reverse("projects:detail", args=[project.slug]),
            load=any_project,
        ),
    )


WORDS: Words = {
    "project": Word(_("Project")),
    "role": Word(_("Role"), chosen(ProjectMember.Role)),
    "need": Word(_("What was needed")),
    "state": Word(_("State"), chosen(Answer.State)),
    "note": Word(_("Your note")),
    "at": Word(_("When"), moment),
    "answered_at": Word(_("Answered"), moment),
    "helped_since": Word(_("You helped since"), day),
    "led since": Word(_("You led the work since"), day),
    "ended_at": Word(_("Ended"), moment),
}


def rows_of(person: User) -> Iterable[dict[str, Any]]:
    """Roles in projects, and one's own answers with one's own note and reason."""
    for membership in ProjectMember.objects.filter(person=person).select_related(
        "project"
    ):
        yield {
            "project": membership.project.title,
            "role": membership.role,
            "at": membership.created_at.isoformat(),
        }
    mine = Answer.objects.filter(person=person).select_related(
        "need__project", "engagement"
    )
    for answer in mine.order_by("created_at"):
        yield {
            "project": answer.need.project.title,
            "need": answer.need.title,
            "state": answer.state,
            "note": answer.note,
            "at": answer.created_at.isoformat(),
            "answered_at": answer.answered_at and answer.answered_at.isoformat(),
            **time_of(getattr(answer, "engagement", None)),
        }
    for engagement in Engagement.objects.filter(lead=person).order_by("created_at"):
        yield {
            "led since": engagement.started_on.isoformat(),
            "ended_at": engagement.ended_at and engagement.ended_at.isoformat(),
        }


def time_of(engagement: Engagement | None) -> dict[str, Any]:
    if engagement is None:
        return {}
    ended = engagement.ended_at
    return {
        "helped_since": engagement.started_on.isoformat(),
        "ended_at": ended and ended.isoformat(),
    }


def erase(person: User) -> None:
    """Seats are given back; a project that nobody else leads is archived."""
    for answer in Answer.objects.filter(person=person, state__in=LIVE):
        answers.withdraw(answer=answer, by=person)
    Answer.objects.filter(person=person).delete()
    for engagement in Engagement.objects.filter(lead=person, ended_at=None):
        answers.withdraw(answer=engagement.answer, by=person)
    Engagement.objects.filter(lead=person).delete()
    led = ProjectMember.objects.filter(person=person, role=ProjectMember.Role.LEAD)
    for membership in led.select_related("project"):
        others = membership.project.team.filter(role=ProjectMember.Role.LEAD)
        if not others.exclude(person=person).exists():
            projects.archive_project(project=membership.project, by=person)
    ProjectMember.objects.filter(person=person).delete()


def panel(request: HttpRequest) -> dict[str, Any] | None:
    person = request.user
    if not is_signed_in(person) or not is_active_member(person):
        return None
    return {
        "projects": list(queries.my_projects(person)[:6]),
        "invitations": queries.waiting_invitations(person),
    }


def any_project(key: str) -> Project:
    """Whoever asks: only to act on what was reported. Raises `NotFound`."""
    try:
        found = Project.objects.filter(pk=UUID(key)).first()
    except ValueError as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


def excerpt(project: Project) -> str:
    return f"{project.title}\n{project.summary}\n{project.body}".strip()


def lead_of(project: Project) -> User | None:
    leads = project.team.filter(role=ProjectMember.Role.LEAD).order_by("created_at")
    first = leads.select_related("person").first()
    return first.person if first else None


@tasks.periodic("release erased volunteers", timedelta(seconds=5))
def follow_registrations() -> None:
    """A registration that was erased gives its seats back, and its words go."""
    entries = outbox.read(CONSUMER)
    keys = [entry.key for entry in entries if entry.kind == "volunteer"]
    for gone in VolunteerRegistration.objects.filter(
        pk__in=keys, erased_at__isnull=False
    ):
        forget_answers(gone)
    if entries:
        outbox.advance(CONSUMER, entries)


def forget_answers(registration: VolunteerRegistration) -> None:
    with transaction.atomic():
        given = Answer.objects.filter(registration=registration)
        for answer in given.filter(state__in=LIVE):
            answers.withdraw(answer=answer, by=None)
        for answer in given:
            answer.note = ""
            answer.save(update_fields=["note"])
