from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from network import notify, periodic, tasks, worker
from network.models import OutgoingMail, PeriodicRun, User
from network.tasks import Periodic

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ran: list[str] = []


@task()
def note(word: str) -> None:
    ran.append(word)


@pytest.fixture(autouse=True)
def nothing_ran(db: None) -> None:
    ran.clear()
    DBTaskResult.objects.all().delete()  # Wagtail's, from the first pages of the site


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Periodic]:
    known: dict[str, Periodic] = {}
    monkeypatch.setattr(tasks, "registered", known)
    return known


def hourly(known: dict[str, Periodic], name: str, run: Any = None) -> None:
    known[name] = Periodic(name, HOUR, run or (lambda: ran.append(name)))


def test_what_is_due_runs_once_and_again_when_its_time_has_come(
    registered: dict[str, Periodic],
) -> None:
    hourly(registered, "sweep")
    assert [tasks.run_due(), tasks.run_due()] == [1, 0]
    with time_machine.travel(timezone.now() + HOUR + timedelta(seconds=1)):
        assert tasks.run_due() == 1
    assert ran == ["sweep", "sweep"]


def test_one_that_breaks_stops_no_other(registered: dict[str, Periodic]) -> None:
    def breaks() -> None:
        raise DatabaseError

    hourly(registered, "breaks", breaks)
    hourly(registered, "works")
    assert tasks.run_due() == 1
    assert ran == ["works"]


def test_a_clock_that_was_set_back_stops_nothing_for_long(
    registered: dict[str, Periodic],
) -> None:
    registered["tick"] = Periodic(
        "tick", timedelta(seconds=1), lambda: ran.append("tick")
    )
    tasks.run_due()
    with time_machine.travel(timezone.now() - HOUR, tick=False) as clock:
        assert tasks.run_due() == 1
        assert tasks.run_due() == 0
        clock.shift(timedelta(seconds=2))
        assert tasks.run_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work(registered: dict[str, Periodic]) -> None:
    for number in range(6):
        hourly(registered, f"chore {number}")
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            tasks.run_due()
        finally:
            connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(ran) == sorted(registered)


@pytest.mark.django_db(transaction=True)
def test_queued_work_is_done_once() -> None:
    note.enqueue("one")
    note.enqueue("two")
    worker.run_queued()
    worker.run_queued()
    assert sorted(ran) == ["one", "two"]


def abandon(minutes: int, attempts: int = 1) -> DBTaskResult:
    """A task whose worker was killed so long ago."""
    note.enqueue("left behind")
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now() - timedelta(minutes=minutes),
        worker_ids=["gone"] * attempts,
    )
    return DBTaskResult.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_task_whose_worker_was_killed_is_taken_up_again() -> None:
    abandon(minutes=11)
    assert tasks.requeue_abandoned() == 1
    worker.run_queued()
    assert ran == ["left behind"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_a_task_that_is_still_running_is_left_alone() -> None:
    row = abandon(minutes=9)
    assert tasks.requeue_abandoned() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING


def test_a_task_that_took_three_workers_with_it_is_given_up() -> None:
    row = abandon(minutes=11, attempts=3)
    assert tasks.requeue_abandoned() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


class TestLoop:
    @pytest.fixture
    def loop(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[worker.Worker]:
        monkeypatch.setattr(worker, "TICK", 0.01)
        monkeypatch.setattr(worker, "run_queued", lambda name: None)
        loop = worker.Worker()
        yield loop
        loop.stop()

    def test_a_database_that_is_away_is_waited_out(
        self, loop: worker.Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[int] = []

        def run_due() -> int:
            calls.append(1)
            if len(calls) < 3:
                raise DatabaseError
            loop.stop()
            return 0

        monkeypatch.setattr(tasks, "run_due", run_due)
        monkeypatch.setattr(worker, "close_old_connections", lambda: None)
        loop.run()
        assert len(calls) == 3

    def test_its_pulse_is_seen(
        self, loop: worker.Worker, registered: dict[str, Periodic]
    ) -> None:
        assert worker.last_pulse() is None
        loop.tick()
        pulse = worker.last_pulse()
        assert pulse is not None
        assert timezone.now() - pulse < timedelta(seconds=30)


class TestRetention:
    def test_mails_are_forgotten_after_a_week_sent_or_not(self) -> None:
        for state in (OutgoingMail.State.SENT, OutgoingMail.State.FAILED):
            row = notify.send_rendered(to="a@example.org", subject="x", text="y")
            notify._close(row, state)
        waiting = notify.send_rendered(to="b@example.org", subject="x", text="y")
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            periodic.prune()
        assert list(OutgoingMail.objects.all()) == [waiting]

    def test_cached_addresses_do_not_outlive_their_time(self) -> None:
        cache.set("allauth:rl:login:ip:203.0.113.7", [1.0], timeout=60)
        cache.set("kept", "x", timeout=9 * 24 * 3600)
        with time_machine.travel(timezone.now() + timedelta(days=7)):
            periodic.prune()
            assert cache.get("kept") == "x"
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM network_cache")
            (row,) = cursor.fetchall()
        assert "kept" not in row[0]

    def test_addresses_of_sessions_are_blanked_after_a_week(self) -> None:
        person = User.objects.create_user("seen@example.org")
        for key, days in (("old", 8), ("recent", 6)):
            UserSession.objects.create(
                user=person,
                ip="203.0.113.7",
                user_agent="x",
                session_key=key,
                created_at=timezone.now() - timedelta(days=30),
                last_seen_at=timezone.now() - timedelta(days=days),
            )
        periodic.blank_addresses()
        ips = dict(UserSession.objects.values_list("session_key", "ip"))
        assert ips == {"old": "0.0.0.0", "recent": "203.0.113.7"}  # noqa: S104

    def test_every_chore_of_the_base_runs_on_an_empty_site(self) -> None:
        names = {
            name
            for name in tasks.registered
            if "network" in str(tasks.registered[name].run.__module__)
        }
        assert {"seal audit", "deliver mail", "prune"} <= names
        for name in names:
            tasks.registered[name].run()
        assert PeriodicRun.objects.count() == 0
