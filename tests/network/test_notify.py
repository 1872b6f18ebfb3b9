from __future__ import annotations

import re
import smtplib
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, models, transaction
from django.utils import timezone

from network import notify, parts
from network.models import MailChoice, MailedLink, Notice, OutgoingMail, Pace, User
from network.parts import NoticeKind

pytestmark = pytest.mark.django_db


def queue(to: str = "reader@example.org", language: str = "en") -> OutgoingMail:
    return notify.send_mail(
        to=to,
        template="something_for_you",
        context={"url": "https://site.example/here/"},
        language=language,
    )


def stop_link(message: Any) -> str:
    return str(message.extra_headers["List-Unsubscribe"]).strip("<>")


class Broken(EmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected


@pytest.fixture
def broken_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


def test_a_mail_waits_for_the_worker_and_is_sent_once() -> None:
    queue()
    assert mail.outbox == []
    assert notify.deliver_waiting() == 1
    assert notify.deliver_waiting() == 0
    (sent,) = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert "https://site.example/here/" in sent.body
    assert "https://site.example/here/" in str(sent.alternatives[0][0])
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}


def test_a_mail_goes_with_the_change_that_failed() -> None:
    def change() -> None:
        queue()
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        change()
    assert notify.deliver_waiting() == 0


def test_a_mail_speaks_the_readers_language() -> None:
    queue(language="en")
    queue(language="ar")
    notify.deliver_waiting()
    pages = [str(message.alternatives[0][0]) for message in mail.outbox]
    assert ['dir="rtl"' in page for page in pages] == [False, True]


def test_the_address_is_unreadable_while_it_waits_and_gone_afterwards() -> None:
    queue("hidden.reader@example.org")
    raw = "SELECT * FROM network_outgoingmail"
    with connection.cursor() as cursor:
        cursor.execute(raw)
        waiting = str(cursor.fetchall())
        assert "hidden.reader" not in waiting
        assert "site.example" not in waiting
    notify.deliver_waiting()
    row = OutgoingMail.objects.get()
    assert (row.state, row.to, row.context) == (OutgoingMail.State.SENT, "", {})


def test_a_refused_mail_is_tried_again_later_and_later(broken_server: None) -> None:
    queue()
    assert notify.deliver_waiting() == 0
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == (OutgoingMail.State.WAITING, 1)
    assert notify.deliver_waiting() == 0
    row.refresh_from_db()
    assert row.attempts == 1  # not due yet
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        notify.deliver_waiting()
    row.refresh_from_db()
    assert row.attempts == 2


def test_a_mail_server_that_is_back_after_a_weekend_loses_nothing(
    settings: Any, broken_server: None
) -> None:
    queue()
    monday = timezone.now() + timedelta(days=2.5)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while timezone.now() < monday:
            notify.deliver_waiting()
            clock.shift(timedelta(minutes=30))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        clock.shift(timedelta(hours=5))
        assert notify.deliver_waiting() == 1


def test_a_mail_that_is_given_up_keeps_nothing_of_what_it_said(
    broken_server: None,
) -> None:
    queue()
    OutgoingMail.objects.update(attempts=notify.ATTEMPTS - 1)
    notify.deliver_waiting()
    row = OutgoingMail.objects.get()
    assert (row.state, row.to, row.context) == (OutgoingMail.State.FAILED, "", {})


def test_a_mail_that_does_not_open_holds_up_no_other() -> None:
    poisoned, other = queue(), queue("second@example.org")
    sealed = models.QuerySet(OutgoingMail).values_list("to").get(pk=other.pk)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE network_outgoingmail SET "to" = %s WHERE attempts = 0 '
            'AND "to" <> %s',
            [str(sealed), str(sealed)],
        )
    assert notify.deliver_waiting() == 1
    assert [message.to for message in mail.outbox] == [["second@example.org"]]
    held = OutgoingMail.objects.values_list("state", flat=True).get(pk=poisoned.pk)
    assert held == OutgoingMail.State.WAITING


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once() -> None:
    for number in range(8):
        queue(f"reader{number}@example.org")
    sent: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            sent.append(notify.deliver_waiting())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 8
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 8


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_sending_leaves_the_mail_for_later() -> None:
    queue()
    assert notify._claim() is not None  # and then the power went
    assert notify.deliver_waiting() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert notify.deliver_waiting() == 1


