"""Writes on projects: a member proposes, an editor publishes, a moderator hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from network import audit, edition, notify, outbox
from network.access import Refused
from network.models import Lane, User
from network.places import City
from profiles.actions.consent import hash_of
from projects.models import WAITING, WORDS, Answer, Need, Project, ProjectMember

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


def edit_project(
    *, project: Project, content: ProjectContent, by: User, opened: str = ""
) -> Project:
    """New words of a project that others have seen wait for an editor; until then the
    ones that were read stand. Raises `Overtaken` when it is not as it was `opened`."""
    columns = content.columns()
    with transaction.atomic():
        row = Project.objects.select_for_update().get(pk=project.pk)
        edition.check(opened, now=edition_of(row), wanted=_edition(columns))
        if row.published_at is not None:
            columns |= _proposal(row, columns)
        Project.objects.filter(pk=row.pk).update(**columns)
        project.refresh_from_db()
        audit.record(action="project edited", by=by, subject=project)
        tell_index(project)
    return project


def edition_of(project: Project) -> str:
    """Of all that its leads write."""
    return _edition(vars(project) | project.newest_words)


def _edition(columns: Mapping[str, Any]) -> str:
    names = (*WORDS, "causes", "stage", "country", "language", "town_id")
    return edition.mark({name: columns[name] for name in names})


def _proposal(row: Project, columns: dict[str, Any]) -> dict[str, Any]:
    """Takes the words out of `columns`, into what an editor has to read."""
    words = {name: columns.pop(name) for name in WORDS}
    if words == row.newest_words:
        return {}
    is_new = any(words[name] != getattr(row, name) for name in WORDS)
    return {"proposed": words if is_new else {}, "is_proposed": is_new}


def submit_project(*, project: Project, by: User) -> None:
    """Asks the editors to publish it; a second time changes nothing."""
    with transaction.atomic():
        if _moved(project, Project.State.DRAFT, to=Project.State.IN_REVIEW):
            audit.record(action="project submitted", by=by, subject=project)


def publish_project(*, project: Project, by: User, read: str) -> None:
    """The words with the mark `read`. Raises `Refused` for an editor who is on the
    team, and when a lead has changed them meanwhile."""
    if project.team.filter(person=by).exists():
        raise Refused(_("Somebody who is not on its team has to publish this project."))
    with transaction.atomic():
        row = Project.objects.select_for_update().get(pk=project.pk)
        if not row.is_waiting_for_an_editor:
            return
        if mark_of(row) != read:
            raise Refused(
                _("These words have changed since you opened the page. Read them anew.")
            )
        for name, words in row.newest_words.items():
            setattr(row, name, words)
        row.state, row.proposed, row.is_proposed = Project.State.PUBLISHED, {}, False
        row.published_at = row.published_at or timezone.now()
        row.editors_note = ""
        row.save()
        project.refresh_from_db()
        audit.record(action="project published", by=by, subject=project)
        tell_index(project, with_needs=True)
        tell_team(project, kind="project published")


def mark_of(project: Project) -> str:
    """Another one as soon as a word is another."""
    words = project.newest_words
    return hash_of(words["title"], f"{words['summary']}\n\n{words['body']}")


def return_project(*, project: Project, by: User, reason: str) -> None:
    """An editor gives it back to its leads: a draft, or new words of what is published
    and goes on to stand as it was."""
    with transaction.atomic():
        waiting = Project.objects.waiting_for_an_editor().filter(pk=project.pk)
        row = waiting.select_for_update().first()
        if row is None:
            return
        if row.state == Project.State.IN_REVIEW:
            row.state = Project.State.DRAFT
        row.is_proposed, row.editors_note = False, reason
        row.save()
        project.refresh_from_db()
        audit.record(action="project returned", by=by, subject=project)
        tell_team(project, kind="project returned")


def tell_team(project: Project, *, kind: str) -> None:
    url = reverse("projects:detail", args=[project.slug])
    for membership in project.team.select_related("person"):
        notify.notify(person=membership.person, kind=kind, url=url)


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
