"""The members' directory: a value that is hidden from the viewer finds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import get_language

from network.models import User
from profiles import languages, taxonomy
from profiles.access import people_kept_from
from profiles.models import Audience, Connection, Profile
from profiles.models.profile import DEFAULT_AUDIENCE, ProfileQuerySet
from search.reasons import label

SIZE = 24
OPEN = {Audience.MEMBERS.value, Audience.PUBLIC.value}


@dataclass(frozen=True)
class Filters:
    text: str = ""
    skill: str = ""
    language: str = ""


@dataclass(frozen=True)
class Card:
    """What a member sees of another in the list; never what they were. Whoever shows
    that shows it on their own page, where being looked at is counted."""

    profile: Profile
    skills: list[str]
    languages: list[str]


def filters_from(query: QueryDict) -> Filters:
    skill, language = query.get("skill", ""), query.get("language", "")
    return Filters(
        text=query.get("q", "").replace("\x00", "").strip()[:60],
        skill=skill if taxonomy.is_skill(skill) else "",
        language=language if languages.is_language(language) else "",
    )


def members(viewer: User, filters: Filters) -> ProfileQuerySet:
    """Listed members as this viewer may find them; friends by what friends see."""
    found = (
        Profile.objects.listed()
        .apart_from_blocks(viewer)
        .exclude(user=viewer)
        .prefetch_related("skills")
        .order_by("pseudonym", "pk")
    )
    friends = connected_to(viewer)
    kept = set(people_kept_from(viewer, Profile.objects.listed())).difference(friends)
    found = found.exclude(user__in=kept).filter(shown("pseudonym", friends))
    if filters.text:
        found = found.filter(pseudonym__icontains=filters.text)
    if filters.skill:
        skill = Q(skills__skill=filters.skill)
        found = found.filter(skill & shown("skills", friends))
    if filters.language:
        # a quoted code cannot be part of another one; works on every database
        code = Q(languages__icontains=f'"{filters.language}"')
        found = found.filter(code & shown("languages", friends))
    return found.distinct()


def connected_to(viewer: User) -> list[Any]:
    """Ids of those whom the viewer is connected with."""
    pairs = Connection.objects.filter(
        Q(requester=viewer) | Q(recipient=viewer), state=Connection.State.ACCEPTED
    ).values_list("requester", "recipient")
    return [other for pair in pairs for other in pair if other != viewer.pk]


def shown(field: str, friends: list[Any]) -> Q:
    """Profiles whose `field` this viewer may see."""
    name = f"audience__{field}"
    to_members = Q(**{f"{name}__in": sorted(OPEN)})
    if DEFAULT_AUDIENCE[field] in OPEN:
        to_members |= Q(**{f"{name}__isnull": True})
    to_friends = Q(**{name: Audience.CONNECTIONS.value}, user_id__in=friends)
    return to_members | to_friends


def cards(profiles: Iterable[Profile], viewer: User) -> list[Card]:
    friends = set(connected_to(viewer))
    return [card(profile, is_friend=profile.user_id in friends) for profile in profiles]


def card(profile: Profile, *, is_friend: bool) -> Card:
    def may(field: str) -> bool:
        audience = profile.audience_of(field)
        return audience in OPEN or (is_friend and audience == Audience.CONNECTIONS)

    here = get_language() or "en"
    spoken = [languages.name(code, here) for code in profile.languages]
    return Card(
        profile=profile,
        skills=[label(row.skill) for row in profile.skills.all()][:3]
        if may("skills")
        else [],
        languages=spoken[:3] if may("languages") else [],
    )
