"""How many different people one may see on cards in a day.

A card tells what a member tells to members: name, languages, skills. So the cards of
the directory and of rankings have a budget too (SAFETY: infiltrator, scrape the
directory), beside the one of opened profiles (`profiles.actions.profile`). It counts
people and not pages: a page of many is many, and whoever was seen today is not counted
again, so searching on among the same people costs nothing.

100 people in probation are four pages of the directory, or the rankings of ten needs;
500 afterwards are twenty pages. That is some three cards for each profile that one may
open: enough to choose whom to look at, and a directory of thousands still takes weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from network.cipher import blind_index
from network.models import User
from profiles.actions.profile import OverBudget
from profiles.models import Profile, Standing
from search.models import SeenCard

CARDS_A_DAY: Final[dict[str, int]] = {
    Standing.PROBATION: 100,
    Standing.MEMBER: 500,
    Standing.TRUSTED: 500,
}


def record_cards(*, by: User, people: Iterable[UUID]) -> None:
    """Notes who is shown to whom today, all or nobody: ids of accounts, and of
    registrations. Raises `OverBudget` when they are more new ones than are left.

    The viewer's own row is locked, so that two pages at once cannot both be the last.
    """
    keys = {key_of(by, person) for person in people}
    today = timezone.localdate()
    with transaction.atomic():
        viewer = Profile.objects.select_for_update().get(user=by)
        seen = SeenCard.objects.filter(viewer=by, day=today)
        new = keys.difference(seen.filter(key__in=keys).values_list("key", flat=True))
        limit = CARDS_A_DAY.get(Standing(viewer.standing), 0)
        if new and seen.count() + len(new) > limit:
            raise OverBudget
        SeenCard.objects.bulk_create(
            [SeenCard(viewer=by, key=key, day=today) for key in sorted(new)]
        )


def key_of(viewer: User, person: UUID) -> str:
    """Of this pair alone: a stolen table does not tell who was seen."""
    return blind_index(f"{viewer.pk} {person}", purpose="seen card")


def forget_earlier_days() -> int:
    """Only today counts; returns how many were forgotten."""
    return SeenCard.objects.filter(day__lt=timezone.localdate()).delete()[0]
