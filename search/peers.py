"""Members from whom another could learn: one short list a day for each.

Whoever was proposed to many steps back (`search.rerank`), so that nobody is shown to
everybody; who was passed over is not proposed to the same viewer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from network import audit
from network.access import NotFound
from network.cipher import blind_index
from network.models import User
from profiles.models import Profile
from search.budget import record_cards
from search.engine import Candidate
from search.models import PeerPassedOver, PeerSuggestion
from search.peering import Peer, proposals
from search.rerank import fair_order

SHOWN = 6  # a day
MOST_SHOWN_TO = 20  # viewers of one person in a day
REMEMBERED = timedelta(days=30)


def peers_for(viewer: Profile) -> list[Peer]:
    """Today's list, as far as it may be shown now. Raises `OverBudget`."""
    with transaction.atomic():
        # two pages at once must not make two lists
        Profile.objects.select_for_update().get(pk=viewer.pk)
        chosen = chosen_today(viewer.user)
        gone = passed_over(viewer.user)
        found = {
            key: peer
            for key, peer in proposals(viewer, among=chosen).items()
            if key_of(viewer.user, key) not in gone
        }
        keys = chosen or choose(viewer.user, found)
        shown = [found[key] for key in keys if key in found]
        record_cards(by=viewer.user, people=[one.profile.user_id for one in shown])
    return shown


def chosen_today(viewer: User) -> list[UUID]:
    today = PeerSuggestion.objects.filter(viewer=viewer, day=timezone.localdate())
    return list(today.order_by("place").values_list("person", flat=True))


def choose(viewer: User, found: Mapping[UUID, Peer]) -> list[UUID]:
    """The day's list: best first, after fairness."""
    today = timezone.localdate()
    lately = times_shown(found, since=today - REMEMBERED)
    now = times_shown(found, since=today)
    ordered = fair_order(
        [
            Candidate(str(key), peer.score, {})
            for key, peer in found.items()
            if now.get(str(key), 0) < MOST_SHOWN_TO
        ],
        subject_id=f"{viewer.pk} {today}",
        recommendations=lately,
    )
    keys = [UUID(one.id) for one in ordered[:SHOWN]]
    PeerSuggestion.objects.bulk_create(
        [
            PeerSuggestion(viewer=viewer, person_id=key, place=place)
            for place, key in enumerate(keys)
        ]
    )
    return keys


def times_shown(people: Iterable[UUID], *, since: date) -> dict[str, int]:
    rows = PeerSuggestion.objects.filter(person__in=list(people), day__gte=since)
    counted = rows.values("person").annotate(times=Count("pk")).order_by()
    return {str(row["person"]): row["times"] for row in counted}


def key_of(viewer: User, person: UUID) -> str:
    return blind_index(f"{viewer.pk} {person}", purpose="peer passed over")


def passed_over(viewer: User) -> set[str]:
    rows = PeerPassedOver.objects.filter(viewer=viewer)
    return set(rows.values_list("key", flat=True))


def pass_over(*, by: User, person: UUID) -> None:
    """ "Not this one": whoever it is never hears of it. Raises `NotFound` for somebody
    who does not stand in today's list. Pressed twice it is the same."""
    if person not in chosen_today(by):
        raise NotFound
    with transaction.atomic():
        PeerPassedOver.objects.get_or_create(viewer=by, key=key_of(by, person))
        audit.record(action="peer passed over", by=by, subject=by)


def forget_old() -> int:
    before = timezone.localdate() - REMEMBERED
    return PeerSuggestion.objects.filter(day__lt=before).delete()[0]
