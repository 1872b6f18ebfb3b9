"""How many a need can take, so that a rush does not all go to the same place.

A need whose lead has many offers to answer for each free place is not proposed to
others until some are answered: whoever came next would wait for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from projects.models import WAITING, Answer, Need
from search.models import Arrival

OFFERS_A_SEAT: Final = 10  # waiting for the lead's answer
LED_A_SEAT: Final = 20  # in a week
A_WEEK: Final = timedelta(days=7)


def crowded(needs: Iterable[Need]) -> set[UUID]:
    """Those where ten offers or more wait for each free place."""
    needs = list(needs)
    waiting = dict(
        Answer.objects.filter(need__in=needs, state__in=WAITING)
        .values_list("need")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {
        need.pk
        for need in needs
        if waiting.get(need.pk, 0) >= OFFERS_A_SEAT * max(need.seats_left, 1)
    }


def places_left(keys: Collection[UUID]) -> dict[UUID, int]:
    """How many more may be led to each of these needs this week; closed ones and
    unknown ones are left out."""
    since = timezone.localdate() - A_WEEK
    led = dict(
        Arrival.objects.filter(need__in=keys, day__gt=since)
        .values_list("need")
        .annotate(count=Count("pk"))
        .order_by()
    )
    needs = Need.objects.open().filter(pk__in=keys)
    full = crowded(needs)
    return {
        need.pk: LED_A_SEAT * need.seats_left - led.get(need.pk, 0)
        for need in needs
        if need.pk not in full
    }
