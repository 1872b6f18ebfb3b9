"""One mail a day or a week: when it comes, for what, and that it comes once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import digest, notify, tasks
from network.models import MailChoice, Notice, OutgoingMail, Pace, User
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
KIND = "connection_request"


def reader(name: str = "reader", zone: str = "UTC", pace: str = Pace.DAILY) -> User:
    """Chose at midnight before `MONDAY`."""
    person = User.objects.create_user(f"{name}@example.org", time_zone=zone)
    due_at = digest.next_digest(pace, zone, MONDAY - timedelta(hours=8))
    MailChoice.objects.create(person=person, pace=pace, due_at=due_at)
    return person


def tell(person: User, times: int = 1) -> None:
    for _time in range(times):
        notify.notify(person=person, kind=KIND, url="/connections/")


def run(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return digest.send_due_digests()


def sent() -> Any:
    (message,) = mails()
    return message


def mails() -> list[Any]:
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + 365 * DAY):
        notify.deliver_waiting()
    return list(mail.outbox)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestWhen:
    @pytest.mark.parametrize(
        ("zone", "after", "morning"),
        [
            ("UTC", "2026-11-23 07:59", "2026-11-23 08:00"),
            ("UTC", "2026-11-23 08:00", "2026-11-24 08:00"),
            ("Asia/Tokyo", "2026-11-22 22:59", "2026-11-22 23:00"),
            ("Asia/Tokyo", "2026-11-22 23:00", "2026-11-23 23:00"),
            ("Asia/Kolkata", "2026-11-23 00:00", "2026-11-23 02:30"),
            ("America/Los_Angeles", "2026-11-23 12:00", "2026-11-23 16:00"),
            ("Pacific/Kiritimati", "2026-11-22 12:00", "2026-11-22 18:00"),
            # clocks go forward on 29 March at 1:00, back on 25 October at 1:00 UTC
            ("Europe/Brussels", "2026-03-28 12:00", "2026-03-29 06:00"),
            ("Europe/Brussels", "2026-03-27 12:00", "2026-03-28 07:00"),
            ("Europe/Brussels", "2026-10-24 12:00", "2026-10-25 07:00"),
            ("Europe/Brussels", "2026-10-23 12:00", "2026-10-24 06:00"),
            ("no/such/zone", "2026-11-23 07:59", "2026-11-23 08:00"),
            ("America", "2026-11-23 07:59", "2026-11-23 08:00"),
        ],
    )
    def test_at_eight_by_the_persons_own_clock(
        self, zone: str, after: str, morning: str
    ) -> None:
        assert digest.next_digest(Pace.DAILY, zone, at(after)) == at(morning)

    @pytest.mark.parametrize(
        ("zone", "after", "morning"),
        [
            ("UTC", "2026-11-23 07:59", "2026-11-23 08:00"),
            ("UTC", "2026-11-23 08:00", "2026-11-30 08:00"),
            ("UTC", "2026-11-24 00:00", "2026-11-30 08:00"),
            # it is Monday there while it is Sunday in London
            ("Asia/Tokyo", "2026-11-22 22:00", "2026-11-22 23:00"),
            ("Asia/Tokyo", "2026-11-23 00:00", "2026-11-29 23:00"),
            ("America/Los_Angeles", "2026-11-23 07:00", "2026-11-23 16:00"),
            ("Europe/Brussels", "2026-10-19 12:00", "2026-10-26 07:00"),
        ],
    )
    def test_by_the_week_on_monday(self, zone: str, after: str, morning: str) -> None:
        assert digest.next_digest(Pace.WEEKLY, zone, at(after)) == at(morning)

    @pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.NEVER])
    def test_who_wants_none_has_no_hour(self, pace: str) -> None:
        assert digest.next_digest(pace, "UTC", MONDAY) is None

    def test_each_in_their_own_morning(self) -> None:
        tokyo, brussels = reader("tokyo", "Asia/Tokyo"), reader("b", "Europe/Brussels")
        for person in (tokyo, brussels):
            tell(person)
        assert run(MONDAY - timedelta(hours=1, minutes=1)) == 0
        assert run(MONDAY - timedelta(hours=1)) == 1  # eight in Brussels
        assert sent().to == [brussels.email]
        assert run(MONDAY + timedelta(hours=15)) == 1  # eight on Tuesday in Tokyo
        assert sent().to == [tokyo.email]

    def test_a_worker_that_was_away_sends_nothing_at_night(self) -> None:
        tell(reader(pace=Pace.WEEKLY))
        assert run(MONDAY + timedelta(hours=14)) == 0
        assert run(MONDAY + DAY) == 1  # not a week later
        assert MailChoice.objects.get().due_at == MONDAY + 7 * DAY

    def test_a_clock_that_was_wrong_for_a_moment_stops_nothing(self) -> None:
        tell(reader())
        MailChoice.objects.update(due_at=MONDAY + 400 * DAY)
        assert run(MONDAY - timedelta(hours=1)) == 0
        assert run(MONDAY) == 1

    def test_it_is_a_chore_of_the_worker(self) -> None:
        tell(reader())
        with time_machine.travel(MONDAY, tick=False):
            tasks.registered["send digests"].run()
        assert OutgoingMail.objects.get().template == "digest"


class TestForWhat:
    def test_only_what_is_unread_counts(self) -> None:
        person = reader()
        tell(person, times=5)
        read = Notice.objects.filter(person=person)[:2]
        Notice.objects.filter(pk__in=[one.pk for one in read]).update(read_at=MONDAY)
        assert run(MONDAY) == 1
        assert sent().subject == "3 new things wait for you"

    def test_nothing_unread_is_no_mail(self) -> None:
        tell(reader())
        Notice.objects.update(read_at=MONDAY)
        assert run(MONDAY) == 0
        assert not OutgoingMail.objects.exists()

    def test_nobody_is_told_of_the_same_twice(self) -> None:
        person = reader()
        tell(person)
        assert [run(MONDAY), run(MONDAY + DAY), run(MONDAY + 2 * DAY)] == [1, 0, 0]
        tell(person)
        assert run(MONDAY + 3 * DAY) == 1
        assert "2 new things wait for you" in mails()[-1].subject  # all that wait

    def test_what_the_list_does_not_show_does_not_count(self) -> None:
        Notice.objects.create(person=reader(), kind="of a room that is gone", url="/")
        assert run(MONDAY) == 0

    @pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.NEVER])
    def test_others_get_no_digest(self, pace: str) -> None:
        person = reader(pace=pace)
        Notice.objects.create(person=person, kind=KIND, url="/")
        assert sum(run(MONDAY + number * DAY) for number in range(8)) == 0

    def test_nor_does_an_account_that_is_closed(self) -> None:
        person = reader()
        tell(person)
        User.objects.filter(pk=person.pk).update(is_active=False)
        assert run(MONDAY) == 0


class TestOnce:
    def test_run_twice_it_is_one_mail(self) -> None:
        tell(reader())
        assert [run(MONDAY), run(MONDAY), run(MONDAY + timedelta(minutes=1))] == [
            1,
            0,
            0,
        ]
        assert OutgoingMail.objects.count() == 1

    def test_a_worker_that_holds_an_old_row_sends_nothing(self) -> None:
        """Both have read what is due before either has sent."""
        tell(reader())
        both = [digest.due_choices(MONDAY).get() for _worker in range(2)]
        assert [digest.send_digest(row, MONDAY) for row in both] == [True, False]
        assert OutgoingMail.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_at_once_send_one_mail_each(self) -> None:
        for number in range(4):
            tell(reader(f"reader{number}"))
        with time_machine.travel(MONDAY, tick=False):
            counts = at_once([digest.send_due_digests] * 2)
        assert sum(counts) == 4
        assert sorted(one.to for one in OutgoingMail.objects.all()) == [
            f"reader{number}@example.org" for number in range(4)
        ]

    def test_a_crash_between_leaves_neither_mark_nor_mail(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tell(reader())

        def crash(*args: Any, **kwargs: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(notify, "mail_person", crash)
            with pytest.raises(KeyboardInterrupt):
                run(MONDAY)
        assert not OutgoingMail.objects.exists()
        assert Notice.objects.get().mailed_at is None
        assert run(MONDAY + timedelta(minutes=5)) == 1

    def test_who_stops_it_meanwhile_gets_none(self) -> None:
        tell(reader())
        (row,) = digest.due_choices(MONDAY)
        MailChoice.objects.update(pace=Pace.NEVER, due_at=None)
        assert not digest.send_digest(row, MONDAY)
        assert not OutgoingMail.objects.exists()

    def test_one_that_breaks_holds_up_no_other(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("broken", "whole"):
            tell(reader(name))
        plain = notify.way_to_stop

        def breaks(person: User) -> dict[str, str]:
            if person.email.startswith("broken"):
                raise ValueError
            return plain(person)

        monkeypatch.setattr(notify, "way_to_stop", breaks)
        assert run(MONDAY) == 1
        assert sent().to == ["whole@example.org"]


class TestItsWords:
    def test_it_names_nobody_and_quotes_nothing(self) -> None:
        person = reader("walnut")
        tell(person, times=3)
        run(MONDAY)
        message = sent()
        words = message.subject + message.body + str(message.alternatives)
        assert words.count("3 new things wait for you") >= 3
        assert "/me/notices/" in words
        for said in ("walnut", "contact", "/connections/", str(person.pk)[:8]):
            assert said not in words

    def test_one_thing_is_said_as_one(self) -> None:
        tell(reader())
        run(MONDAY)
        assert sent().subject == "1 new thing waits for you"

    def test_it_leads_to_pages_in_the_readers_language(self) -> None:
        person = reader()
        User.objects.filter(pk=person.pk).update(language="ar")
        tell(person, times=2)
        run(MONDAY)
        message = sent()
        assert 'dir="rtl"' in str(message.alternatives)
        assert "/ar/me/notices/" in message.body
        assert "/ar/mails/stop/" in message.body

    def test_its_link_and_headers_stop_it(self) -> None:
        tell(reader())
        run(MONDAY)
        message = sent()
        url = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert url in message.body
        assert url in str(message.alternatives)
        assert (
            message.extra_headers["List-Unsubscribe-Post"]
            == "List-Unsubscribe=One-Click"
        )


def test_a_digest_costs_the_same_for_one_notice_and_for_many() -> None:
    person = reader()

    def cost(day: int, times: int) -> int:
        tell(person, times=times)
        with CaptureQueriesContext(connection) as asked:
            assert run(MONDAY + day * DAY) == 1
        return len(asked)

    first = cost(0, times=1)
    assert cost(1, times=1) == cost(2, times=30) == first


def test_who_is_not_due_costs_nothing() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert run(MONDAY - timedelta(hours=1)) == 0
        return len(asked)

    reader()
    before = cost()
    for number in range(6):
        tell(reader(f"reader{number}"))
    assert cost() == before == 1
