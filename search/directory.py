"""The members' directory: a value that is hidden from the viewer finds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from network.models import User
from profiles import languages
from profiles.access import friends_of, people_kept_from
from profiles.models import Audience, Profile
from profiles.models.profile import DEFAULT_AUDIENCE, ProfileQuerySet
from search.forms import DirectoryForm
from search.reasons import label

SIZE = 24
OPEN = {Audience.MEMBERS.value, Audience.PUBLIC.value}


@dataclass(frozen=True)
class Filters:
    """What was asked and is understood; each is "" where it was not asked."""

    q: str = ""
    skill: str = ""
    cause: str = ""
    role: str = ""
    language: str = ""
    country: str = ""
    free: str = ""


@dataclass(frozen=True)
class Card:
    """What a member sees of another in the list; never what they were. Whoever shows
    that shows it on their own page, where being looked at is counted."""

    profile: Profile
    skills: list[str]
    languages: list[str]


def filters_from(form: DirectoryForm) -> Filters:
    """Without what the form does not understand."""
    form.full_clean()
    return Filters(**form.cleaned_data)


def members(viewer: User, filters: Filters) -> ProfileQuerySet:
    """Listed members as this viewer may find them; friends by what friends see."""
    friends = list(friends_of(viewer.pk))
    listed = Profile.objects.listed().apart_from_blocks(viewer).exclude(user=viewer)
    kept = set(people_kept_from(viewer, Profile.objects.listed())).difference(friends)
    found = listed.exclude(user__in=kept).filter(shown("pseudonym", friends))
    for asked in conditions(filters, friends):
        found = found.filter(asked)
    rows = found.prefetch_related("skills").order_by("pseudonym", "pk")
    return rows.distinct()


def conditions(filters: Filters, friends: list[Any]) -> Iterator[Q]:
    """Each together with being allowed to see what it asks for."""
    if filters.q:
        yield Q(pseudonym__icontains=filters.q)
    if filters.skill:
        yield Q(skills__skill=filters.skill) & shown("skills", friends)
    if filters.country:
        yield Q(country=filters.country) & shown("country", friends)
    for field, value in (
        ("languages", filters.language),
        ("causes", filters.cause),
        ("roles_offered", filters.role),
    ):
        if value:
            # a quoted id cannot be part of another one; works on every database
            yield Q(**{f"{field}__icontains": f'"{value}"'}) & shown(field, friends)
    if filters.free:
        yield is_free(filters.free) & shown("slots", friends)


def is_free(when: str) -> Q:
    """A slot reads "mon-am"."""
    if when == "weekend":
        return Q(slots__icontains='"sat-') | Q(slots__icontains='"sun-')
    return Q(slots__icontains=f'-{when}"')


def shown(field: str, friends: list[Any]) -> Q:
    """Profiles whose `field` this viewer may see."""
    name = f"audience__{field}"
    to_members = Q(**{f"{name}__in": sorted(OPEN)})
    if DEFAULT_AUDIENCE[field] in OPEN:
        to_members |= Q(**{f"{name}__isnull": True})
    to_friends = Q(**{name: Audience.CONNECTIONS.value}, user_id__in=friends)
    return to_members | to_friends


def cards(profiles: Iterable[Profile], viewer: User) -> list[Card]:
    friends = friends_of(viewer.pk)
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
