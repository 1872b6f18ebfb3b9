"""Whoever registers is matched as they arrive; leads hear of it; a rush is spread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from network import outbox
from network.models import Lane, Notice, OutboxEntry
from profiles.actions.changes import tell_person, tell_volunteer
from profiles.models import Block, Profile, Standing, VolunteerRegistration
from projects.models import Answer, Need
from search import arrivals, crowding, matching
from search.models import Arrival
from tests.cast import Cast, client_of
from tests.search.conftest import create_need, offer
from tests.search.test_matching import volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def begun() -> None:
    outbox.start(arrivals.CONSUMER, outbox.end())


def arrives(
    someone: Profile | VolunteerRegistration, *, withdrawn: bool = False
) -> Any:
    tell: Any = tell_person if isinstance(someone, Profile) else tell_volunteer
    with transaction.atomic():
        tell(someone, withdrawn=withdrawn)
    arrivals.match_arrivals()
    return someone


def notices(cast: Cast) -> int:
    return Notice.objects.filter(person=cast.lead, kind=arrivals.NOTICE).count()


def test_a_lead_hears_of_who_arrived_and_sees_them_marked(cast: Cast) -> None:
    need = create_need(cast.lead)
    arrives(volunteer())
    (notice,) = Notice.objects.filter(person=cast.lead)
    assert (notice.kind, notice.url) == (arrivals.NOTICE, f"/needs/{need.pk}/matches/")
    page = client_of(cast.lead).get(notice.url).content.decode()
    assert page.count("New this week") == 1


def test_who_was_there_before_is_not_new(cast: Cast) -> None:
    need = create_need(cast.lead)
    offer(cast.former)
    page = client_of(cast.lead).get(f"/needs/{need.pk}/matches/").content.decode()
    assert cast.former.profile.pseudonym in page
    assert "New this week" not in page


def test_a_first_run_takes_nobody_for_new(cast: Cast) -> None:
    outbox.forget(arrivals.CONSUMER)
    create_need(cast.lead)
    arrives(offer(cast.former))
    assert not Arrival.objects.exists()
    arrives(offer(cast.survivor))
    assert Arrival.objects.get().person == cast.survivor


def test_told_once_a_day_and_not_twice_of_the_same(cast: Cast) -> None:
    create_need(cast.lead)
    first = arrives(volunteer())
    arrives(volunteer())
    assert notices(cast) == 1
    Notice.objects.update(created_at=timezone.now() - timedelta(days=1))
    arrives(first)  # saved again, fits as before
    assert notices(cast) == 1
    arrives(volunteer())
    assert notices(cast) == 2


def test_nobody_hears_of_a_volunteer_before_the_mailed_link_was_opened(
    cast: Cast,
) -> None:
    create_need(cast.lead)
    row = arrives(volunteer(confirmed_at=None))
    assert (Arrival.objects.count(), notices(cast)) == (0, 0)
    VolunteerRegistration.objects.update(confirmed_at=timezone.now())
    arrives(row)
    assert (Arrival.objects.count(), notices(cast)) == (1, 1)


@pytest.mark.parametrize("who", ["blocked", "survivor who wants no formers"])
def test_a_lead_is_not_told_of_whom_they_may_not_see(cast: Cast, who: str) -> None:
    create_need(cast.lead)
    profile = offer(cast.survivor)
    if who == "blocked":
        Block.objects.create(blocker=cast.survivor, blocked=cast.lead)
    else:
        profile.contact_rules = {"no_formers": True}
        profile.save()
        cast.lead.profile.kind = ""  # does not say what they are
        cast.lead.profile.save()
    arrives(profile)
    assert notices(cast) == 0


def test_who_withdraws_leaves_no_line(cast: Cast) -> None:
    create_need(cast.lead)
    profile = arrives(offer(cast.former))
    assert Arrival.objects.count() == 1
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    arrives(profile, withdrawn=True)
    assert Arrival.objects.count() == 0


def test_withdrawals_are_read_before_a_rush(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "BATCH", 5)
    create_need(cast.lead)
    profile = arrives(offer(cast.former))
    with transaction.atomic():
        for row in [volunteer() for _ in range(20)]:
            outbox.append(lane=Lane.PEOPLE, kind="volunteer", key=row.pk, version=1)
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    with transaction.atomic():
        tell_person(profile, withdrawn=True)
    assert arrivals.match_arrivals(seconds=0) == 5
    assert not Arrival.objects.filter(person=cast.former).exists()
    left = OutboxEntry.objects.count()
    assert outbox.lag(arrivals.CONSUMER) < left


def test_a_need_that_many_were_led_to_leaves_the_next_to_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "LED_A_SEAT", 2)
    monkeypatch.setattr(arrivals, "NEEDS_EACH", 1)
    best = create_need(cast.lead)
    worse = create_need(cast.lead, slots=["mon-am"])
    for _turn in range(3):
        arrives(volunteer())
    led = Arrival.objects.values_list("need", flat=True)
    assert sorted(led) == sorted([best.pk, best.pk, worse.pk])


@pytest.mark.parametrize("waiting", [1, 2])
def test_where_many_offers_wait_nobody_else_is_led(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr(crowding, "OFFERS_A_SEAT", 2)
    need = create_need(cast.lead)
    for _turn in range(waiting):
        Answer.objects.create(need=need, registration=volunteer(), state="applied")
    found = matching.needs_for_person(offer(cast.former))
    assert [match.need for match in found] == ([need] if waiting == 1 else [])
    Need.objects.update(seats=2)
    assert len(matching.needs_for_person(cast.former.profile)) == 1


def test_whoever_offered_already_keeps_the_card_of_a_crowded_need(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "OFFERS_A_SEAT", 1)
    need = create_need(cast.lead)
    profile = offer(cast.former)
    Answer.objects.create(need=need, person=cast.former, state="applied")
    (match,) = matching.needs_for_person(profile)
    assert match.state == "applied"
    assert matching.needs_for_person(offer(cast.survivor)) == []


def test_nobody_is_told_of_whom_the_page_would_not_show(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "SHOWN", 1)
    need = create_need(cast.lead)
    offer(cast.former)  # fits better, was there before
    arrives(volunteer(skills={"first-aid": 8}, slots=[]))
    assert (Arrival.objects.get().need, notices(cast)) == (need, 0)
    slots, causes = ["tue-eve", "thu-eve"], ["young-people"]
    arrives(volunteer(skills={"first-aid": 10}, slots=slots, causes=causes))
    assert notices(cast) == 1


def test_a_suspended_lead_is_not_told(cast: Cast) -> None:
    create_need(cast.lead)
    Profile.objects.filter(user=cast.lead).update(standing=Standing.SUSPENDED)
    arrives(volunteer())
    assert (Arrival.objects.count(), notices(cast)) == (1, 0)


def test_killed_halfway_it_is_done_again_and_tells_nobody_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    create_need(cast.lead)
    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "forget", die)
        with pytest.raises(KeyboardInterrupt):
            arrives(volunteer())
    assert (Arrival.objects.count(), notices(cast)) == (0, 1)
    arrivals.match_arrivals()
    assert (Arrival.objects.count(), notices(cast)) == (1, 1)


def test_queries_do_not_grow_with_who_arrives(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    create_need(cast.lead)
    arrives(volunteer())  # the lead has been told today
    for count in (2, 20):
        with transaction.atomic():
            for row in [volunteer() for _ in range(count)]:
                tell_volunteer(row)
        with django_assert_max_num_queries(40):
            arrivals.match_arrivals()


def test_lines_are_forgotten_after_a_month(cast: Cast) -> None:
    create_need(cast.lead)
    arrives(volunteer())
    Arrival.objects.update(day=timezone.localdate() - timedelta(days=31))
    arrivals.forget_old()
    assert not Arrival.objects.exists()
