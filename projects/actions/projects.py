"""Writes on projects: a member proposes, an editor publishes, a moderator hides."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from network import audit, notify, outbox
from network.access import Refused
from network.models import Lane, User
from network.places import City
from projects.models import WAITING, Answer, Need, Project, ProjectMember

RESERVED_SLUGS = {"new", "review", "mine"}  # pages of their own under /projects/
LONGEST_SLUG = 100


@dataclass(frozen=True, kw_only=True)
class ProjectContent:
    """What a lead writes about a project."""

    title: str
    summary: str
    body: str = ""
    language: str = "en"
    country: str = ""
    town: City | None = None
    causes: list[str] = field(default_factory=list)
    stage: str = Project.Stage.RUNNING

    def columns(self) -> dict[str, Any]:
        row = asdict(self)
        town = row.pop("town") and self.town
        row["town_id"] = town.id if town else None
        row["town"] = town.name if town else ""
        row["country"] = town.country if town else self.country
        return row


def create_project(
    *, content: ProjectContent, by: User, key: UUID | None = None
) -> Project:
    """A draft led by its author. The same `key` again finds what was made first."""
    key = key or uuid4()
    try:
        with transaction.atomic():
            project = Project.objects.create(
                pk=key, slug=free_slug(content.title, key), **content.columns()
            )
            ProjectMember.objects.create(
                project=project, person=by, role=ProjectMember.Role.LEAD
            )
            audit.record(action="project created", by=by, subject=project)
    except IntegrityError:
        found = Project.objects.filter(pk=key, team__person=by).first()
        if found is None:
            raise
        return found
    return project


def free_slug(title: str, key: UUID) -> str:
    """From the title; with a few letters of the key where another has it already."""
    slug = slugify(title)[:LONGEST_SLUG].strip("-")
    if not slug:  # a title in another script
        return f"project-{key.hex[:8]}"
    if slug in RESERVED_SLUGS or Project.objects.filter(slug=slug).exists():
        return f"{slug}-{key.hex[:6]}"
    return slug


def edit_project(*, project: Project, content: ProjectContent, by: User) -> Project:
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**content.columns())
        project.refresh_from_db()
        audit.record(action="project edited", by=by, subject=project)
        tell_index(project)
    return project


def submit_project(*, project: Project, by: User) -> None:
    """Asks the editors to publish it; a second time changes nothing."""
    with transaction.atomic():
        if _moved(project, Project.State.DRAFT, to=Project.State.IN_REVIEW):
            audit.record(action="project submitted", by=by, subject=project)


def publish_project(*, project: Project, by: User) -> None:
    """Raises `Refused` for an editor who is on the team."""
    if project.team.filter(person=by).exists():
        raise Refused(_("Somebody who is not on its team has to publish this project."))
    with transaction.atomic():
        now = timezone.now()
        if not _moved(
            project,
            Project.State.IN_REVIEW,
            to=Project.State.PUBLISHED,
            published_at=now,
        ):
            return
        audit.record(action="project published", by=by, subject=project)
        tell_index(project, with_needs=True)
        for membership in project.team.select_related("person"):
            notify.notify(
                person=membership.person,
                kind="project published",
                url=reverse("projects:detail", args=[project.slug]),
            )


def return_project(*, project: Project, by: User, reason: str) -> None:
    """An editor gives it back as a draft; the reason is for the audit alone."""
    with transaction.atomic():
        if _moved(project, Project.State.IN_REVIEW, to=Project.State.DRAFT):
            audit.record(
                action="project returned", by=by, subject=project, reason=reason
            )


def hide_project(*, project: Project, by: User, reason: str = "") -> None:
    """A moderator takes it out of everybody's sight but the team's."""
    with transaction.atomic():
        changed = Project.objects.filter(pk=project.pk).exclude(
            state=Project.State.HIDDEN
        )
        if not changed.update(state=Project.State.HIDDEN):
            return
        project.refresh_from_db()
        audit.record(action="project hidden", by=by, subject=project, reason=reason)
        tell_index(project, with_needs=True)


def restore_project(*, project: Project, by: User) -> None:
    """A moderator found that it may be shown again; never published: to draft."""
    shown_before = project.published_at is not None
    state = Project.State.PUBLISHED if shown_before else Project.State.DRAFT
    with transaction.atomic():
        if _moved(project, Project.State.HIDDEN, to=state):
            audit.record(action="project restored", by=by, subject=project)
            tell_index(project, with_needs=True)


def archive_project(*, project: Project, by: User | None) -> None:
    """It has ended: what it still asked for is closed."""
    with transaction.atomic():
        changed = Project.objects.filter(pk=project.pk).exclude(
            state__in=[Project.State.ARCHIVED, Project.State.HIDDEN]
        )
        if not changed.update(state=Project.State.ARCHIVED):
            return
        project.refresh_from_db()
        Need.objects.filter(project=project).unfilled().update(state=Need.State.CLOSED)
        waiting = Answer.objects.filter(need__project=project, state__in=WAITING)
        waiting.update(state=Answer.State.CLOSED, answered_at=timezone.now())
        audit.record(action="project archived", by=by, subject=project)
        tell_index(project, with_needs=True)


def tell_index(project: Project, *, with_needs: bool = False) -> None:
    """Outbox lines; whatever is not published is withdrawn before anything else."""
    is_shown = project.state == Project.State.PUBLISHED
    outbox.append(
        lane=Lane.REST if is_shown else Lane.WITHDRAWALS,
        kind="project",
        key=project.pk,
        version=project.version,
    )
    if with_needs:
        # what the index holds of a need hangs on its project too: a new version
        project.needs.all().update()
        for key, version in project.needs.values_list("pk", "version"):
            lane = Lane.NEEDS if is_shown else Lane.WITHDRAWALS
            outbox.append(lane=lane, kind="need", key=key, version=version)


def _moved(project: Project, state: str, *, to: str, **changes: Any) -> bool:
    """Moves it on only from `state`, so that of two at once one has no effect."""
    found = Project.objects.filter(pk=project.pk, state=state)
    is_moved = found.update(state=to, **changes) == 1
    project.refresh_from_db()
    return is_moved
