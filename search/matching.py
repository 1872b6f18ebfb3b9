"""Need → people and person → needs: the engine proposes, the database decides.

Every candidate is read again as it is now (`live`); what falls out is refilled from the
200 that were asked for.
Then fairness between people, then reasons in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from profiles.access import Tier, name_at
from profiles.models import Profile, VolunteerRegistration
from projects.models import LIVE, Answer, Need
from search import serving, sources
from search.budget import record_cards
from search.crowding import crowded
from search.documents import NeedDocument, PersonDocument
from search.engine import Candidate, MatchRequest
from search.keys import NEED, PERSON, VOLUNTEER, doc_id
from search.live import Person, live_needs, live_people
from search.models import Arrival, Recommendation
from search.reasons import Band, band_of, reasons
from search.rerank import fair_order

SHOWN = 10
REMEMBERED = timedelta(days=30)
NEW_FOR = timedelta(days=7)
AFTER_A_NO = 0.5  # what a private no leaves of the score of that pair


@dataclass(frozen=True)
class PersonMatch:
    """A person as a lead sees them: nothing that they did not give for matching."""

    person: Person
    band: Band
    reasons: list[str]
    state: str  # of a live answer between the two, else ""
    is_new: bool = False

    @property
    def is_volunteer(self) -> bool:
        return isinstance(self.person, VolunteerRegistration)

    @property
    def name(self) -> str:
        if isinstance(self.person, VolunteerRegistration):
            return _("A volunteer")
        return name_at(self.person, Tier.MEMBER)


@dataclass(frozen=True)
class NeedMatch:
    need: Need
    band: Band
    reasons: list[str]
    state: str


def people_for_need(need: Need, viewer: User) -> list[PersonMatch]:
    """The best ten for a need, for one of its leads, whose budget of cards they count
    in. Raises `OverBudget`."""
    wanted = sources.need_document(need)
    found = candidates_for(wanted)
    people = live_people(found, viewer, tier=wanted.safeguarding_tier)
    answers = answers_to(need)
    scored = [
        replace(one, score=one.score * AFTER_A_NO)
        if answers.get(one.id) == Answer.State.DECLINED
        else one
        for one in found
        if one.id in people
    ]
    ordered = fair_order(
        scored, subject_id=wanted.id, recommendations=recent(people.values())
    )
    fresh = new_for(need)
    matches: list[PersonMatch] = []
    for one in ordered:
        band = band_of(one.score)
        if band is None or len(matches) == SHOWN:
            continue
        person = people[one.id]
        why = reasons(wanted, document_of(person), one.points, to_person=False)
        state = answers.get(one.id, "")
        told = state if state in LIVE else ""
        is_new = one.id in fresh and not state
        matches.append(PersonMatch(person, band, why, told, is_new))
    shown = [match.person for match in matches]
    record_cards(by=viewer, people=[key_of_person(person) for person in shown])
    remember(need, shown)
    return matches


def key_of_person(person: Person) -> UUID:
    """Of the account or the registration."""
    key: UUID = person.user_id if isinstance(person, Profile) else person.pk
    return key


def needs_for_person(profile: Profile, limit: int = SHOWN) -> list[NeedMatch]:
    return _needs_for(sources.person_document(profile), profile, limit)


def needs_for_registration(
    registration: VolunteerRegistration, limit: int = 3
) -> list[NeedMatch]:
    document = sources.volunteer_document(registration)
    return _needs_for(document, registration, limit)


def as_a_lead_sees(profile: Profile) -> tuple[Need, PersonMatch] | None:
    """The card of this member that the lead of the need gets that fits best."""
    document = sources.person_document(profile)
    for one in _needs_for(document, profile, limit=1, to_person=False):
        return one.need, PersonMatch(profile, one.band, one.reasons, "")
    return None


def _needs_for(
    document: PersonDocument, person: Person, limit: int, *, to_person: bool = True
) -> list[NeedMatch]:
    found = serving.engine().match(MatchRequest(subject=document))
    needs = live_needs(found, person)
    answers = answers_of(person)
    full = crowded(needs.values())
    matches: list[NeedMatch] = []
    for one in found:
        need, band = needs.get(one.id), band_of(one.score)
        state = answers.get(one.id, "")
        if need is None or band is None or state == Answer.State.DECLINED:
            continue
        if need.pk in full and state not in LIVE:
            continue
        wanted = sources.need_document(need)
        why = reasons(wanted, document, one.points, to_person=to_person)
        matches.append(NeedMatch(need, band, why, state if state in LIVE else ""))
        if len(matches) == limit:
            break
    return matches


def candidates_for(wanted: NeedDocument) -> list[Candidate]:
    return serving.engine().match(MatchRequest(subject=wanted))


def answers_to(need: Need) -> dict[str, str]:
    """The state of the newest answer of each person, by document id."""
    states: dict[str, str] = {}
    for answer in need.answers.order_by("created_at"):
        states[subject_of(answer)] = answer.state
    return states


def answers_of(person: Person) -> dict[str, str]:
    mine = (
        Answer.objects.filter(registration=person)
        if isinstance(person, VolunteerRegistration)
        else Answer.objects.filter(person=person.user_id)
    )
    return {
        doc_id(NEED, answer.need_id): answer.state
        for answer in mine.order_by("created_at")
    }


def subject_of(answer: Answer) -> str:
    if answer.person_id is not None:
        return doc_id(PERSON, answer.person_id)
    return doc_id(VOLUNTEER, answer.registration_id)


def document_of(person: Person) -> PersonDocument:
    if isinstance(person, VolunteerRegistration):
        return sources.volunteer_document(person)
    return sources.person_document(person)


def new_for(need: Need) -> set[str]:
    """Who began to fit it within the last week, by document id."""
    since = timezone.localdate() - NEW_FOR
    pairs = Arrival.objects.filter(need=need, day__gt=since).values_list(
        "person", "registration"
    )
    return {
        doc_id(PERSON, person) if person else doc_id(VOLUNTEER, registration)
        for person, registration in pairs
    }


def recent(people: Iterable[Person]) -> dict[str, int]:
    """How often each was recommended in the last 30 days, by document id."""
    since = timezone.localdate() - REMEMBERED
    rows = Recommendation.objects.filter(day__gte=since)
    members = [one.user_id for one in people if isinstance(one, Profile)]
    volunteers = [one.pk for one in people if isinstance(one, VolunteerRegistration)]
    counts: dict[str, int] = {}
    for kind, field, keys in (
        (PERSON, "person", members),
        (VOLUNTEER, "registration", volunteers),
    ):
        shown = rows.filter(**{f"{field}__in": keys}).values(field)
        for row in shown.annotate(times=Count("pk")).order_by():
            counts[doc_id(kind, row[field])] = row["times"]
    return counts


def remember(need: Need, people: Iterable[Person]) -> None:
    """One line for each pair and day; a reload counts nothing."""
    today = timezone.localdate()
    rows = [
        Recommendation(need=need, registration=one, day=today)
        if isinstance(one, VolunteerRegistration)
        else Recommendation(need=need, person_id=one.user_id, day=today)
        for one in people
    ]
    Recommendation.objects.bulk_create(rows, ignore_conflicts=True)
