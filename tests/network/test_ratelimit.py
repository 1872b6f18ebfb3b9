from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from network import ratelimit
from network.models import RateCounter

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # at the edge of a window


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


def hits(count: int, *, key: str = "k", limit: int = 5) -> list[bool]:
    return [
        ratelimit.hit("try", key=key, limit=limit, per=HOUR).allowed
        for _ in range(count)
    ]


@pytest.mark.django_db
def test_hit_beyond_the_limit_is_refused(clock: time_machine.Traveller) -> None:
    assert hits(7) == [True] * 5 + [False] * 2
    assert hits(1, key="somebody else") == [True]
    assert ratelimit.hit("another limit", key="k", limit=5, per=HOUR).allowed


@pytest.mark.django_db
def test_window_slides(clock: time_machine.Traveller) -> None:
    clock.shift(HOUR * 0.9)
    hits(5)
    clock.shift(HOUR * 0.2)
    # a fixed window would have forgotten all five, a tenth of an hour after the edge
    assert hits(2) == [True, False]
    clock.shift(HOUR)
    assert hits(4) == [True] * 4


@pytest.mark.django_db
@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_retry_after_is_neither_too_short_nor_too_long(
    clock: time_machine.Traveller, part: float
) -> None:
    clock.shift(HOUR * part)
    hits(5)
    refused = ratelimit.hit("try", key="k", limit=5, per=HOUR)
    clock.shift(refused.retry_after - timedelta(seconds=2))
    assert hits(1) == [False]
    clock.shift(timedelta(seconds=3))
    assert hits(1) == [True]


@pytest.mark.django_db
def test_refused_hits_do_not_lengthen_the_wait(clock: time_machine.Traveller) -> None:
    hits(50)
    assert RateCounter.objects.get().count == 5


@pytest.mark.django_db
def test_shared_address_is_slowed_and_never_refused(
    clock: time_machine.Traveller,
) -> None:
    decisions = [
        ratelimit.hit("sign", key="school", limit=10, per=HOUR, delay_up_to=4)
        for _ in range(40)
    ]
    delays = [decision.delay for decision in decisions]
    assert all(decision.allowed for decision in decisions)
    assert delays[:10] == [0.0] * 10
    assert delays == sorted(delays)
    assert 0 < delays[10] < 1
    assert max(delays) == 4.0


@pytest.mark.django_db
def test_no_address_stands_in_the_table() -> None:
    ratelimit.hit("sign", key="203.0.113.7", limit=3, per=HOUR)
    ratelimit.hit("other", key="203.0.113.7", limit=3, per=HOUR)
    rows = list(RateCounter.objects.values_list("key_hash", flat=True))
    assert len(set(rows)) == 2
    assert not any("203" in row and "113" in row for row in rows)


@pytest.mark.django_db
def test_pruning_forgets_old_counters_only(clock: time_machine.Traveller) -> None:
    hits(5)
    clock.shift(timedelta(hours=1))
    assert ratelimit.prune() == 0
    clock.shift(2 * ratelimit.LONGEST)
    hits(1, key="new")
    assert ratelimit.prune() == 1
    assert RateCounter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("per", [timedelta(0), timedelta(days=4)])
def test_limit_longer_than_addresses_may_be_kept_is_refused(per: timedelta) -> None:
    with pytest.raises(ValueError, match="limit"):
        ratelimit.hit("try", key="k", limit=1, per=per)


@pytest.mark.django_db
def test_limit_of_nothing_allows_nothing() -> None:
    assert hits(1, limit=0) == [False]


@pytest.mark.django_db(transaction=True)
def test_last_places_are_given_once_when_many_come_at_once() -> None:
    def one_hit(_: int) -> bool:
        try:
            return hits(1)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(one_hit, range(24)))
    assert sum(allowed) == 5
