from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from network import outbox
from network.models import Lane, OutboxEntry, OutboxPosition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_log(db: None) -> None:
    """The first pages of the site, made by a migration, have told of themselves."""
    OutboxEntry.objects.all().delete()


class Failed(Exception):
    pass


def append(kind: str, lane: Lane = Lane.REST) -> None:
    with transaction.atomic():
        outbox.append(lane=lane, kind=kind, key=uuid4(), version=1)


def kinds(entries: list[OutboxEntry]) -> list[str]:
    return [entry.kind for entry in entries]


@pytest.mark.django_db(transaction=True)
def test_a_line_without_its_change_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.append(lane=Lane.REST, kind="story", key=uuid4(), version=1)
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_leaves_no_line() -> None:
    def change() -> None:
        outbox.append(lane=Lane.REST, kind="story", key=uuid4(), version=1)
        raise Failed

    with pytest.raises(Failed), transaction.atomic():
        change()
    assert outbox.read("engine") == []


def test_what_takes_away_is_read_before_what_adds() -> None:
    append("page", Lane.REST)
    append("person", Lane.PEOPLE)
    append("need", Lane.NEEDS)
    append("withdrawal", Lane.WITHDRAWALS)
    append("late page", Lane.REST)
    read = kinds(outbox.read("engine"))
    assert read == ["withdrawal", "need", "person", "page", "late page"]
    assert kinds(outbox.read("engine", limit=2)) == ["withdrawal", "need"]


def test_a_consumer_goes_on_where_it_stopped_and_others_are_not_moved() -> None:
    for number in range(5):
        append(f"line {number}")
    outbox.advance("engine", outbox.read("engine", limit=2))
    assert kinds(outbox.read("engine")) == ["line 2", "line 3", "line 4"]
    assert (outbox.lag("engine"), outbox.lag("mail")) == (3, 5)
    assert len(outbox.read("mail")) == 5
    assert outbox.consumers() == ["engine"]


def test_a_position_never_moves_back() -> None:
    for number in range(3):
        append(f"line {number}")
    entries = outbox.read("engine")
    outbox.advance("engine", entries)
    outbox.advance("engine", entries[:1])  # a slower process of the same consumer
    assert outbox.read("engine") == []


def test_advancing_one_lane_leaves_the_others_where_another_process_put_them() -> None:
    append("need", Lane.NEEDS)
    append("page", Lane.REST)
    need, page = outbox.read("engine")
    outbox.advance("engine", [page])
    outbox.advance("engine", [need])
    assert outbox.read("engine") == []
    assert OutboxPosition.objects.filter(consumer="engine").count() == 2


def test_end_lies_behind_everything() -> None:
    append("old", Lane.NEEDS)
    cursor = outbox.end()
    append("new", Lane.NEEDS)
    append("other lane", Lane.REST)
    assert kinds(outbox.pending(cursor)) == ["new", "other lane"]


def test_pruning_drops_what_is_old_and_tells_who_missed_it() -> None:
    append("old")
    append("read in time")
    outbox.advance("quick", outbox.read("quick"))
    outbox.advance("slow", outbox.read("slow", limit=1))
    ago = timezone.now() - outbox.KEPT - timedelta(minutes=1)
    OutboxEntry.objects.update(created_at=ago)
    append("fresh")
    assert outbox.prune() == 2
    assert kinds(outbox.read("quick")) == ["fresh"]
    assert not outbox.has_gap(outbox.load("quick"))
    assert outbox.has_gap(outbox.load("slow"))
    assert outbox.has_gap(outbox.load("a consumer that is new"))
    assert not outbox.has_gap(outbox.end())
    assert outbox.consumers() == ["quick", "slow"]


def test_pruning_leaves_what_may_still_be_read() -> None:
    append("fresh")
    ago = timezone.now() - outbox.KEPT + timedelta(minutes=1)
    OutboxEntry.objects.update(created_at=ago)
    assert outbox.prune() == 0
    assert not outbox.has_gap(outbox.load("a consumer that is new"))