class TestNotices:
    @pytest.fixture
    def person(self) -> User:
        return User.objects.create_user("noticed@example.org", language="en")

    @pytest.fixture
    def kinds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = {
            "quiet": NoticeKind("Something happened"),
            "loud": NoticeKind("Something happened", mails=True),
            "urgent": NoticeKind("Help is needed", mails=True, is_urgent=True),
        }
        monkeypatch.setattr(parts.notice_kinds, "_parts", known)

    def test_a_notice_names_a_kind_and_no_text(self, person: User, kinds: None) -> None:
        notify.notify(person=person, kind="quiet", url="/here/")
        notice = Notice.objects.get()
        assert (notice.kind, notice.url) == ("quiet", "/here/")
        assert not OutgoingMail.objects.exists()

    def test_its_mail_names_nobody_and_says_nothing(
        self, person: User, kinds: None
    ) -> None:
        notify.notify(person=person, kind="loud", url="/here/")
        notify.deliver_waiting()
        (sent,) = mail.outbox
        words = sent.subject + sent.body + str(sent.alternatives)
        assert "/me/notices/" in words
        assert "/here/" not in words  # an address, too, can say much
        assert "noticed" not in words
        assert str(person.pk)[:8] not in words
        assert "Something happened" not in words
        link = stop_link(sent)
        assert link in sent.body
        assert link in str(sent.alternatives)
        # nor does the link, whichever way it is read
        assert MailedLink.objects.get().token_hash not in words
        assert person.pk.hex not in link

    @pytest.mark.parametrize("pace", [Pace.DAILY, Pace.WEEKLY, Pace.NEVER])
    def test_who_chose_otherwise_is_not_mailed_at_once(
        self, person: User, kinds: None, pace: str
    ) -> None:
        MailChoice.objects.create(person=person, pace=pace)
        notice = notify.notify(person=person, kind="loud", url="/here/")
        assert not OutgoingMail.objects.exists()
        assert not MailedLink.objects.exists()
        assert notice.mailed_at is None  # a digest will count it

    def test_at_once_is_what_holds_without_a_choice(
        self, person: User, kinds: None
    ) -> None:
        for _time in range(2):
            assert notify.notify(person=person, kind="loud", url="/").mailed_at
            MailChoice.objects.get_or_create(person=person, pace=Pace.AT_ONCE)
        assert OutgoingMail.objects.count() == 2

    @pytest.mark.parametrize("pace", Pace.values)
    def test_what_cannot_wait_is_mailed_whatever_was_chosen(
        self, person: User, kinds: None, pace: str
    ) -> None:
        MailChoice.objects.create(person=person, pace=pace)
        notify.notify(person=person, kind="urgent", url="/here/")
        notify.deliver_waiting()
        (sent,) = mail.outbox
        assert "List-Unsubscribe" not in sent.extra_headers
        assert "/mails/stop/" not in sent.body + str(sent.alternatives)

    def test_which_kinds_cannot_wait(self) -> None:
        urgent = {kind for kind, part in parts.notice_kinds.items() if part.is_urgent}
        assert urgent == {"danger", "application_question", "suspended"}

    def test_mail_clients_read_the_headers(self, person: User, kinds: None) -> None:
        notify.notify(person=person, kind="loud", url="/here/")
        notify.deliver_waiting()
        (sent,) = mail.outbox
        raw = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
        assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = raw["List-Unsubscribe"].strip()  # a long one stands in a line of its own
        assert re.fullmatch(r"<https?://\S+/mails/stop/[\w-]{43}/>", url)

    def test_a_kind_that_nobody_registered_is_refused(
        self, person: User, kinds: None
    ) -> None:
        with pytest.raises(KeyError):
            notify.notify(person=person, kind="unheard of", url="/")
