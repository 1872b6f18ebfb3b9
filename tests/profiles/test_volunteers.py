"""A registration changes nothing for anybody until its own link was opened."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from network import mailed_links, notify
from network.models import AuditEntry, Lane, MailedLink, OutboxEntry, OutgoingMail
from profiles import access
from profiles.actions import reminding, volunteers
from profiles.models import ConsentRecord, VolunteerRegistration
from tests.profiles.conftest import registered

pytestmark = pytest.mark.django_db


def last_link() -> str:
    mail = OutgoingMail.objects.order_by("created_at").last()
    assert mail is not None
    found = re.search(r"/registration/open/\S+/", mail.context["link"])
    assert found is not None
    return found.group()


def opened(link: str | None = None) -> Client:
    """A browser in which the mailed link was opened."""
    client = Client()
    answer = client.get(link or last_link())
    assert answer["Location"] == "/registration/"
    return client


def changed(client: Client, **values: object) -> int:
    data: dict[str, object] = {
        "interests": "translation, young-people",
        "languages": "en",
        "town": "Malmö",
        "travel_km": "25",
        "is_remote_ok": "on",
        "slots": ["sun-pm"],
    }
    return client.post("/registration/", {**data, **values}).status_code


def test_the_same_form_sent_many_times_is_one_registration() -> None:
    rows = {registered().pk for _press in range(5)}
    assert len(rows) == 1
    assert VolunteerRegistration.objects.count() == 1
    assert OutgoingMail.objects.count() == 1
    assert ConsentRecord.objects.count() == 1


def test_opening_the_link_changes_nothing_and_the_button_confirms() -> None:
    row = registered()
    client = opened()
    page = client.get("/registration/")
    assert page.status_code == 200
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert client.post("/registration/", {"confirm": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert row.expires_at > timezone.now() + timedelta(days=360)
    assert client.post("/registration/", {"confirm": "1"}).status_code == 302
    assert AuditEntry.objects.filter(action="volunteer confirmed").count() == 1


def test_a_second_one_with_the_address_waits_for_its_own_link() -> None:
    first = registered()
    opened().post("/registration/", {"confirm": "1"})
    second = registered("form-2", "VOL@example.org", skills={"carpentry": 8})
    first.refresh_from_db()
    assert first.skills == {"translation": 9}
    link = last_link()
    client = opened(link)
    client.get("/registration/")
    first.refresh_from_db()
    assert first.skills == {"translation": 9}  # reading alone changed nothing
    client.post("/registration/", {"confirm": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.skills == {"carpentry": 8}
    assert second.merged_into == first
    assert (second.email, second.skills) == ("", {})
    assert VolunteerRegistration.objects.live().count() == 1
    assert client.get("/registration/").context["registration"] == first


def test_another_address_is_another_registration() -> None:
    registered()
    registered("form-2", "other@example.org")
    opened().post("/registration/", {"confirm": "1"})
    assert VolunteerRegistration.objects.live().count() == 2


def test_everything_can_be_changed_by_the_link() -> None:
    row = registered()
    client = opened()
    assert changed(client, level_translation="10", travel_km="100") == 302
    row.refresh_from_db()
    assert row.skills == {"translation": 10}
    assert (row.travel_km, row.slots) == (100, ["sun-pm"])
    assert row.confirmed_at is not None  # saving through the link confirms
    assert changed(client, is_remote_ok="") == 302
    row.refresh_from_db()
    assert not row.is_remote_ok
    assert changed(client, interests="zzqx") == 422


def test_erasing_blanks_everything_at_once() -> None:
    row = registered()
    link = last_link()
    client = opened(link)
    assert client.get("/registration/erase/").status_code == 405
    assert client.post("/registration/erase/").status_code == 200
    row.refresh_from_db()
    assert row.erased_at is not None
    left = (row.email, row.email_index, row.skills, row.causes, row.place, row.slots)
    assert not any(left)
    line = OutboxEntry.objects.filter(kind="volunteer", key=str(row.pk)).last()
    assert line is not None
    assert line.lane == Lane.WITHDRAWALS
    assert ConsentRecord.objects.get().withdrawn_at is not None
    assert client.get("/registration/").status_code == 404
    assert Client().get(link).status_code == 404


def test_without_the_link_there_is_nothing() -> None:
    registered()
    client = Client()
    assert client.get("/registration/").status_code == 404
    assert client.post("/registration/erase/").status_code == 404
    assert client.get("/registration/open/guessed/").status_code == 404
    assert VolunteerRegistration.objects.get().erased_at is None


def test_what_is_stored_does_not_tell_who_or_where() -> None:
    registered()
    stored = str(list(VolunteerRegistration.objects.values_list()))
    stored += str(list(MailedLink.objects.values_list()))
    stored += str(list(OutgoingMail.objects.values_list()))
    for private in ("vol@example.org", "2692969", "55.6", last_link().split("/")[3]):
        assert private not in stored


def test_one_address_is_not_flooded_and_no_registration_is_lost() -> None:
    for number in range(8):
        registered(f"form-{number}")
    assert VolunteerRegistration.objects.count() == 8
    assert OutgoingMail.objects.count() == volunteers.MAILS_A_DAY
    assert volunteers.mail_left_out() == 0  # not yet
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert volunteers.mail_left_out() == 1  # the newest, in place of the others
        assert volunteers.mail_left_out() == 0
    newest = VolunteerRegistration.objects.latest("created_at")
    assert MailedLink.objects.filter(subject=newest.pk).count() == 1
    assert OutgoingMail.objects.count() == volunteers.MAILS_A_DAY + 1


def test_the_mail_says_nothing_about_the_person() -> None:
    registered()
    mail = OutgoingMail.objects.get()
    message = notify.compose(mail)
    texts = [message.body, *(str(part[0]) for part in message.alternatives)]
    assert len(texts) == 2
    for text in texts:
        assert "/registration/open/" in text
        assert "Malmö" not in text
        assert "ranslation" not in text


def test_a_reminder_shows_the_way_to_the_page_where_it_all_ends() -> None:
    row = registered()
    first = notify.compose(OutgoingMail.objects.get())
    assert "List-Unsubscribe" not in first.extra_headers  # they have just asked for it
    opened().post("/registration/", {"confirm": "1"})
    with time_machine.travel(timezone.now() + timedelta(days=340)):
        reminding.remind_registrations()
        headers = notify.compose(
            OutgoingMail.objects.latest("created_at")
        ).extra_headers
        assert "List-Unsubscribe-Post" not in headers  # a page that needs eyes
        url = headers["List-Unsubscribe"].strip("<>")
        client = Client()
        page = client.get(url.partition("8000")[2], follow=True)
        assert "Erase my registration" in page.content.decode()
        row.refresh_from_db()
        assert row.erased_at is None


def test_a_year_without_activity_erases_after_one_reminder() -> None:
    row = registered()
    opened().post("/registration/", {"confirm": "1"})
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=300)):
        assert reminding.remind_registrations() == 0
    with time_machine.travel(start + timedelta(days=340)):
        assert reminding.remind_registrations() == 1
        assert reminding.remind_registrations() == 0
        assert volunteers.expire_registrations() == 0
    with time_machine.travel(start + timedelta(days=350)):
        assert reminding.remind_registrations() == 0
    with time_machine.travel(start + timedelta(days=366)):
        assert volunteers.expire_registrations() == 1
    row.refresh_from_db()
    assert row.email == ""


def test_the_link_survives_merging_only_while_its_row_lives() -> None:
    row = registered()
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=row.pk, lifetime=timedelta(days=1)
    )
    client = opened(f"/registration/open/{token}/")
    volunteers.erase_registration(registration=row)
    assert client.get("/registration/").status_code == 404


def test_erasing_takes_what_waits_under_the_same_address_with_it() -> None:
    row = registered()
    volunteers.confirm_registration(registration=row)
    waiting = registered("form-2", email="VOL@example.org")
    other = registered("form-3", email="other@example.org")
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=row.pk, lifetime=timedelta(days=1)
    )
    client = opened(f"/registration/open/{token}/")
    assert b"are gone" in client.post("/registration/erase/").content
    left = VolunteerRegistration.objects.filter(erased_at=None)
    assert list(left) == [other]
    waiting.refresh_from_db()
    assert waiting.email == ""


def test_what_runs_out_takes_no_newer_registration_with_it() -> None:
    row = registered()
    volunteers.confirm_registration(registration=row)
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        newer = registered("form-2")
        volunteers.expire_registrations()
        newer.refresh_from_db()
        assert newer.erased_at is None
