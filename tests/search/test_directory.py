"""Whom one sees on cards is counted as opened profiles are: by people, not by pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Notice, User
from profiles.actions.profile import VIEWS_A_DAY
from profiles.models import Profile, Standing
from search import budget, chores, directory
from search.models import Recommendation, SeenCard
from search.replica import replica
from tests.cast import Cast, client_of, create_member
from tests.search.conftest import create_need, offer

pytestmark = pytest.mark.django_db
URL = "/people/"
ENOUGH = 429


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "SIZE", 2)


def allow(monkeypatch: pytest.MonkeyPatch, people: int) -> None:
    for standing in budget.CARDS_A_DAY:
        monkeypatch.setitem(budget.CARDS_A_DAY, standing, people)


def look(client: Client, **asked: Any) -> int:
    return client.get(URL, asked).status_code


def test_it_is_people_that_are_counted_and_once_a_day(
    cast: Cast, pages_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, 3)
    client = client_of(cast.newcomer)
    assert look(client) == 200
    # the same people again, as often as one likes, also found in another way
    first = client.get(URL).context["cards"][0].profile
    assert [look(client), look(client, page=1)] == [200, 200]
    assert look(client, q=first.pseudonym) == 200
    answer = client.get(URL, {"page": 2})
    assert answer.status_code == ENOUGH
    assert "Enough for today" in answer.content.decode()
    assert SeenCard.objects.filter(viewer=cast.newcomer).count() == 2
    assert look(client) == 200
    assert look(client_of(cast.former)) == 200


def test_a_page_of_many_is_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 3)
    answer = client_of(cast.newcomer).get(URL)
    assert answer.status_code == ENOUGH
    assert cast.former.profile.pseudonym not in answer.content.decode()
    assert not SeenCard.objects.exists()  # whoever was not shown is not counted


def test_moderators_are_told_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    client = client_of(cast.newcomer)
    assert [look(client), look(client)] == [ENOUGH, ENOUGH]
    alerts = Notice.objects.filter(person=cast.moderator, kind="view_budget")
    assert alerts.count() == 1


def test_rankings_count_in_the_same_budget(
    cast: Cast, pages_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, 3)
    offer(cast.former)
    offer(cast.survivor)
    need, other = create_need(cast.lead), create_need(cast.lead)
    client = client_of(cast.lead)
    url = f"/needs/{need.pk}/matches/"
    assert client.get(url).status_code == 200
    assert SeenCard.objects.filter(viewer=cast.lead).count() == 2
    assert client.get(f"/needs/{other.pk}/matches/").status_code == 200  # the same two
    offer(cast.stranger)
    offer(cast.newcomer)
    replica.reset()
    told = Recommendation.objects.count()
    answer = client.get(url)
    assert answer.status_code == ENOUGH
    assert Recommendation.objects.count() == told  # nobody was recommended
    assert cast.former.profile.pseudonym not in answer.content.decode()


def test_a_new_day_begins_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 20)
    client = client_of(cast.newcomer)
    assert look(client) == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    SeenCard.objects.all().update(day=yesterday)
    seen = SeenCard.objects.count()
    assert look(client) == 200
    assert SeenCard.objects.count() == 2 * seen
    chores.forget_seen_cards()
    assert SeenCard.objects.count() == seen


def test_nothing_tells_who_was_seen(cast: Cast) -> None:
    for viewer in (cast.newcomer, cast.former):
        look(client_of(viewer))
    keys = list(SeenCard.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))  # the same person has another key for each
    for person in User.objects.all():
        assert not any(person.pk.hex in key or str(person.pk) in key for key in keys)


def test_the_ordinary_day_of_a_new_member_is_possible(cast: Cast) -> None:
    new, member = (budget.CARDS_A_DAY[s] for s in (Standing.PROBATION, Standing.MEMBER))
    assert new >= 4 * directory.SIZE
    assert VIEWS_A_DAY[Standing.PROBATION] < new < member
    assert set(budget.CARDS_A_DAY) == set(VIEWS_A_DAY)


def test_the_page_says_the_numbers_that_are_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [
        str(table[standing])
        for standing in (Standing.PROBATION, Standing.MEMBER)
        for table in (VIEWS_A_DAY, budget.CARDS_A_DAY)
    ]
    allow(monkeypatch, 0)
    page = client_of(cast.newcomer).get(URL).content.decode().partition("<main")[2]
    assert [word for word in page.split() if word in numbers] == numbers


def test_counting_costs_no_query_for_each_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(cast.former)

    def cost() -> int:
        SeenCard.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert look(client) == 200
        return len(captured)

    cost()
    few = cost()
    for number in range(8):
        create_member(f"more{number}")
    assert cost() == few
    assert SeenCard.objects.count() == Profile.objects.listed().count() - 1


def test_the_list_does_not_say_what_anybody_was(cast: Cast) -> None:
    for viewer in (cast.former, cast.newcomer):
        page = client_of(viewer).get(URL)
        assert page.context["cards"]
        words = page.content.decode().partition("<main")[2]
        assert 'class="tag former' not in words
        assert 'class="tag survivor' not in words
