"""Reads: lists of projects and needs, and what others above this room build on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.access import Viewer, is_signed_in
from network.countries import country_name
from network.models import User
from profiles import languages, taxonomy
from profiles.models import VolunteerRegistration
from profiles.models.profile import Audience, Profile
from projects import access
from projects.models import (
    Answer,
    Appeal,
    Need,
    Project,
    ProjectMember,
)

PAGE = 24


@dataclass(frozen=True)
class Filters:
    """What a visitor chose; unknown values are dropped, so a stale link still works."""

    country: str = ""
    cause: str = ""
    stage: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.country or self.cause or self.stage)


def filters_of(chosen: Any) -> Filters:
    cause, stage = chosen.get("cause", ""), chosen.get("stage", "")
    return Filters(
        country=chosen.get("country", "")[:2].upper(),
        cause=cause if taxonomy.is_cause(cause) else "",
        stage=stage if stage in Project.Stage.values else "",
    )


def readable_projects(viewer: Viewer) -> QuerySet[Project]:
    """The published ones whose page this viewer can open: what a list may name."""
    return access.visible_projects(viewer).filter(state=Project.State.PUBLISHED)


def unreadable_projects(viewer: Viewer) -> list[UUID]:
    """Ids of the published ones that are not there for this viewer."""
    if not is_signed_in(viewer):
        return []
    behind = Project.objects.published().filter(
        pk__in=access.led_behind_a_block(viewer)
    )
    seen = readable_projects(viewer).values("pk")
    return list(behind.exclude(pk__in=seen).values_list("pk", flat=True))


def project_list(viewer: Viewer, filters: Filters) -> QuerySet[Project]:
    """Published projects, the newest first, each with `open_needs`."""
    found = readable_projects(viewer)
    if filters.country:
        found = found.filter(country=filters.country)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.cause:
        # as text: SQLite cannot look into a list of JSON
        found = found.annotate(causes_text=Cast("causes", TextField())).filter(
            causes_text__contains=f'"{filters.cause}"'
        )
    return found.annotate(open_needs=Count("needs", filter=open_condition())).order_by(
        "-published_at", "title"
    )


def open_condition(prefix: str = "needs__") -> Q:
    today = timezone.localdate()
    return Q(**{f"{prefix}state__in": [Need.State.OPEN, Need.State.PART_FILLED]}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": today})
    )


def countries_with_projects(viewer: Viewer) -> list[tuple[str, str]]:
    codes = readable_projects(viewer).exclude(country="").order_by()
    named = [
        (code, country_name(code))
        for code in codes.values_list("country", flat=True).distinct()
    ]
    return sorted(named, key=lambda pair: pair[1])


def cause_choices() -> list[tuple[str, str]]:
    here = get_language() or "en"
    named = [(each.id, taxonomy.label(each.id, here)) for each in taxonomy.causes()]
    return sorted(named, key=lambda pair: pair[1])


def waiting_projects(viewer: Viewer) -> QuerySet[Project]:
    """For editors: what waits for them, the oldest first."""
    waiting = access.visible_projects(viewer) & Project.objects.waiting_for_an_editor()
    return waiting.order_by("created_at")


def my_projects(person: User) -> QuerySet[Project]:
    """With the number of their open needs, and of offers that this lead may know of."""
    own = ProjectMember.objects.filter(person=person).values("project")
    offers = Answer.objects.filter(
        need__project__in=access.led_by(person), state=Answer.State.APPLIED
    )
    known = access.answers_known_to_leads(person, offers)
    return (
        Project.objects.filter(pk__in=own)
        .exclude(state=Project.State.ARCHIVED)
        .annotate(
            open_needs=Count("needs", filter=open_condition(), distinct=True),
            offers=Count(
                "needs__answers",
                filter=Q(needs__answers__in=known.values("pk")),
                distinct=True,
            ),
        )
        .order_by("title")
    )


def needs_of(project: Project, *, for_team: bool = False) -> QuerySet[Need]:
    needs = project.needs.prefetch_related("skills").order_by("created_at")
    return needs if for_team else needs.unfilled()


def open_needs() -> QuerySet[Need]:
    """Every need that looks for people or things now, with project and skills."""
    needs = Need.objects.open().select_related("project")
    return needs.prefetch_related("skills").order_by("created_at", "pk")


def need_skills(need: Need) -> dict[str, float]:
    """Skill ids and their weights, which sum to 1; prefetch `skills` for a list."""
    return {row.skill: row.weight for row in need.skills.all()}


def open_appeals(viewer: Viewer) -> QuerySet[Appeal]:
    """With their projects that this viewer can open, the newest appeal first."""
    readable = readable_projects(viewer).order_by("title")
    shown = Prefetch("projects", queryset=readable)
    return Appeal.objects.open().prefetch_related(shown).order_by("-opened_at")


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as a lead sees it: only what the person shares, never an address."""

    answer: Answer
    name: str
    kind: str
    skills: list[str]
    languages: list[str]
    lacks_check: bool = False  # what the task asks for ran out, or became more

    @property
    def is_volunteer(self) -> bool:
        return self.answer.registration_id is not None


