"""How mails come: the choice, and the link that stops them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import mailed_links, notify
from network.models import AuditEntry, MailChoice, MailedLink, OutgoingMail, Pace, User
from network.notify import STOP_MAILS
from profiles import queries
from profiles.actions import erasing, notices
from tests.at_once import at_once
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db
PAGE = "/me/notifications/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def save(client: Client, pace: str = Pace.DAILY, time_zone: str = "UTC") -> Any:
    return client.post(PAGE, {"pace": pace, "time_zone": time_zone})


def choice_of(person: User) -> MailChoice:
    return MailChoice.objects.get(person=person)


def mailed_link(person: User) -> str:
    """As it stands in a mail."""
    notify.notify(person=person, kind="connection_request", url="/connections/")
    mail = OutgoingMail.objects.latest("created_at")
    return str(mail.context["stop_url"]).partition("8000")[2]


def mail_client() -> Client:
    """Without cookies and without a form's token."""
    return Client(enforce_csrf_checks=True)


class TestTheChoice:
    def test_at_once_until_somebody_chooses(self, cast: Cast) -> None:
        page = client_of(cast.former).get(PAGE)
        assert page.context["form"]["pace"].value() == Pace.AT_ONCE
        assert "always come, and at once" in page.content.decode()
        assert not MailChoice.objects.exists()  # looking stores nothing

    def test_saving_says_so_and_holds(self, cast: Cast) -> None:
        client = client_of(cast.former)
        with time_machine.travel(SUNDAY_NOON, tick=False):
            notices.choose_mails(
                by=cast.former, pace=Pace.WEEKLY, time_zone="Asia/Tokyo"
            )
        answer = save(client, Pace.WEEKLY, "Asia/Tokyo")
        assert "Saved." in client.get(answer["Location"]).content.decode()
        row = choice_of(cast.former)
        assert row.due_at == SUNDAY_NOON + timedelta(hours=11)  # as it was
        assert User.objects.get(pk=cast.former.pk).time_zone == "Asia/Tokyo"
        form = client.get(PAGE).context["form"]
        assert form["pace"].value() == Pace.WEEKLY
        assert form["time_zone"].value() == "Asia/Tokyo"

    def test_another_clock_is_another_morning(self, cast: Cast) -> None:
        with time_machine.travel(SUNDAY_NOON, tick=False):
            for zone, hours in (
                ("UTC", 20),
                ("Asia/Tokyo", 11),
                ("Asia/Kolkata", 14.5),
            ):
                notices.choose_mails(by=cast.former, pace="daily", time_zone=zone)
                due_at = choice_of(cast.former).due_at
                assert due_at == SUNDAY_NOON + timedelta(hours=hours), zone

    def test_a_new_clock_is_what_the_site_shows(self, cast: Cast) -> None:
        client = client_of(cast.former)
        save(client, Pace.AT_ONCE, "Asia/Tokyo")
        client.get(PAGE)
        assert timezone.get_current_timezone_name() == "Asia/Tokyo"
        timezone.deactivate()

    @pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.NEVER])
    def test_without_a_digest_nothing_is_due(self, cast: Cast, pace: str) -> None:
        client = client_of(cast.former)
        save(client)
        save(client, pace)
        assert choice_of(cast.former).due_at is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"pace": "hourly", "time_zone": "UTC"},
            {"pace": "daily", "time_zone": "Mars/Olympus"},
            {"pace": "daily", "time_zone": "../../etc/passwd"},
        ],
    )
    def test_what_is_no_choice_is_said_and_stores_nothing(
        self, cast: Cast, wrong: dict[str, str]
    ) -> None:
        answer = client_of(cast.former).post(PAGE, wrong)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
        assert not MailChoice.objects.exists()

    def test_it_is_ones_own_and_audited_without_a_value(self, cast: Cast) -> None:
        save(client_of(cast.former), Pace.NEVER)
        assert not MailChoice.objects.exclude(person=cast.former).exists()
        entry = AuditEntry.objects.get(action="mails chosen")
        assert (entry.actor, entry.reason) == (cast.former.pk, "")

    def test_a_moderator_reads_that_danger_never_waits(self, cast: Cast) -> None:
        words = "that someone may be in danger"
        assert words in client_of(cast.moderator).get(PAGE).content.decode()
        assert words not in client_of(cast.former).get(PAGE).content.decode()

    @pytest.mark.parametrize("path", ["/me/", "/me/notices/"])
    def test_pages_lead_there(self, cast: Cast, path: str) -> None:
        assert f'href="{PAGE}"' in client_of(cast.former).get(path).content.decode()

    def test_the_page_costs_the_same_for_many_notices(self, cast: Cast) -> None:
        client = client_of(cast.former)

        def cost() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(PAGE).status_code == 200
            return len(asked)

        cost()
        before = cost()
        for _time in range(5):
            notify.notify(person=cast.former, kind="probation_over", url="/me/")
        assert cost() == before


