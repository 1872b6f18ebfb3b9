"""What a lead and a person see of each other, and never see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import outbox
from network.models import Lane, User
from profiles.models import (
    Block,
    Profile,
    ProfileSkill,
    Standing,
    VolunteerRegistration,
)
from projects.models import Answer
from search import loosening, matching
from search.models import Recommendation
from search.reasons import Band
from search.replica import replica
from tests.cast import Cast, client_of, create_member
from tests.search.conftest import OSTEND, create_need, offer

pytestmark = pytest.mark.django_db


def found(cast: Cast, need: object) -> list[User]:
    return [
        match.person.user
        for match in matching.people_for_need(need, cast.lead)  # type: ignore[arg-type]
        if isinstance(match.person, Profile)
    ]


def volunteer(**fields: Any) -> VolunteerRegistration:
    values = {
        "email": "somebody@example.org",
        "email_index": "x",
        "skills": {"first-aid": 9},
        "languages": ["en"],
        "slots": ["tue-eve"],
        "place": dict(OSTEND),
        "confirmed_at": timezone.now(),
        "expires_at": timezone.now() + timedelta(days=300),
        **fields,
    }
    return VolunteerRegistration.objects.create(**values)


def test_a_lead_sees_who_fits_with_band_and_reasons(cast: Cast) -> None:
    offer(cast.former)
    (match,) = matching.people_for_need(create_need(cast.lead), cast.lead)
    assert match.person == cast.former.profile
    assert match.band == Band.STRONG
    assert len(match.reasons) == 3
    assert match.reasons[0] == "Offers First aid, which you asked for"
    assert not any("km" in reason or "%" in reason for reason in match.reasons)


@pytest.mark.parametrize("change", ["no consent", "suspended", "hidden", "full"])
def test_who_may_not_be_matched_is_gone_at_once(cast: Cast, change: str) -> None:
    """Without any outbox line: the database decides, not the index."""
    profile = offer(cast.former)
    need = create_need(cast.lead)
    assert found(cast, need) == [cast.former]
    changes: dict[str, dict[str, Any]] = {
        "no consent": {"is_matched": False},
        "suspended": {"standing": Standing.SUSPENDED},
        "hidden": {"hidden_until": timezone.now() + timedelta(days=1)},
        "full": {"load": 3},
    }
    Profile.objects.filter(pk=profile.pk).update(**changes[change])
    assert found(cast, need) == []


@pytest.mark.parametrize("mine", [True, False])
def test_a_block_hides_both_ways(cast: Cast, mine: bool) -> None:
    offer(cast.former)
    need = create_need(cast.lead)
    pair = (cast.former, cast.lead) if mine else (cast.lead, cast.former)
    Block.objects.create(blocker=pair[0], blocked=pair[1])
    assert found(cast, need) == []
    assert matching.needs_for_person(cast.former.profile) == []


def test_a_survivor_who_refuses_formers_is_not_shown_to_one(cast: Cast) -> None:
    profile = offer(cast.survivor)
    profile.contact_rules = {"no_formers": True}
    profile.save()
    need = create_need(cast.lead)
    assert found(cast, need) == [cast.survivor]
    for kind in ("former", ""):
        cast.lead.profile.kind = kind
        cast.lead.profile.save()
        assert found(cast, need) == []


@pytest.mark.parametrize("leads", [True, False])
def test_needs_are_not_offered_across_the_wish_to_see_no_formers(
    cast: Cast, leads: bool
) -> None:
    person, lead = offer(cast.former), cast.lead.profile
    need = create_need(cast.lead)
    assert [match.need for match in matching.needs_for_person(person)] == [need]
    survivor, former = (lead, person) if leads else (person, lead)
    survivor.kind, survivor.contact_rules = "survivor", {"no_formers": True}
    former.kind, former.contact_rules = "former", {}
    for profile in (survivor, former):
        profile.save()
    assert matching.needs_for_person(person) == []


def test_an_unconfirmed_registration_is_matched_and_nobody_is_told(cast: Cast) -> None:
    row = volunteer(confirmed_at=None)
    need = create_need(cast.lead)
    assert [match.need for match in matching.needs_for_registration(row)] == [need]
    assert matching.people_for_need(need, cast.lead) == []
    row.confirmed_at = timezone.now()
    row.save()
    (match,) = matching.people_for_need(need, cast.lead)
    assert match.is_volunteer
    assert match.name == "A volunteer"


def test_safeguarding_keeps_new_registrations_away(cast: Cast) -> None:
    row = volunteer()
    create_need(cast.lead, safeguarding_tier=1)
    assert matching.needs_for_registration(row) == []


def test_a_private_no_lowers_the_pair(cast: Cast) -> None:
    offer(cast.former)
    need = create_need(cast.lead)
    Answer.objects.create(need=need, person=cast.former, state=Answer.State.DECLINED)
    matches = matching.people_for_need(need, cast.lead)
    assert [match.band for match in matches] in ([], [Band.POSSIBLE])
    assert matching.needs_for_person(cast.former.profile) == []


def test_a_reload_counts_as_one_recommendation(cast: Cast) -> None:
    offer(cast.former)
    need = create_need(cast.lead)
    for _ in range(3):
        matching.people_for_need(need, cast.lead)
    assert Recommendation.objects.count() == 1


def test_who_was_recommended_often_steps_back(cast: Cast) -> None:
    for person in (cast.former, cast.stranger):
        offer(person)
    need = create_need(cast.lead)
    others = [create_need(cast.lead) for _ in range(4)]
    day = timezone.localdate() - timedelta(days=2)
    first = found(cast, need)[0]
    Recommendation.objects.all().delete()
    for other in others:
        Recommendation.objects.create(need=other, person=first, day=day)
    assert found(cast, need)[0] != first


def test_few_results_offer_to_loosen_without_exact_counts(cast: Cast) -> None:
    offer(cast.former).experience_years = 0
    need = create_need(cast.lead, min_experience=3)
    offers = loosening.loosenings(need, cast.lead, shown=0)
    assert ("Ask for no experience", "a few more") in [
        (one.label, one.more) for one in offers
    ]


def test_the_ranking_costs_the_same_for_many(cast: Cast) -> None:

    need = create_need(cast.lead)
    offer(cast.former)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            matching.people_for_need(need, cast.lead)
        return len(queries)

    count()
    before = count()
    for number in range(6):
        offer(create_member(f"more{number}"))

    replica.reset()
    matching.people_for_need(need, cast.lead)
    assert count() == before


def test_a_change_told_by_the_outbox_is_found_by_the_next_question(cast: Cast) -> None:

    need = create_need(cast.lead)
    assert found(cast, need) == []
    with transaction.atomic():
        profile = offer(cast.former)
        outbox.append(
            lane=Lane.PEOPLE,
            kind="person",
            key=cast.former.pk,
            version=profile.version,
        )
    assert found(cast, need) == [cast.former]
    ProfileSkill.objects.all().delete()
    with transaction.atomic():
        outbox.append(
            lane=Lane.PEOPLE,
            kind="person",
            key=cast.former.pk,
            version=profile.version + 1,
        )
    assert found(cast, need) == []


def test_a_check_that_is_over_counts_no_more_at_once(cast: Cast) -> None:
    """Without any outbox line, on either page."""
    profile = offer(cast.former)
    profile.safeguarding_tier = 1
    profile.save()
    need = create_need(cast.lead, safeguarding_tier=1)
    assert found(cast, need) == [cast.former]
    assert [one.need for one in matching.needs_for_person(profile)] == [need]
    yesterday = timezone.localdate() - timedelta(days=1)
    Profile.objects.filter(pk=profile.pk).update(safeguarding_until=yesterday)
    assert found(cast, need) == []
    assert matching.needs_for_person(Profile.objects.get(pk=profile.pk)) == []


def test_the_preview_as_a_lead_shows_the_very_card_that_the_lead_gets(
    cast: Cast,
) -> None:
    profile = offer(cast.former)
    need = create_need(cast.lead)
    (match,) = matching.people_for_need(need, cast.lead)
    shown = matching.as_a_lead_sees(profile)
    assert shown is not None
    assert (shown[0], shown[1].name, shown[1].band, shown[1].reasons) == (
        need,
        match.name,
        match.band,
        match.reasons,
    )
    page = client_of(cast.former).get("/me/preview/?as=lead").content.decode()
    assert "Offers First aid, which you asked for" in page
    assert "First aiders for the evening" in page
    for nearer in ("member", "connection", "stranger"):
        other = client_of(cast.former).get(f"/me/preview/?as={nearer}")
        assert "Offers First aid" not in other.content.decode()
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    page = client_of(cast.former).get("/me/preview/?as=lead").content.decode()
    assert "Offers First aid" not in page
