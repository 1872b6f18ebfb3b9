"""Whoever registers, or changes what they offer, is matched as they arrive.

The worker follows the outbox, withdrawals first like every consumer, and remembers for
which needs somebody began to fit; their leads are told once a day, without a name.
After an attack thousands come within the hour: a need to which many were led already
is full for the next ones, so that they are led to others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from network import notify, outbox
from network.models import Notice, OutboxEntry, User
from profiles.models import VolunteerRegistration
from projects.access import is_lead
from projects.models import Need, ProjectMember
from search import sources
from search.crowding import places_left
from search.documents import AnyDocument, PersonDocument
from search.engine import Answering, MatchRequest
from search.keys import PERSON, VOLUNTEER, doc_id, key_of
from search.live import live_people
from search.matching import SHOWN
from search.models import Arrival
from search.reasons import Band, band_of
from search.replica import replica

Found = Mapping[UUID, list[tuple[str, float]]]
"""Needs, each with the people who fit it and their scores."""

CONSUMER: Final = "arrivals"
NOTICE: Final = "people fit"
BATCH: Final = 100
NEEDS_EACH: Final = 3
LOOKED_THROUGH: Final = 30  # needs, best first: the first may have no place left
REMEMBERED: Final = timedelta(days=30)


def match_arrivals(*, seconds: float = 2.0) -> int:
    """For about so long; returns how many entries were read. Who was there before this
    consumer began has not arrived."""
    if not outbox.has_started(CONSUMER):
        outbox.start(CONSUMER, outbox.end())
    end, count = monotonic() + seconds, 0
    while entries := outbox.read(CONSUMER, BATCH):
        take_in(entries)
        count += len(entries)
        if monotonic() > end:
            break
    return count


def take_in(entries: list[OutboxEntry]) -> None:
    """Matched outside of any transaction, which would hold up everybody's writing.
    Killed between, it is done once more: nobody is told twice in a day."""
    people = now(entries)
    gone = [one for one, document in people.items() if document is None]
    found = newcomers(led_to(announced(people)))
    tell_leads(found)
    with transaction.atomic():
        forget(gone)
        rows = [row(need, one) for need, people in found.items() for one, _ in people]
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)
        outbox.advance(CONSUMER, entries)


def now(entries: Iterable[OutboxEntry]) -> dict[str, AnyDocument | None]:
    """Whom the entries tell of, as they are now."""
    keys: dict[str, dict[str, None]] = {PERSON: {}, VOLUNTEER: {}}
    for entry in entries:
        if entry.kind in keys:
            keys[entry.kind][entry.key] = None
    return {
        doc_id(kind, key): document
        for kind, wanted in keys.items()
        for key, document in sources.documents(kind, wanted).items()
    }


def announced(people: Mapping[str, AnyDocument | None]) -> dict[str, PersonDocument]:
    """Volunteers only once they opened the mailed link: nobody is told of others."""
    found = {
        one: document
        for one, document in people.items()
        if isinstance(document, PersonDocument)
    }
    keys = [key_of(one)[1] for one in found if key_of(one)[0] == VOLUNTEER]
    waiting = VolunteerRegistration.objects.filter(pk__in=keys, confirmed_at=None)
    for key in waiting.values_list("pk", flat=True):
        del found[doc_id(VOLUNTEER, key)]
    return found


def led_to(people: Mapping[str, PersonDocument]) -> Found:
    """The needs that fit, by this process's own engine: it is never behind, and
    thousands come at once. A need takes no more people than it has places left for."""
    found: dict[UUID, list[tuple[str, float]]] = defaultdict(list)
    engine = replica.engine()
    proposals = {one: good_needs(engine, document) for one, document in people.items()}
    room = places_left({key for needs in proposals.values() for key, _ in needs})
    for one, needs in proposals.items():
        given = 0
        for need, score in needs:
            if room.get(need, 0) > 0 and given < NEEDS_EACH:
                found[need].append((one, score))
                room[need] -= 1
                given += 1
    return found


def good_needs(engine: Answering, person: PersonDocument) -> list[tuple[UUID, float]]:
    found = engine.match(MatchRequest(subject=person), LOOKED_THROUGH)
    return [
        (UUID(key_of(one.id)[1]), one.score)
        for one in found
        if (band_of(one.score) or 0) >= Band.GOOD
    ]


def newcomers(found: Found) -> Found:
    """Who had begun to fit before is not new again."""
    known = known_pairs(found)
    fresh = {
        need: [pair for pair in people if (need, pair[0]) not in known]
        for need, people in found.items()
    }
    return {need: people for need, people in fresh.items() if people}


def known_pairs(found: Iterable[UUID]) -> set[tuple[UUID, str]]:
    rows = Arrival.objects.filter(need__in=list(found))
    pairs = rows.values_list("need", "person", "registration")
    return {
        (need, doc_id(PERSON, person) if person else doc_id(VOLUNTEER, registration))
        for need, person, registration in pairs
    }


def row(need: UUID, identifier: str) -> Arrival:
    kind, key = key_of(identifier)
    if kind == PERSON:
        return Arrival(need_id=need, person_id=key)
    return Arrival(need_id=need, registration_id=key)


def forget(identifiers: Iterable[str]) -> None:
    """Of those who withdrew: nothing remains of whom they would have fitted."""
    keys: dict[str, list[UUID]] = {PERSON: [], VOLUNTEER: []}
    for one in identifiers:
        kind, key = key_of(one)
        keys[kind].append(UUID(key))
    Arrival.objects.filter(person__in=keys[PERSON]).delete()
    Arrival.objects.filter(registration__in=keys[VOLUNTEER]).delete()


def tell_leads(fresh: Found) -> None:
    """Once a day for each need, and only those who may see one of the people, on the
    page that the notice opens: it shows the best few."""
    needs = sources.needs().in_bulk(list(fresh))
    told = told_today(needs)
    engine = replica.engine()
    for key, need in needs.items():
        best = engine.match(MatchRequest(subject=sources.need_document(need)), SHOWN)
        arrived = {one for one, _score in fresh[key]}
        people = [one for one in best if one.id in arrived]
        for lead in leads_of(need) if people else []:
            is_known = (lead.pk, address(key)) in told
            if not is_known and live_people(people, lead, tier=need.safeguarding_tier):
                tell(lead, key)


def leads_of(need: Need) -> list[User]:
    """Those who may see its ranking."""
    rows = ProjectMember.objects.filter(
        project=need.project, role=ProjectMember.Role.LEAD
    ).select_related("person__profile")
    people = [row.person for row in rows]
    return [person for person in people if is_lead(person, need.project)]


def tell(lead: User, need: UUID) -> None:
    """Under the lead's own row: another worker may be about to."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=lead.pk)
        if (lead.pk, address(need)) not in told_today([need]):
            notify.notify(person=lead, kind=NOTICE, url=address(need))


def address(need: UUID) -> str:
    return reverse("search:matches_for_need", args=[need])


def told_today(needs: Iterable[UUID]) -> set[tuple[UUID, str]]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    notices = Notice.objects.filter(
        kind=NOTICE, created_at__gte=midnight, url__in=[address(key) for key in needs]
    )
    return set(notices.values_list("person", "url"))


def forget_old() -> None:
    Arrival.objects.filter(day__lt=timezone.localdate() - REMEMBERED).delete()