def answers_for_lead(viewer: User, need: Need) -> list[ShownAnswer]:
    answers = access.answers_known_to_leads(viewer, Answer.objects.filter(need=need))
    rows = answers.select_related(
        "person__profile", "registration", "engagement", "need"
    ).prefetch_related("person__profile__skills")
    wanted = set(need_skills(need))
    return [shown(row, wanted) for row in rows.order_by("created_at")]


def shown(answer: Answer, wanted: set[str]) -> ShownAnswer:
    if answer.registration is not None:
        return _shown_volunteer(answer, answer.registration, wanted)
    profile: Profile = answer.person.profile  # type: ignore[union-attr]
    may = _told_to_members(profile)
    mine = [row.skill for row in profile.skills.all()] if "skills" in may else []
    return ShownAnswer(
        answer,
        name=profile.pseudonym if "pseudonym" in may else _("A member"),
        kind=_("Vetted member"),
        skills=skill_labels(wanted_of(mine, wanted)),
        languages=language_names(profile.languages if "languages" in may else []),
        lacks_check=access.lacks_check(answer.need, profile.user),
    )


def _shown_volunteer(
    answer: Answer, registration: VolunteerRegistration, wanted: set[str]
) -> ShownAnswer:
    return ShownAnswer(
        answer,
        name=_("A volunteer"),
        kind=_("Registered to help"),
        skills=skill_labels(wanted_of(list(registration.skills), wanted)),
        languages=language_names(registration.languages),
    )


def _told_to_members(profile: Profile) -> set[str]:
    shared = {Audience.MEMBERS, Audience.PUBLIC}
    fields = ("pseudonym", "skills", "languages")
    return {field for field in fields if profile.audience_of(field) in shared}


def wanted_of(mine: list[str], wanted: set[str]) -> list[str]:
    """Those of a person's skills that the need asks for, or that stand near to it."""
    return [
        skill for skill in mine if any(taxonomy.sim(each, skill) > 0 for each in wanted)
    ]


def skill_labels(skills: list[str]) -> list[str]:
    here = get_language() or "en"
    return [taxonomy.label(skill, here) for skill in skills if taxonomy.is_skill(skill)]


def cause_labels(causes: list[str]) -> list[str]:
    here = get_language() or "en"
    return [taxonomy.label(cause, here) for cause in causes if taxonomy.is_cause(cause)]


def language_names(codes: list[str]) -> list[str]:
    return [languages.name(code, get_language() or "en") for code in codes]


def answers_of_person(person: User) -> QuerySet[Answer]:
    mine = access.shown_answers().filter(person=person)
    behind = access.led_behind_a_block(person)
    return _listed(mine.exclude(need__project__in=behind))


def answers_of_registration(registration: VolunteerRegistration) -> QuerySet[Answer]:
    return _listed(access.shown_answers().filter(registration=registration))


def _listed(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    rows = answers.select_related("need__project", "engagement")
    return rows.order_by("-created_at")


def waiting_invitations(person: User) -> int:
    return answers_of_person(person).filter(state=Answer.State.INVITED).count()
