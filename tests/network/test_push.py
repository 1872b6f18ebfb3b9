"""A push without content: what goes out, to whom, when, and when no more."""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from network import env, notify, periodic, push, vapid
from network.keys import development_keys, parsed_signer
from network.models import (
    MailChoice,
    Notice,
    OutgoingMail,
    Pace,
    PushHint,
    PushSubscription,
    User,
)
from tests.cast import Cast
from tests.network.pushing import CANARY, Service, claims_of, switched_on
from tests.network.pushing import service as service

pytestmark = pytest.mark.django_db
LOUD, QUIET, URGENT = "connection_request", "probation_over", "danger"


def tell(person: User, kind: str = LOUD) -> None:
    notify.notify(person=person, kind=kind, url="/connections/")


@pytest.fixture
def row(cast: Cast, service: Service) -> PushSubscription:
    return switched_on(cast.former, service.endpoint("a"))


class TestWhatGoesOut:
    def test_nothing_but_the_knocking(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        assert service.knocks == []  # nothing before the worker comes
        assert push.deliver_waiting() == 1
        (knock,) = service.knocks
        assert (knock.path, knock.body) == ("/a", b"")
        said = {name.lower(): value for name, value in knock.headers.items()}
        assert said.pop("authorization").startswith("vapid t=")
        said.pop("host")
        said.pop("user-agent", None)
        assert said == {
            "accept-encoding": "identity",
            "content-length": "0",
            "ttl": "86400",
            "urgency": "normal",
            "topic": "new",
        }

    def test_it_is_signed_by_the_key_that_browsers_get(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        push.deliver_waiting()
        header = service.knocks[0].headers["Authorization"]
        token, _, key = header.removeprefix("vapid t=").partition(",k=")
        assert key == vapid.public_key()
        signed, _, signature = token.rpartition(".")
        raw = unpacked(signature)
        parts = [int.from_bytes(raw[:32]), int.from_bytes(raw[32:])]
        public = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), unpacked(vapid.public_key())
        )
        public.verify(
            encode_dss_signature(*parts), signed.encode(), ec.ECDSA(hashes.SHA256())
        )
        claims = claims_of(header)
        assert claims["aud"] == service.url
        assert claims["sub"] == "mailto:hello@waymark.example"
        assert 0 < claims["exp"] - time.time() <= 24 * 3600

    def test_who_did_not_ask_for_it_is_not_told(
        self, cast: Cast, service: Service
    ) -> None:
        tell(cast.former)
        assert not PushHint.objects.exists()
        assert push.deliver_waiting() == 0
        assert service.knocks == []

    def test_each_browser_of_the_person_and_nobody_elses(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        switched_on(cast.former, service.endpoint("b"))
        switched_on(cast.lead, service.endpoint("of another"))
        tell(cast.former)
        push.deliver_waiting()
        assert sorted(one.path for one in service.knocks) == ["/a", "/b"]

    @pytest.mark.parametrize("pace", Pace.values)
    def test_the_pace_of_the_mails_changes_nothing(
        self, cast: Cast, service: Service, row: PushSubscription, pace: str
    ) -> None:
        MailChoice.objects.create(person=cast.former, pace=pace)
        tell(cast.former)
        push.deliver_waiting()
        assert len(service.knocks) == 1

    @pytest.mark.parametrize(("kind", "times"), [(QUIET, 0), (LOUD, 1), (URGENT, 1)])
    def test_the_kinds_that_are_mailed(
        self,
        cast: Cast,
        service: Service,
        row: PushSubscription,
        kind: str,
        times: int,
    ) -> None:
        tell(cast.former, kind)
        push.deliver_waiting()
        assert len(service.knocks) == times


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TestWhen:
    def test_a_change_that_failed_tells_nobody(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        def change() -> None:
            tell(cast.former)
            raise LookupError

        with pytest.raises(LookupError), transaction.atomic():
            change()
        assert push.deliver_waiting() == 0
        assert service.knocks == []

    def test_many_things_at_once_are_one_push_and_then_there_is_a_pause(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _ in range(3):
                tell(cast.former)
            push.deliver_waiting()
            push.deliver_waiting()
            assert len(service.knocks) == 1
            for _ in range(3):
                tell(cast.former)
            push.deliver_waiting()
            assert len(service.knocks) == 1
            clock.shift(push.PAUSE)
            push.deliver_waiting()
            push.deliver_waiting()
            assert len(service.knocks) == 2
            clock.shift(push.PAUSE)
            push.deliver_waiting()
            assert len(service.knocks) == 2

    def test_what_comes_while_one_is_on_its_way_is_not_lost(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        push.spread_hints()
        on_its_way = push._claim()
        assert on_its_way is not None
        with time_machine.travel(timezone.now() + timedelta(seconds=1)):
            tell(cast.former)
            push.spread_hints()
            push.note_success(on_its_way)
        row.refresh_from_db()
        assert row.asked_at is not None

    def test_what_was_read_meanwhile_calls_nobody(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        tell(cast.former, QUIET)
        Notice.objects.filter(kind=LOUD).update(read_at=timezone.now())
        push.deliver_waiting()
        assert service.knocks == []
        row.refresh_from_db()
        assert (row.asked_at, row.last_ok_at) == (None, None)

    def test_a_worker_that_dies_while_sending_leaves_it_for_later(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        push.spread_hints()
        assert push._claim() is not None  # and then the power went
        assert push.deliver_waiting() == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            assert push.deliver_waiting() == 1

    def test_it_is_a_chore_of_the_worker(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        periodic.deliver_pushes()
        assert len(service.knocks) == 1


class TestAnswers:
    @pytest.mark.parametrize("status", [404, 410])
    def test_an_address_that_is_no_more_is_forgotten(
        self, cast: Cast, service: Service, row: PushSubscription, status: int
    ) -> None:
        service.status = status
        tell(cast.former)
        push.deliver_waiting()
        assert not PushSubscription.objects.exists()

    @pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
    def test_a_refused_one_is_tried_later_and_later_and_then_no_more(
        self, cast: Cast, service: Service, row: PushSubscription, status: int
    ) -> None:
        service.status = status
        tell(cast.former)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            begun = timezone.now()
            push.deliver_waiting()
            push.deliver_waiting()
            assert len(service.knocks) == 1
            while waiting := PushSubscription.objects.first():
                assert waiting.next_attempt_at > timezone.now()
                clock.move_to(waiting.next_attempt_at)
                push.deliver_waiting()
            assert len(service.knocks) == push.FAILURES
            assert timedelta(days=1) < timezone.now() - begun < timedelta(days=3)

    def test_one_that_goes_again_begins_anew(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        service.status = 500
        tell(cast.former)
        push.deliver_waiting()
        service.status = 201
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            push.deliver_waiting()
        row.refresh_from_db()
        assert (row.failures, row.asked_at) == (0, None)
        assert row.last_ok_at is not None

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_no_redirect_is_followed(
        self, cast: Cast, service: Service, row: PushSubscription, status: int
    ) -> None:
        service.status = status
        service.answer = {"Location": service.endpoint("elsewhere")}
        tell(cast.former)
        push.deliver_waiting()
        assert [one.path for one in service.knocks] == ["/a"]
        row.refresh_from_db()
        assert row.failures == 1

    def test_where_nobody_answers_the_round_ends_and_others_come_next(
        self, cast: Cast, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        switched_on(cast.former, service.endpoint("a"))
        closed = "http://127.0.0.1:9/b"
        monkeypatch.setattr(push.push_service, "is_push_service", lambda url: True)
        deaf = switched_on(cast.lead, closed)
        PushSubscription.objects.filter(pk=deaf.pk).update(
            next_attempt_at=timezone.now() - timedelta(days=1)
        )
        tell(cast.former)
        tell(cast.lead)
        assert push.deliver_waiting() == 0
        deaf.refresh_from_db()
        assert deaf.failures == 1
        assert push.deliver_waiting() == 1

    def test_the_list_of_services_is_asked_right_before(
        self, cast: Cast, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        switched_on(cast.former, service.endpoint("a"))
        monkeypatch.undo()  # now it is as it always is
        tell(cast.former)
        push.deliver_waiting()
        assert service.knocks == []
        assert not PushSubscription.objects.exists()
        with pytest.raises(ValueError, match="no push service"):
            push.push_service.knock(service.endpoint("a"))
        assert service.knocks == []


class TestAtRest:
    def test_a_stolen_table_shows_no_address(self, cast: Cast) -> None:
        row = switched_on(cast.former)
        assert row.endpoint.endswith(CANARY)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM network_pushsubscription")
            stored = str(cursor.fetchall())
        assert str(row.endpoint_index) in stored
        for shown in (CANARY, "mozilla", "https"):
            assert shown not in stored

    def test_an_address_moved_from_another_row_is_not_asked(
        self, cast: Cast, service: Service
    ) -> None:
        switched_on(cast.former, service.endpoint("a"))
        switched_on(cast.lead, service.endpoint("b"))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE network_pushsubscription SET endpoint = (SELECT endpoint FROM "
                "network_pushsubscription ORDER BY created_at LIMIT 1)"
            )
        tell(cast.lead)
        push.deliver_waiting()
        assert service.knocks == []


class TestSessionsThatRunOut:
    def test_nobody_is_told_any_more(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        push.deliver_waiting()
        assert service.knocks == []
        assert not PushSubscription.objects.exists()

    def test_the_address_is_gone_within_the_hour(
        self, cast: Cast, row: PushSubscription
    ) -> None:
        periodic.prune()
        assert PushSubscription.objects.exists()
        with time_machine.travel(timezone.now() + timedelta(days=15)):
            periodic.prune()
        assert not PushSubscription.objects.exists()

    def test_an_account_that_was_closed_is_told_nothing(
        self, cast: Cast, service: Service, row: PushSubscription
    ) -> None:
        tell(cast.former)
        User.objects.filter(pk=cast.former.pk).update(is_active=False)
        push.deliver_waiting()
        assert service.knocks == []


class TestWithoutAKey:
    def test_nothing_is_queued_and_nothing_breaks(
        self, cast: Cast, service: Service, row: PushSubscription, settings: Any
    ) -> None:
        settings.VAPID_KEY = ""
        tell(cast.former)
        assert OutgoingMail.objects.count() == 1
        assert not PushHint.objects.exists()
        assert push.deliver_waiting() == 0

    def test_a_key_that_is_none_is_found_out_at_the_start(self) -> None:
        for bad in ("x", "AAAA", "/" * 43 + "="):
            with pytest.raises(ImproperlyConfigured, match="WAYMARK_VAPID_KEY"):
                parsed_signer(bad, name="WAYMARK_VAPID_KEY")

    def test_a_contact_is_an_address_and_may_have_a_port(
        self, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        monkeypatch.setenv("WAYMARK_PUSH_CONTACT", "Ada")
        with pytest.raises(ImproperlyConfigured, match="mailto"):
            env.contact("WAYMARK_PUSH_CONTACT", "")
        settings.PUSH_CONTACT = "https://waymark.example:8443"
        header = vapid.authorization("https://fcm.googleapis.com/wp/a")
        assert claims_of(header)["sub"] == settings.PUSH_CONTACT
        assert claims_of(header)["aud"] == "https://fcm.googleapis.com"

    def test_keys_made_before_there_was_this_one_go_on(self, tmp_path: Any) -> None:
        fresh = development_keys(tmp_path)
        text = (tmp_path / "keys.json").read_text()
        older = text.replace(f', "vapid_key": "{fresh["vapid_key"]}"', "")
        assert older != text
        (tmp_path / "keys.json").write_text(older)
        assert development_keys(tmp_path) == fresh
