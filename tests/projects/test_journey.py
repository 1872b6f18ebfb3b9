"""From an appeal's page to a registration, by plain HTTP: no script runs here."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from network.models import Notice, OutgoingMail
from profiles.actions import volunteers
from profiles.models import ConsentRecord, VolunteerRegistration
from projects.forms.volunteering import COMMON
from projects.journey import SESSION_KEY
from projects.models import Appeal, AppealRegistration, Need
from projects.times import slots_of
from tests.cast import Cast, client_of
from tests.projects.conftest import OSTEND

pytestmark = pytest.mark.django_db

EMAIL = "ines@example.org"
URL = "/help/harbour/"


def stamp_of(page: Any) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def fill(client: Client, step: int, **fields: Any) -> Any:
    return client.post(f"{URL}?step={step}", fields)


def to_the_last_screen(client: Client) -> None:
    start = timezone.now() - timedelta(seconds=40)
    with time_machine.travel(start, tick=False):
        page = client.get(URL)
    first = fill(client, 1, stamp=stamp_of(page), offers="cooking, Interpreting")
    assert (first.status_code, first.url) == (302, f"{URL}?step=2")
    second = fill(client, 2, languages="English, français", town="Ostend, Belgium")
    assert (second.status_code, second.url) == (302, f"{URL}?step=3")


def finish(client: Client, **fields: Any) -> Any:
    values = {"times": ["evenings", "weekends"], "email": EMAIL, "website": ""}
    return fill(client, 3, **(values | fields))


def link_in(mail: OutgoingMail) -> str:
    return "/" + mail.context["link"].split("//", 1)[1].split("/", 1)[1]


def test_three_screens_without_an_account(appeal: Appeal, need: Need) -> None:
    client = Client()
    to_the_last_screen(client)
    assert VolunteerRegistration.objects.count() == 0  # nothing before the button
    done = finish(client)
    assert (done.status_code, done.url) == (302, f"{URL}done/")
    row = VolunteerRegistration.objects.get()
    assert row.email == EMAIL
    assert set(row.skills) == {"cooking", "community-interpreting"}
    assert row.languages == ["en", "fr"]
    assert row.place["town_id"] == OSTEND
    assert (row.travel_km, row.is_remote_ok, row.safeguarding_tier) == (25, True, 0)
    assert "tue-eve" in row.slots
    assert "tue-am" not in row.slots
    assert row.confirmed_at is None
    assert AppealRegistration.objects.get().appeal == appeal
    assert ConsentRecord.objects.get().registration == row
    assert OutgoingMail.objects.get().to == EMAIL


def test_the_last_page_names_a_need_that_fits(appeal: Appeal, need: Need) -> None:
    client = Client()
    to_the_last_screen(client)
    page = client.get(finish(client).url).content.decode()
    assert need.title in page
    assert Client().get(f"{URL}done/").status_code == 404


def test_the_last_page_says_where_the_mail_goes_and_that_it_has_to_be_confirmed(
    appeal: Appeal,
) -> None:
    client = Client()
    to_the_last_screen(client)
    page = client.get(finish(client, email="ines@exmaple.org").url).content.decode()
    assert "A mail to ines@exmaple.org is on its way" in page
    assert "open its link and confirm" in page.lower()
    Appeal.objects.update(state=Appeal.State.CLOSED)  # no reason to stay unreachable
    page = client.get(f"{URL}done/").content.decode()
    assert f'href="{URL}address/">Is the address wrong?' in page
    assert client.get(f"{URL}address/").status_code == 200


def test_a_mistyped_address_is_corrected_and_its_link_dies(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    finish(client, email="inse@example.org")
    wrong = link_in(OutgoingMail.objects.get())
    assert f"{URL}address/" in client.get(f"{URL}done/").content.decode()

    page = client.get(f"{URL}address/")
    assert 'value="inse@example.org"' in page.content.decode()
    refused = client.post(f"{URL}address/", {"email": "ines@"})
    assert refused.status_code == 422
    assert 'value="ines@"' in refused.content.decode()

    for _twice in range(2):  # a double press is one mail
        sent = client.post(f"{URL}address/", {"email": EMAIL})
        assert (sent.status_code, sent.url) == (302, f"{URL}done/")
    row = VolunteerRegistration.objects.get()
    assert row.email == EMAIL
    assert set(row.skills) == {"cooking", "community-interpreting"}
    assert OutgoingMail.objects.count() == 2
    assert EMAIL in client.get(f"{URL}done/").content.decode()
    assert Client().get(wrong).status_code == 404
    right = link_in(OutgoingMail.objects.latest("created_at"))
    owner = Client()
    assert owner.get(right).status_code == 302
    owner.post("/registration/", {"confirm": ""})
    row.refresh_from_db()
    assert row.confirmed_at is not None

    # once it was confirmed, the browser that sent it in changes the address no more
    late = client.post(f"{URL}address/", {"email": "other@example.org"})
    assert (late.status_code, late.url) == (302, f"{URL}done/")
    row.refresh_from_db()
    assert row.email == EMAIL
    assert OutgoingMail.objects.count() == 2


def test_an_address_corrected_to_a_registered_one_waits_for_its_link(
    appeal: Appeal,
) -> None:
    client, earlier = Client(), Client()
    to_the_last_screen(client)
    finish(client, email="inse@example.org")
    to_the_last_screen(earlier)
    finish(earlier, times=["weekdays"])
    known = VolunteerRegistration.objects.get(
        email_index=volunteers.address_index(EMAIL)
    )
    volunteers.confirm_registration(registration=known)

    client.post(f"{URL}address/", {"email": EMAIL})
    known.refresh_from_db()
    assert known.slots == slots_of(["weekdays"])
    second = VolunteerRegistration.objects.exclude(pk=known.pk).get()
    stays = volunteers.confirm_registration(registration=second)
    assert (stays.pk, stays.slots) == (known.pk, slots_of(["evenings", "weekends"]))


def test_only_the_browser_that_sent_it_corrects_the_address(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    finish(client)
    for send in (Client().get, Client().post):
        assert send(f"{URL}address/").status_code == 404


def test_the_first_screen_sets_no_session_and_names_five_fields(appeal: Appeal) -> None:
    client = Client()
    page = client.get(URL)
    assert page.status_code == 200
    assert "sessionid" not in client.cookies
    assert page.content.decode().count('name="common"') == len(COMMON)


def test_a_form_sent_twice_is_one_registration_and_one_mail(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    before = dict(client.session)
    assert finish(client).url == finish(client).url == f"{URL}done/"
    # the second of two that were sent at the same moment read the session before
    session = client.session
    session[SESSION_KEY] = before[SESSION_KEY]
    session.save()
    assert finish(client).url == f"{URL}done/"
    assert VolunteerRegistration.objects.count() == 1
    assert AppealRegistration.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_what_was_filled_in_waits_encrypted_in_the_session(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    for session in Session.objects.all():
        kept = str(session.get_decoded())
        assert str(OSTEND) not in kept
        assert "cooking" not in kept


def test_going_back_shows_what_was_said(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    first = client.get(f"{URL}?step=1").content.decode()
    assert re.search(r'value="cooking"[^>]*checked', first)
    second = client.get(f"{URL}?step=2").content.decode()
    assert "Ostend, Belgium" in second
    assert "English, French" in second


def test_no_screen_can_be_reached_before_the_one_before(appeal: Appeal) -> None:
    client = Client()
    assert client.get(f"{URL}?step=3")["Location"] == f"{URL}?step=1"
    assert finish(client)["Location"] == f"{URL}?step=1"
    fill(client, 1, offers="cooking")
    assert finish(client)["Location"] == f"{URL}?step=2"
    assert VolunteerRegistration.objects.count() == 0


def test_unknown_words_are_kept_and_near_ones_named(appeal: Appeal) -> None:
    client = Client()
    page = fill(client, 1, offers="cooking, yodelling on stilts")
    text = page.content.decode()
    assert page.status_code == 422
    assert "yodelling on stilts" in text
    assert "Go on without the words" in text
    answer = fill(client, 1, offers="cooking, yodelling on stilts", leave_out="on")
    assert answer.status_code == 302


def test_nothing_at_all_is_asked_about(appeal: Appeal) -> None:
    assert fill(Client(), 1, offers="").status_code == 422
    assert fill(Client(), 1, common=["cooking"]).status_code == 302


def test_a_name_that_many_towns_have_is_asked_about_once(appeal: Appeal) -> None:
    client = Client()
    fill(client, 1, offers="cooking")
    page = fill(client, 2, languages="English", town="Springfield")
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="Springfield"' in text
    choices = re.findall(r'name="town_choice" value="(\d+)"', text)
    assert len(choices) > 1
    chosen = fill(
        client, 2, languages="English", town="Springfield", town_choice=choices[1]
    )
    assert chosen.status_code == 302
    back = client.get(f"{URL}?step=2").content.decode()
    shown = re.search(r'name="town" value="([^"]+)"', back)
    assert shown is not None
    # what was shown, sent back without a script, is the same town
    fill(client, 2, languages="English", town=shown.group(1), town_choice=choices[1])
    fill(client, 3, times=["any"], email=EMAIL)


def test_an_unknown_town_keeps_the_text(appeal: Appeal) -> None:
    client = Client()
    fill(client, 1, offers="cooking")
    page = fill(client, 2, languages="English", town="Nowhereville-upon-Void")
    assert page.status_code == 422
    assert "Nowhereville-upon-Void" in page.content.decode()


def test_help_from_home_needs_no_town(appeal: Appeal) -> None:
    client = Client()
    fill(client, 1, offers="translation")
    assert fill(client, 2, languages="English", town="").status_code == 302


def test_a_filled_honeypot_stores_nothing(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    page = finish(client, website="https://example.org")
    assert page.status_code == 422
    assert EMAIL in page.content.decode()
    assert VolunteerRegistration.objects.count() == 0
    assert finish(client).status_code == 302


def test_a_machine_s_pace_is_asked_to_press_once_more(appeal: Appeal) -> None:
    client = Client()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        stamp = stamp_of(client.get(URL))
        fill(client, 1, stamp=stamp, offers="cooking")
        fill(client, 2, languages="English", town="")
        assert finish(client).status_code == 422
    with time_machine.travel(now + timedelta(seconds=5), tick=False):
        assert finish(client).status_code == 302
    assert VolunteerRegistration.objects.count() == 1


def test_a_forged_stamp_only_begins_anew(appeal: Appeal) -> None:
    assert fill(Client(), 1, stamp="made up", offers="cooking").status_code == 302


def test_a_shared_address_is_slowed_down_and_never_refused(
    appeal: Appeal, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("projects.views.volunteering.LIMIT", 2)
    monkeypatch.setattr("network.http.sleep", waited.append)
    for number in range(5):
        client = Client()
        to_the_last_screen(client)
        assert finish(client, email=f"pupil{number}@example.org").status_code == 302
    assert VolunteerRegistration.objects.count() == 5
    assert len(waited) == 3
    assert waited == sorted(waited)
    assert max(waited) <= 3.0


def test_the_same_address_again_changes_nothing_until_its_link(appeal: Appeal) -> None:
    first = Client()
    to_the_last_screen(first)
    finish(first)
    row = VolunteerRegistration.objects.get()
    second = Client()
    to_the_last_screen(second)
    finish(second, times=["any"])
    kept = VolunteerRegistration.objects.get(pk=row.pk)
    assert kept.slots == row.slots
    assert kept.merged_into is None


def test_nobody_is_told_before_the_link_was_opened(
    appeal: Appeal, need: Need, cast: Cast
) -> None:
    client = Client()
    to_the_last_screen(client)
    finish(client)
    assert not Notice.objects.filter(person=cast.lead, kind="applied").exists()
    applied = client.post(f"/registration/needs/{need.pk}/apply/", {"note": ""})
    assert applied.status_code == 404
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "A volunteer" not in page


def test_closed_and_unknown_appeals_are_equally_absent(appeal: Appeal) -> None:
    missing = Client().get("/help/nowhere/")
    Appeal.objects.update(state=Appeal.State.CLOSED)
    closed = Client().get(URL)
    assert closed.status_code == missing.status_code == 404
    assert closed.content == missing.content


def test_the_address_stands_in_no_table_in_plain(appeal: Appeal) -> None:
    client = Client()
    to_the_last_screen(client)
    finish(client)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert EMAIL not in str(cursor.fetchall()), table


def test_an_arabic_page_prefills_arabic(appeal: Appeal) -> None:
    client = Client()
    url = f"/ar{URL}"
    stamp = stamp_of(client.get(url))
    first = client.post(f"{url}?step=1", {"stamp": stamp, "common": ["cooking"]})
    page = client.get(first["Location"]).content.decode()
    assert 'dir="rtl"' in page
    assert "العربية" in page


@pytest.mark.parametrize(
    ("times", "some", "none"),
    [
        (["weekdays"], "mon-am", "mon-eve"),
        (["evenings"], "fri-eve", "sat-eve"),
        (["weekends"], "sun-am", "mon-am"),
    ],
)
def test_times_in_words_become_slots(times: list[str], some: str, none: str) -> None:
    assert some in slots_of(times)
    assert none not in slots_of(times)


def test_any_time_is_every_slot() -> None:
    assert len(slots_of(["any"])) == 21


def test_who_registered_the_address_first_does_not_read_what_its_owner_says(
    appeal: Appeal, need: Need
) -> None:
    """Anybody can send in anybody's address."""
    stranger, owner = Client(), Client()
    to_the_last_screen(stranger)
    finish(stranger)
    assert stranger.get(f"{URL}done/").status_code == 200
    to_the_last_screen(owner)
    finish(owner, times=["weekdays"])
    newest = VolunteerRegistration.objects.order_by("created_at").last()
    assert newest is not None
    volunteers.confirm_registration(registration=newest)
    assert stranger.get(f"{URL}done/").status_code == 404
    assert owner.get(f"{URL}done/").status_code == 200


def test_the_appeal_is_named_in_the_readers_language(appeal: Appeal) -> None:
    appeal.titles = {"ar": "بعد الهجوم"}
    appeal.save()
    assert "بعد الهجوم" in Client().get(f"/ar{URL}").content.decode()
    assert appeal.title in Client().get(f"/de{URL}").content.decode()
