"""From rows to documents: what each thing looks like to an engine.

No name, address or free text of a person enters; a text enters only while published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone
from wagtail.models import Page

from profiles.models import Profile, VolunteerRegistration
from profiles.models.profile import ACTIVE
from projects.models import Need, Project
from search.documents import AnyDocument, NeedDocument, PersonDocument, PersonKind
from search.keys import NEED, PAGE, PERSON, PROJECT, VOLUNTEER, doc_id
from search.published import page_document, project_document

Read = Iterator[tuple[object, AnyDocument | None]]


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


def document(kind: str, key: str) -> AnyDocument | None:
    """The document as the database has it now; None when there is none to show."""
    return documents(kind, [key])[key]


def documents(kind: str, keys: Iterable[str]) -> dict[str, AnyDocument | None]:
    """The same for many keys of one kind, in a few queries."""
    wanted: dict[str, AnyDocument | None] = dict.fromkeys(keys)
    for key, found in READERS[kind](wanted.keys()):
        wanted[str(key)] = found
    return wanted


def _people(keys: Collection[str]) -> Read:
    for profile in people(keys):
        if may_be_matched(profile):
            yield profile.user_id, person_document(profile)


def _volunteers(keys: Collection[str]) -> Read:
    for row in VolunteerRegistration.objects.live().filter(pk__in=keys):
        yield row.pk, volunteer_document(row)


def _needs(keys: Collection[str]) -> Read:
    for need in skilled_needs().filter(pk__in=keys):
        yield need.pk, need_document(need)


def _projects(keys: Collection[str]) -> Read:
    for project in Project.objects.published().filter(pk__in=keys):
        yield project.pk, project_document(project)


def _pages(keys: Collection[str]) -> Read:
    for page in pages().filter(pk__in=[int(key) for key in keys]).specific():
        yield page.pk, page_document(page)


READERS: dict[str, Callable[[Collection[str]], Read]] = {
    PERSON: _people,
    VOLUNTEER: _volunteers,
    NEED: _needs,
    PROJECT: _projects,
    PAGE: _pages,
}


SORTS = {
    PERSON: "people",
    VOLUNTEER: "people",
    NEED: "needs",
    PROJECT: "texts",
    PAGE: "texts",
}
"""Which of the engines' three sorts a kind is held in."""


def people(user_ids: Iterable[str | UUID] | None = None) -> Any:
    rows = Profile.objects.select_related("user").prefetch_related("skills")
    return rows if user_ids is None else rows.filter(user_id__in=list(user_ids))


def needs() -> Any:
    return Need.objects.select_related("project").prefetch_related("skills")


def pages() -> Any:
    return Page.objects.live().select_related("locale")


def everything() -> Iterator[AnyDocument]:
    """Every document there is, for a fresh index."""
    for profile in matched_people().iterator(chunk_size=500):
        if may_be_matched(profile):
            yield person_document(profile)
    for row in VolunteerRegistration.objects.live().iterator(chunk_size=500):
        yield volunteer_document(row)
    for need in skilled_needs().iterator(chunk_size=500):
        yield need_document(need)
    for project in Project.objects.published().iterator(chunk_size=500):
        yield project_document(project)
    for page in pages().specific().iterator():
        found = page_document(page)
        if found is not None:
            yield found


def count() -> int:
    """About how many that are; a page or two may be none."""
    return sum(
        rows.count()
        for rows in (
            matched_people(),
            VolunteerRegistration.objects.live(),
            skilled_needs(),
            Project.objects.published(),
            pages(),
        )
    )


def matched_people() -> Any:
    return people().filter(is_matched=True)


def skilled_needs() -> Any:
    return needs().filter(kind=Need.Kind.SKILL)
