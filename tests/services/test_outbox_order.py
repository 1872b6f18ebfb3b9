"""Sequence order is not commit order: the outbox under two transactions at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from network import outbox
from network.models import Lane, OutboxEntry

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("postgresql"),
]


def append(key: str) -> None:
    outbox.append(lane=Lane.WITHDRAWALS, kind="person", key=key, version=1)


@contextmanager
def open_transaction(key: str) -> Iterator[None]:
    """Another connection appends first and commits when the block ends."""
    written, may_commit = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                append(key)
                written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert written.wait(20)
    try:
        yield
    finally:
        may_commit.set()
        thread.join(20)


def read_and_remember(consumer: str) -> list[str]:
    entries = outbox.read(consumer)
    outbox.advance(consumer, entries)
    return [entry.key for entry in entries]


@pytest.mark.parametrize("consumer", ["elasticsearch", "mail", "replica 1"])
def test_a_lower_number_that_commits_last_is_missed_by_nobody(consumer: str) -> None:
    read_and_remember(consumer)  # what the migrations told
    with open_transaction("slow"):
        with transaction.atomic():
            append("quick")
        seen = read_and_remember(consumer)
        assert not OutboxEntry.objects.filter(key="slow").exists()  # it is still open
    seen += read_and_remember(consumer)
    assert seen == ["slow", "quick"]
    assert read_and_remember(consumer) == []


def test_a_reader_by_number_alone_would_have_missed_it() -> None:
    """What the horizon is there for: without it this is how it goes."""
    with open_transaction("slow"):
        with transaction.atomic():
            append("quick")
        reached = max(OutboxEntry.objects.values_list("seq", flat=True))
    later = OutboxEntry.objects.filter(seq__gt=reached)
    assert not later.exists()
    assert OutboxEntry.objects.filter(key="slow", seq__lt=reached).exists()


def test_a_replica_in_memory_goes_on_asking_until_the_late_one_is_there() -> None:
    cursor = outbox.end()
    with open_transaction("slow"):
        with transaction.atomic():
            append("quick")
        assert not outbox.is_behind(cursor)
    assert outbox.is_behind(cursor)
    cursor.passed(outbox.pending(cursor))
    assert not outbox.is_behind(cursor)


def test_what_was_rolled_back_is_told_to_nobody() -> None:
    class Undone(Exception):
        pass

    def try_and_fail() -> None:
        with transaction.atomic():
            append("never")
            raise Undone

    with pytest.raises(Undone):
        try_and_fail()
    with transaction.atomic():
        append("after")
    assert read_and_remember("mail") == ["after"]