class TestOneClick:
    def test_a_mail_client_stops_them_without_cookies(self, cast: Cast) -> None:
        client, link = mail_client(), mailed_link(cast.former)
        answer = client.post(link, ONE_CLICK)
        assert answer.status_code == 200
        assert "These mails have stopped" in answer.content.decode()
        assert not answer.cookies
        assert choice_of(cast.former).pace == Pace.NEVER
        assert notify.notify(
            person=cast.former, kind="connection_request", url="/"
        ).mailed_at is None  # fmt: skip

    def test_whichever_way_its_form_is_written(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        body = "List-Unsubscribe=One-Click"
        kind = "application/x-www-form-urlencoded"
        assert mail_client().post(link, body, content_type=kind).status_code == 200
        assert choice_of(cast.former).pace == Pace.NEVER

    def test_twice_is_the_same_and_keeps_the_way_back(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        notices.choose_mails(by=cast.former, pace=Pace.WEEKLY, time_zone="UTC")
        for _time in range(3):
            assert mail_client().post(link, ONE_CLICK).status_code == 200
        row = choice_of(cast.former)
        assert (row.pace, row.pace_before) == (Pace.NEVER, Pace.WEEKLY)
        assert AuditEntry.objects.filter(action="mails stopped").count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_at_once_is_the_same_too(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        presses = [lambda: mail_client().post(link, ONE_CLICK).status_code] * 4
        assert at_once(presses) == [200] * 4
        assert choice_of(cast.former).pace_before == Pace.AT_ONCE

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "yes"}, {"undo": "1"}])
    def test_nothing_else_acts_by_the_url(
        self, cast: Cast, body: dict[str, str]
    ) -> None:
        link = mailed_link(cast.former)
        assert mail_client().post(link, body).status_code == 400
        assert not MailChoice.objects.exists()

    def test_the_answer_is_kept_nowhere_and_tells_no_site(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        for answer in (mail_client().post(link, ONE_CLICK), mail_client().get(link)):
            assert answer["Cache-Control"] == "no-store, private"
            assert answer["Referrer-Policy"] == "no-referrer"

    def test_it_names_nobody(self, cast: Cast) -> None:
        page = mail_client().post(mailed_link(cast.former), ONE_CLICK).content.decode()
        for word in (cast.former.email, str(cast.former.pk)):
            assert word not in page


class TestThePage:
    def test_a_scanner_that_follows_the_link_changes_nothing(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        links = list(MailedLink.objects.values())
        for _time in range(3):
            page = Client().get(link, follow=True)
            assert page.redirect_chain == [("/mails/stop/", 302)]
            assert "Stop these mails?" in page.content.decode()
            assert Client().head(link).status_code == 302
        assert not MailChoice.objects.exists()
        assert list(MailedLink.objects.values()) == links

    def test_its_address_holds_no_token_and_it_is_kept_nowhere(
        self, cast: Cast
    ) -> None:
        link = mailed_link(cast.former)
        page = Client().get(link, follow=True)
        assert link.rsplit("/", 2)[1] not in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        for word in (cast.former.email, str(cast.former.pk)):
            assert word not in page.content.decode()

    def test_its_button_stops_them_and_offers_the_way_back(self, cast: Cast) -> None:
        notices.choose_mails(by=cast.former, pace=Pace.NEVER, time_zone="UTC")
        notices.choose_mails(by=cast.former, pace=Pace.AT_ONCE, time_zone="UTC")
        client, link = Client(), mailed_link(cast.former)
        notices.choose_mails(by=cast.former, pace=Pace.DAILY, time_zone="Asia/Tokyo")
        client.get(link)
        page = client.post("/mails/stop/", follow=True).content.decode()
        assert "These mails have stopped" in page
        row = choice_of(cast.former)
        assert (row.pace, row.due_at) == (Pace.NEVER, None)
        page = client.post("/mails/stop/", {"undo": "1"}, follow=True).content.decode()
        assert "They come again, as before." in page
        assert "Stop these mails?" in page
        row = choice_of(cast.former)
        assert (row.pace, row.pace_before) == (Pace.DAILY, "")
        assert row.due_at is not None
        assert row.due_at.hour == 23  # eight in Tokyo

    def test_what_a_mail_client_stopped_the_page_takes_back(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        mail_client().post(link, ONE_CLICK)
        client = Client()
        assert 'name="undo"' in client.get(link, follow=True).content.decode()
        for _time in range(2):
            client.post("/mails/stop/", {"undo": "1"})
        assert choice_of(cast.former).pace == Pace.AT_ONCE

    def test_never_by_ones_own_choice_is_not_undone(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        save(client_of(cast.former), Pace.NEVER)
        client = Client()
        page = client.get(link, follow=True).content.decode()
        assert "These mails have stopped" in page
        assert 'name="undo"' not in page
        client.post("/mails/stop/", {"undo": "1"})
        assert choice_of(cast.former).pace == Pace.NEVER

    def test_its_form_needs_its_token(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.get(mailed_link(cast.former))
        assert client.post("/mails/stop/").status_code == 403
        assert not MailChoice.objects.exists()

    def test_it_stops_nothing_but_the_mails(self, cast: Cast) -> None:
        """Whoever holds an old mail is not signed in by it."""
        client = Client()
        client.get(mailed_link(cast.former))
        assert client.get("/me/notices/").status_code == 302
        assert client.get("/registration/").status_code == 404


class TestALinkThatIsOver:
    def over(self, link: str) -> None:
        known = Client().get("/registration/open/never-there/")
        for answer in (Client().get(link), mail_client().post(link, ONE_CLICK)):
            assert answer.status_code == 404
            assert answer.content == known.content
            assert dict(answer.headers) == dict(known.headers)
        assert not MailChoice.objects.filter(pace=Pace.NEVER).exists()

    def test_a_forged_one_looks_like_it(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        stolen = MailedLink.objects.get().token_hash
        for token in ("x", "é\x00", "a" * 43, stolen, str(cast.former.pk)):
            self.over(f"/mails/stop/{token}/")
        self.over(f"{link[:-2]}{'a' if link[-2] != 'a' else 'b'}/")

    def test_so_does_one_for_something_else(self, cast: Cast) -> None:
        token = mailed_links.issue(
            purpose="registration", subject=cast.former.pk, lifetime=timedelta(days=1)
        )
        self.over(f"/mails/stop/{token}/")

    def test_and_one_whose_time_has_passed(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        with time_machine.travel(timezone.now() + timedelta(days=89)):
            assert Client().get(link).status_code == 302
        with time_machine.travel(timezone.now() + timedelta(days=91)):
            self.over(link)

    def test_and_one_of_an_account_that_was_erased(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        client = Client()
        client.get(link)
        notices.choose_mails(by=cast.former, pace=Pace.DAILY, time_zone="UTC")
        erasing.erase_account(person=cast.former)
        assert not MailChoice.objects.exists()
        assert not MailedLink.objects.filter(purpose=STOP_MAILS).exists()
        assert client.get("/mails/stop/").status_code == 404
        self.over(link)

    def test_and_one_of_an_account_that_is_closed(self, cast: Cast) -> None:
        link = mailed_link(cast.former)
        User.objects.filter(pk=cast.former.pk).update(is_active=False)
        self.over(link)


def test_who_presses_very_often_waits_and_is_never_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("network.http.sleep", waits.append)
    monkeypatch.setattr("profiles.views.mails.LIMIT", 3)
    link = mailed_link(cast.former)
    for _time in range(6):
        assert mail_client().post(link, ONE_CLICK).status_code == 200
    assert len(waits) == 3
    assert max(waits) <= 2


def test_the_export_says_how_mails_come(cast: Cast) -> None:
    def said() -> Any:
        (row,) = queries.export_sections(cast.former)[0].read()
        return row["Mails about what is new"]

    assert said() == "At once"
    notices.choose_mails(by=cast.former, pace=Pace.WEEKLY, time_zone="UTC")
    assert str(said()).startswith("Once a week")
