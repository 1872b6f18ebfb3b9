"""From rows to documents: what each thing looks like to an engine.

No name, address or free text of a person enters; a text enters only while published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from wagtail.models import Page

from cms.access import has_expired
from cms.models import AppealPage, PackPage, PracticePage, StandardPage, StoryPage
from cms.packs import contents
from cms.text import plain
from profiles.models import Profile, VolunteerRegistration
from profiles.models.profile import ACTIVE
from projects.models import Need, Project
from search.documents import (
    AnyDocument,
    NeedDocument,
    PersonDocument,
    PersonKind,
    TextDocument,
    TextKind,
)

EVERYBODY = frozenset({"public"})
PERSON, VOLUNTEER, NEED, PROJECT, PAGE = (
    "person",
    "volunteer",
    "need",
    "project",
    "page",
)


def doc_id(kind: str, key: object) -> str:
    return f"{kind}:{key}"


def key_of(identifier: str) -> tuple[str, str]:
    kind, _, key = identifier.partition(":")
    return kind, key


def person_document(profile: Profile) -> PersonDocument:
    """`profile.skills` should be prefetched."""
    return PersonDocument(
        id=doc_id(PERSON, profile.user_id),
        kind=PersonKind.MEMBER,
        skills={row.skill: row.level / 10 for row in profile.skills.all()},
        languages=frozenset(profile.languages),
        lat=profile.place.get("lat"),
        lon=profile.place.get("lon"),
        travel_km=profile.travel_km,
        remote_ok=profile.is_remote_ok,
        slots=frozenset(profile.slots),
        causes=frozenset(profile.causes),
        experience_years=profile.experience_years,
        last_active=profile.last_active_on,
        safeguarding_tier=profile.tier_today,
        visible=may_be_matched(profile),
        has_capacity=profile.has_capacity,
    )


def may_be_matched(profile: Profile) -> bool:
    return (
        profile.is_matched
        and profile.standing in ACTIVE
        and not profile.is_hidden
        and profile.user.is_active
    )


def volunteer_document(row: VolunteerRegistration) -> PersonDocument:
    return PersonDocument(
        id=doc_id(VOLUNTEER, row.pk),
        kind=PersonKind.VOLUNTEER,
        skills={skill: level / 10 for skill, level in row.skills.items()},
        languages=frozenset(row.languages),
        lat=row.place.get("lat"),
        lon=row.place.get("lon"),
        travel_km=row.travel_km,
        remote_ok=row.is_remote_ok,
        slots=frozenset(row.slots),
        causes=frozenset(row.causes),
        experience_years=row.experience_years,
        last_active=row.last_active_on,
        safeguarding_tier=row.safeguarding_tier,
        visible=is_live(row),
        has_capacity=True,
    )


def is_live(row: VolunteerRegistration) -> bool:
    return (
        row.erased_at is None
        and row.merged_into_id is None
        and row.expires_at > timezone.now()
    )


def need_document(need: Need) -> NeedDocument:
    """`need.skills` should be prefetched and `need.project` joined."""
    is_published = need.project.state == Project.State.PUBLISHED
    return NeedDocument(
        id=doc_id(NEED, need.pk),
        skills={row.skill: row.weight for row in need.skills.all()},
        languages=frozenset(need.languages),
        lat=need.lat,
        lon=need.lon,
        remote=need.is_remote,
        slots=frozenset(need.slots),
        causes=frozenset(need.causes),
        min_experience=need.min_experience,
        safeguarding_tier=need.safeguarding_tier,
        open=is_published and need.kind == Need.Kind.SKILL and need.is_open,
        seats_left=need.seats_left,
    )


def project_document(project: Project) -> TextDocument:
    return TextDocument(
        id=doc_id(PROJECT, project.pk),
        kind=TextKind.PROJECT,
        language="en",  # that of the text; `project.language` is that of the work
        title=project.title,
        summary=project.summary,
        body=plain(f"{project.body}\n{project.town}"),
        url=f"/projects/{project.slug}/",
        facets={
            "country": (project.country,) if project.country else (),
            "cause": tuple(project.causes),
            "stage": (project.stage,),
        },
        acl=EVERYBODY,
        date=_day(project.published_at or project.created_at),
    )


def page_document(page: Page) -> TextDocument | None:
    """Of a page of its own class; None for pages that are not searched."""
    read = {
        StoryPage: _story,
        PackPage: _pack,
        PracticePage: _practice,
        AppealPage: _appeal,
        StandardPage: _standard,
    }.get(type(page))
    if read is None or not page.live:
        return None
    parts = read(page)
    if parts is None:
        return None
    kind, language, summary, body, facets = parts
    return TextDocument(
        id=doc_id(PAGE, page.pk),
        kind=kind,
        language=language,
        title=page.title,
        summary=summary,
        body=plain(body),
        url=page.url or "",
        facets=facets,
        acl=EVERYBODY,
        date=_day(page.first_published_at or timezone.now()),
    )


Parts = tuple[TextKind, str, str, str, dict[str, tuple[str, ...]]]


def _story(page: StoryPage) -> Parts | None:
    if has_expired(page):
        return None
    facets = {
        "teller": (page.kind,),
        "medium": (page.medium,),
        "theme": tuple(page.themes),
        "length": (length_of(page.minutes),),
    }
    body = f"{page.body}\n{page.region}\n{page.pseudonym}"
    return TextKind.STORY, page.language, page.summary, body, facets


def length_of(minutes: int) -> str:
    return "short" if minutes < 5 else "medium" if minutes <= 10 else "long"


def _pack(page: PackPage) -> Parts | None:
    if contents.bereft([page.pk]):
        return None
    facets = {
        "subject": (page.subject,),
        "age": tuple(str(age) for age in range(page.age_from, page.age_to + 1)),
        "theme": tuple(page.themes),
        "format": tuple(page.formats),
        "lessons": (str(page.lessons),),
    }
    texts = [*page.aims, page.before_you_teach, page.teacher_notes, page.pupils_sheet]
    texts += [phase["text"] for phase in page.phases]
    return TextKind.PACK, page.language, page.summary, "\n".join(texts), facets


def _practice(page: PracticePage) -> Parts:
    facets = {
        "approach": tuple(page.approaches),
        "audience": tuple(page.target_audiences),
        "country": tuple(page.countries),
    }
    texts = [part["text"] for part in page.description]
    texts += [page.evidence, page.sustainability, page.organisation_name]
    return TextKind.PRACTICE, "en", page.summary, "\n".join(texts), facets


def _appeal(page: AppealPage) -> Parts:
    body = f"{page.what_happened}\n{page.what_helps}"
    return TextKind.APPEAL, page.locale.language_code, page.intro, body, {}


def _standard(page: StandardPage) -> Parts:
    return TextKind.PAGE, page.locale.language_code, page.summary, page.body, {}


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()


def document(kind: str, key: str) -> AnyDocument | None:
    """The document as the database has it now; None when there is none to show."""
    if kind == PERSON:
        profile = people([key]).first()
        return person_document(profile) if profile and may_be_matched(profile) else None
    if kind == VOLUNTEER:
        row = VolunteerRegistration.objects.filter(pk=key).first()
        return volunteer_document(row) if row and is_live(row) else None
    if kind == NEED:
        need = needs().filter(pk=key).first()
        return need_document(need) if need else None
    if kind == PROJECT:
        project = Project.objects.published().filter(pk=key).first()
        return project_document(project) if project else None
    if kind == PAGE:
        page = Page.objects.live().filter(pk=int(key)).first()
        return page_document(page.specific) if page else None
    return None


def people(user_ids: Iterable[str | UUID] | None = None) -> Any:
    rows = Profile.objects.select_related("user").prefetch_related("skills")
    return rows if user_ids is None else rows.filter(user_id__in=list(user_ids))


def needs() -> Any:
    return Need.objects.select_related("project").prefetch_related("skills")


def everything() -> Iterator[AnyDocument]:
    """Every document there is, for a fresh index."""
    for profile in people().filter(is_matched=True).iterator(chunk_size=500):
        if may_be_matched(profile):
            yield person_document(profile)
    for row in VolunteerRegistration.objects.live().iterator(chunk_size=500):
        yield volunteer_document(row)
    for need in needs().filter(kind=Need.Kind.SKILL).iterator(chunk_size=500):
        yield need_document(need)
    for project in Project.objects.published().iterator(chunk_size=500):
        yield project_document(project)
    for page in Page.objects.live().select_related("locale").specific().iterator():
        found = page_document(page)
        if found is not None:
            yield found
