"""A browser that is told of something new: switched on, listed, off, and dropped."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network import notify, push
from network.access import Role
from network.models import AuditEntry, Notice, PushHint, PushSubscription, User
from network.revocation import end_sessions
from profiles.actions import blocks, connections, erasing, pushing, standing
from profiles.models import Connection
from tests.at_once import at_once
from tests.cast import PASSWORD, Cast, client_of
from tests.network.pushing import ALLOWED, Service, switched_on, switched_on_in
from tests.network.pushing import service as service
from tests.network.signing_in import browser_of

pytestmark = pytest.mark.django_db
PAGE, ADD = "/me/notifications/", "/me/notifications/devices/"
ENDPOINT = ALLOWED + "gAAAAABo-Vx_9"
BROWSERS = [
    ENDPOINT,
    "https://fcm.googleapis.com/fcm/send/dQw4w9:APA91b-_x",
    "https://fcm.googleapis.com/wp/dQw4w9:APA91b-_x",
    "https://web.push.apple.com/QGuQyavXutnMH4",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAADm%2f3%2bA%3d%3d",
]
HOSTILE = [
    "",
    " ",
    "fcm.googleapis.com/wp/a",
    "//fcm.googleapis.com/wp/a",
    "http://fcm.googleapis.com/wp/a",
    "HTTPS://fcm.googleapis.com/wp/a",
    "ftp://fcm.googleapis.com/wp/a",
    "javascript:alert(1)//fcm.googleapis.com/a",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com/",
    "https://fcm.googleapis.com:443/wp/a",
    "https://fcm.googleapis.com:8443/wp/a",
    "https://fcm.googleapis.com:@127.0.0.1/wp/a",
    "https://fcm.googleapis.com@evil.example/wp/a",
    "https://user:secret@fcm.googleapis.com/wp/a",
    "https://fcm.googleapis.com.evil.example/wp/a",
    "https://fcm.googleapis.com./wp/a",
    "https://evil.example/fcm.googleapis.com/wp/a",
    "https://evil.example?fcm.googleapis.com/wp/a",
    "https://evil.example#fcm.googleapis.com/wp/a",
    "https://evil.example\\fcm.googleapis.com/wp/a",
    "https://evilfcm.googleapis.com/wp/a",
    "https://sub.fcm.googleapis.com/wp/a",
    "https://storage.googleapis.com/bucket/a",
    "https://push.apple.com/a",
    "https://evilpush.apple.com/a",
    "https://web.push.apple.com.evil.example/a",
    "https://.push.apple.com/a",
    "https://-.push.apple.com/a",
    "https://notify.windows.com/w/?token=a",
    "https://evil-notify.windows.com/w/?token=a",
    "https://updates.push.services.mozilla.com.evil.example/wpush/v2/a",
    "https://updates-push.services.mozilla.com/wpush/v2/a",
    "https://fcm。googleapis。com/wp/a",
    "https://fcm.googleapis.cоm/wp/a",
    "https://ﬀcm.googleapis.com/wp/a",
    "https://fcm.googleapis.com／wp/a",
    "https://fcm.googleapis.com/wp/ä",
    "https://fcm.googleapis.com%2eevil.example/wp/a",
    "https://fcm.googleapis.com%00.evil.example/wp/a",
    "https://fcm.googleapis.com/wp/a b",
    "https://fcm.googleapis.com/wp/a\r\nHost: evil.example",
    "https://fcm.googleapis.com/wp/a\n",
    " https://fcm.googleapis.com/wp/a",
    "https://fcm.googleapis.com/wp/a#part",
    "https://fcm.googleapis.com/wp/" + "a" * 1000,
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://2130706433/a",
    "https://0x7f.1/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/a",
    "https://10.0.0.1/fcm.googleapis.com",
]


def add(client: Client, endpoint: str = ENDPOINT) -> Any:
    return client.post(ADD, {"endpoint": endpoint})


def rows_of(person: User) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(person=person))


class TestSwitchingOn:
    @pytest.mark.parametrize("endpoint", BROWSERS)
    def test_what_browsers_send_is_taken(self, cast: Cast, endpoint: str) -> None:
        client = client_of(cast.former)
        answer = add(client, endpoint)
        page = client.get(answer["Location"]).content.decode()
        assert "This device tells you from now on." in page
        (row,) = rows_of(cast.former)
        assert row.endpoint == endpoint
        assert row.session.session_key == client.session.session_key
        assert AuditEntry.objects.filter(action="push switched on").count() == 1

    def test_what_leads_elsewhere_is_refused_with_words(self, cast: Cast) -> None:
        client = client_of(cast.former)
        for endpoint in HOSTILE:
            answer = add(client, endpoint)
            assert answer.status_code == 422, endpoint
            assert "One thing to look at" in answer.content.decode(), endpoint
            assert not PushSubscription.objects.exists(), endpoint

    @pytest.mark.parametrize("name", ["former", "survivor", "applicant", "suspended"])
    def test_whoever_has_a_list_of_notices_may(self, cast: Cast, name: str) -> None:
        person = getattr(cast, name)
        assert add(client_of(person)).status_code == 302
        assert len(rows_of(person)) == 1

    def test_nobody_may_who_is_not_signed_in(self, cast: Cast) -> None:
        assert "/accounts/login/" in add(Client())["Location"]
        assert not PushSubscription.objects.exists()

    def test_a_site_without_a_key_offers_nothing(
        self, cast: Cast, settings: Any
    ) -> None:
        client = client_of(cast.former)
        assert "data-push" in client.get(PAGE).content.decode()
        settings.VAPID_KEY = ""
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "data-push" not in page.content.decode()
        assert "push.js" not in page.content.decode()
        assert add(client).status_code == 404

    def test_it_is_off_until_somebody_presses(self, cast: Cast) -> None:
        client = client_of(cast.former)
        page = client.get(PAGE).content.decode()
        assert "data-is-on" not in page
        assert "Where it is on" not in page
        assert not PushSubscription.objects.exists()

    def test_sent_twice_it_is_one(self, cast: Cast) -> None:
        client = client_of(cast.former)
        for _ in range(2):
            assert add(client).status_code == 302
        assert len(rows_of(cast.former)) == 1

    def test_a_browser_with_a_new_address_loses_the_old_one(self, cast: Cast) -> None:
        client = client_of(cast.former)
        add(client)
        add(client, BROWSERS[1])
        (row,) = rows_of(cast.former)
        assert row.endpoint == BROWSERS[1]

    def test_a_browser_tells_only_who_was_there_last(self, cast: Cast) -> None:
        add(client_of(cast.former))
        add(client_of(cast.lead))
        assert rows_of(cast.former) == []
        assert len(rows_of(cast.lead)) == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            switched_on(cast.former, ENDPOINT)  # nor can they, past the action

    def test_ten_are_the_most(self, cast: Cast) -> None:
        for number in range(pushing.MOST):
            switched_on(cast.former, f"{ENDPOINT}{number}")
        client = client_of(cast.former)
        answer = add(client)
        assert answer.status_code == 422
        assert "Ten of your devices are on." in answer.content.decode()
        assert len(rows_of(cast.former)) == pushing.MOST


@pytest.mark.django_db(transaction=True)
def test_sent_by_ten_presses_at_once_it_is_one(cast: Cast) -> None:
    client = client_of(cast.former)
    client.get("/me/")
    session = UserSession.objects.get(session_key=client.session.session_key)

    def press() -> None:
        pushing.switch_on_push(by=cast.former, session=session, endpoint=ENDPOINT)

    at_once([press] * 10)
    assert PushSubscription.objects.count() == 1


class TestTheList:
    def test_it_names_each_device_and_switches_one_off(self, cast: Cast) -> None:
        here = client_of(cast.former)
        add(here)
        other = switched_on(cast.former, ENDPOINT + "2")
        UserSession.objects.filter(pk=other.session_id).update(
            user_agent="Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0"
        )
        page = here.get(PAGE).content.decode()
        assert "data-is-on" in page
        assert page.count("/remove/") == 2
        assert "Firefox Mobile, Android" in page
        assert page.index("This device</") < page.index("Firefox Mobile")
        answer = here.post(f"{ADD}{other.pk}/remove/", follow=True)
        assert "tells you nothing any more" in answer.content.decode()
        (left,) = rows_of(cast.former)
        assert left.session.session_key == here.session.session_key
        assert here.post(f"{ADD}{other.pk}/remove/").status_code == 404

    def test_another_persons_device_looks_missing(self, cast: Cast) -> None:
        row = switched_on(cast.lead)
        answer = client_of(cast.former).post(f"{ADD}{row.pk}/remove/")
        assert answer.status_code == 404
        assert PushSubscription.objects.exists()

    def test_no_page_shows_an_address(self, cast: Cast) -> None:
        client = client_of(cast.former)
        add(client)
        page = client.get(PAGE).content.decode()
        assert "gAAAAAB" not in page
        assert "mozilla.com" not in page

    def test_its_queries_do_not_grow(self, cast: Cast) -> None:
        client = client_of(cast.former)
        client.get(PAGE)

        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(PAGE)
            return len(queries)

        switched_on(cast.former, ENDPOINT + "0")
        few = count()
        for number in range(1, 6):
            switched_on(cast.former, f"{ENDPOINT}{number}")
        assert count() == few


class TestTheEndOfASession:
    @pytest.fixture
    def here(self, cast: Cast) -> Client:
        client = client_of(cast.former)
        switched_on_in(client, cast.former, ENDPOINT)
        return client

    @pytest.fixture(autouse=True)
    def another_persons(self, cast: Cast, here: Client) -> None:
        switched_on(cast.lead, BROWSERS[1])

    def is_gone(self, cast: Cast) -> bool:
        assert len(rows_of(cast.lead)) == 1  # whoever else: nothing happened to them
        return not rows_of(cast.former)

    def test_signing_out(self, cast: Cast, here: Client) -> None:
        here.post("/accounts/logout/")
        assert self.is_gone(cast)

    def test_the_beacon_of_the_quick_exit(self, cast: Cast, here: Client) -> None:
        assert here.post("/exit/").status_code == 204
        assert self.is_gone(cast)

    def test_signed_out_from_another_device(self, cast: Cast, here: Client) -> None:
        other = client_of(cast.former)
        (row,) = rows_of(cast.former)
        other.post(f"/accounts/sessions/{row.session_id}/end/")
        assert self.is_gone(cast)

    def test_signed_out_everywhere_else(self, cast: Cast, here: Client) -> None:
        other = client_of(cast.former)
        other.get("/me/")
        other.post("/accounts/sessions/")
        assert self.is_gone(cast)

    @pytest.mark.parametrize("reason", ["password", "factor", "role", "recovered"])
    def test_sessions_that_are_ended(
        self, cast: Cast, here: Client, reason: str
    ) -> None:
        end_sessions(person=cast.former.pk, reason=reason)
        assert self.is_gone(cast)

    def test_a_role_that_is_given(self, cast: Cast, here: Client) -> None:
        cast.former.groups.add(Group.objects.get(name=Role.EDITOR))
        assert self.is_gone(cast)

    def test_a_suspension(self, cast: Cast, here: Client) -> None:
        standing.suspend_member(
            profile=cast.former.profile, by=cast.moderator, reason="For a test."
        )
        assert self.is_gone(cast)

    def test_an_erasure_and_what_was_to_be_told(self, cast: Cast, here: Client) -> None:
        notify.notify(person=cast.former, kind="connection_request", url="/")
        assert PushHint.objects.exists()
        erasing.erase_account(person=cast.former)
        assert not PushHint.objects.exists()
        assert PushSubscription.objects.count() == 1

    def test_the_part_of_an_account_that_stays_as_a_shell(
        self, cast: Cast, here: Client
    ) -> None:
        notify.notify(person=cast.former, kind="connection_request", url="/")
        erasing.erase_person(cast.former)
        assert self.is_gone(cast)
        assert not PushHint.objects.exists()

    def test_a_row_of_the_session_that_is_thrown_away(
        self, cast: Cast, here: Client
    ) -> None:
        Session.objects.filter(session_key=here.session.session_key).delete()
        push.drop_over()
        assert self.is_gone(cast)


def test_a_new_password_ends_the_others_and_keeps_the_browser_at_hand(
    cast: Cast,
) -> None:
    cast.former.set_password(PASSWORD)
    cast.former.save()
    here = browser_of(cast.former)
    here.sign_in()
    add(here.client)
    switched_on(cast.former, BROWSERS[1])
    key = here.client.session.session_key
    fresh = "nine herons over the weir"
    answer = here.client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh},
    )
    assert answer.status_code == 302, answer.content
    assert here.client.session.session_key != key
    (row,) = rows_of(cast.former)
    assert row.endpoint == ENDPOINT
    assert row.session.session_key == here.client.session.session_key
    assert push.is_alive(row)


class TestBlocks:
    def test_a_request_is_told_by_push(self, cast: Cast, service: Service) -> None:
        switched_on(cast.former, service.endpoint("a"))
        ask(cast)
        push.deliver_waiting()
        assert len(service.knocks) == 1

    def test_what_a_block_takes_back_before_it_went_out_is_not(
        self, cast: Cast, service: Service
    ) -> None:
        switched_on(cast.lead, service.endpoint("a"))
        connection = ask(cast)
        connections.accept_connection(connection=connection, by=cast.former)
        assert Notice.objects.filter(person=cast.lead).exists()
        blocks.block_person(by=cast.former, person=cast.lead)
        push.deliver_waiting()
        assert service.knocks == []

    def test_whoever_is_blocked_cannot_ring(self, cast: Cast, service: Service) -> None:
        switched_on(cast.former, service.endpoint("a"))
        blocks.block_person(by=cast.former, person=cast.lead)
        client = client_of(cast.lead)
        client.post(f"/people/{cast.former.pk}/connect/", {"note": "Hello."})
        assert not PushHint.objects.exists()
        push.deliver_waiting()
        assert service.knocks == []


def ask(cast: Cast) -> Connection:
    return connections.request_connection(
        by=cast.lead, recipient=cast.former.profile, note="Hello."
    )
