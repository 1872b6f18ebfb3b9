"""Who looked at a person's profile: the page that they alone see.

Named is whoever the person could open at this moment, as they would see them. Of all
others it says that there was somebody: behind a block, on a pause, unlisted, gone,
suspended, or kept from each other by a survivor's wish. Leaving them out would hide
from the person that they were looked at; saying which of these it is would tell of
the other what they did not show. How many there were on a day is not told either: a
name that is gone and a number that is one more would be the same one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit
from network.folding import fold
from network.models import AuditEntry, User
from profiles import access
from profiles.models import Profile, ProfileView

KEPT: Final = timedelta(days=90)
DAYS: Final = 14  # with somebody, on a page


@dataclass(frozen=True)
class Onlooker:
    name: str
    person_id: UUID


@dataclass(frozen=True)
class DayOfLooks:
    day: date
    people: list[Onlooker]
    has_others: bool  # whose names this person does not see
    has_staff: bool  # who opened it with a reason that is on record

    @property
    def names(self) -> Iterator[str]:
        yield from (one.name for one in self.people)
        if self.has_others:
            yield _("Somebody whom you do not see")
        if self.has_staff:
            yield _("Our team, for a reason that is on record")


def first_day() -> date:
    return timezone.localdate() - KEPT


def days_with_looks(person: User) -> list[date]:
    """The newest first."""
    days = set(_views(person).values_list("day", flat=True).distinct())
    return sorted(days.union(_staff_days(person)), reverse=True)


def looks_on(person: User, days: Iterable[date]) -> list[DayOfLooks]:
    """In a fixed number of queries, by the names of those who are named."""
    wanted = list(days)
    by_day: dict[date, list[Profile]] = {day: [] for day in wanted}
    views = _views(person).filter(day__in=wanted).select_related("viewer__profile")
    for view in views:
        by_day[view.day].append(view.viewer.profile)
    everybody = {one.pk: one for people in by_day.values() for one in people}
    named = _named(person, everybody.values())
    staff = _staff_days(person)
    return [_day(day, by_day[day], named, has_staff=day in staff) for day in wanted]


def _day(
    day: date,
    profiles: Collection[Profile],
    named: dict[UUID, Onlooker],
    *,
    has_staff: bool,
) -> DayOfLooks:
    people = [named[one.user_id] for one in profiles if one.user_id in named]
    return DayOfLooks(
        day=day,
        people=sorted(people, key=lambda one: (fold(one.name), one.person_id)),
        has_others=len(people) < len(profiles),
        has_staff=has_staff,
    )


def _named(person: User, profiles: Collection[Profile]) -> dict[UUID, Onlooker]:
    tiers = access.tiers_of(person, profiles)
    return {
        one.user_id: Onlooker(one.pseudonym, one.user_id)
        for one in profiles
        if one.user_id in tiers
        and one.pseudonym
        and one.audience_of("pseudonym") in access.AUDIENCES[tiers[one.user_id]]
    }


def _views(person: User) -> QuerySet[ProfileView]:
    mine = ProfileView.objects.filter(subject__user=person, day__gte=first_day())
    return mine.exclude(viewer__profile=None)


def _staff_days(person: User) -> set[date]:
    """Openings of the profile itself. Who reads a report about a person opens what was
    kept of it and no profile, and would tell them that somebody reported them."""
    profile = access.own_profile(person)
    if profile is None:
        return set()
    entries: QuerySet[AuditEntry] = audit.history(profile)
    opened = entries.filter(action="viewed", at__date__gte=first_day())
    return {timezone.localdate(at) for at in opened.values_list("at", flat=True)}
