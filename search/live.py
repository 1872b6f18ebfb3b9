"""What the engine proposes, read again as it is now: consent, standing, blocks,
capacity and checks. So a stale index leaks nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from network.models import User
from profiles.access import is_kept_from
from profiles.models import Block, Profile, VolunteerRegistration
from projects.access import lacks_check
from projects.models import Need, Project, ProjectMember
from search import sources
from search.engine import Candidate
from search.keys import NEED, PERSON, VOLUNTEER, doc_id, key_of

Person = Profile | VolunteerRegistration


def live_people(
    found: Iterable[Candidate], viewer: User, *, tier: int
) -> dict[str, Person]:
    """Who of the candidates may be shown to this lead now, by document id.

    A volunteer only once the mailed link was opened; nobody behind a block; a survivor
    who does not want formers to nobody who may be one; nobody without the check of the
    `tier` that the need asks for.
    """
    keys: dict[str, list[str]] = {PERSON: [], VOLUNTEER: []}
    for one in found:
        kind, key = key_of(one.id)
        keys[kind].append(key)
    blocked = blocked_for(viewer)
    people: dict[str, Person] = {}
    for profile in sources.people(keys[PERSON]).exclude(user_id__in=blocked):
        refuses = is_kept_from(viewer, profile)
        if profile.user_id == viewer.pk or refuses or not profile.has_capacity:
            continue
        if profile.tier_today >= tier and sources.may_be_matched(profile):
            people[doc_id(PERSON, profile.user_id)] = profile
    confirmed = VolunteerRegistration.objects.confirmed().filter(
        safeguarding_tier__gte=tier
    )
    for row in confirmed.filter(pk__in=keys[VOLUNTEER]):
        people[doc_id(VOLUNTEER, row.pk)] = row
    return people


def blocked_for(person: User) -> set[UUID]:
    pairs = Block.objects.filter(Q(blocker=person) | Q(blocked=person))
    return {
        other
        for pair in pairs.values_list("blocker", "blocked")
        for other in pair
        if other != person.pk
    }


def live_needs(found: Iterable[Candidate], person: Person) -> dict[str, Need]:
    keys = [key_of(one.id)[1] for one in found]
    helper = person.user if isinstance(person, Profile) else person
    needs = sources.needs().filter(pk__in=keys, project__in=open_projects(person))
    open_ones = [
        need
        for need in needs
        if need.is_open and need.seats_left > 0 and not lacks_check(need, helper)
    ]
    kept = led_by_kept(open_ones, person)
    return {
        doc_id(NEED, need.pk): need for need in open_ones if need.project_id not in kept
    }


def led_by_kept(needs: list[Need], person: Person) -> set[UUID]:
    """The projects of these needs with a lead who, by either one's wish, is not there
    for this person."""
    if isinstance(person, VolunteerRegistration):
        return set()
    leads = ProjectMember.objects.filter(
        project__in={need.project_id for need in needs}, role=ProjectMember.Role.LEAD
    )
    return {
        lead.project_id
        for lead in leads.select_related("person__profile")
        if is_kept_from(person.user, lead.person.profile)
    }


def open_projects(person: Person) -> Any:
    """Projects whose leads and this person are not behind a block."""
    projects = Project.objects.published()
    if isinstance(person, VolunteerRegistration):
        return projects
    blocked = blocked_for(person.user)
    return projects.exclude(team__person__in=blocked).exclude(team__person=person.user)
