"""One's own pages: profile, consents, export, erasure, notices."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import audit, notify, parts
from network.models import (
    Lane,
    MailChoice,
    Notice,
    OutboxEntry,
    OutgoingMail,
    Pace,
    User,
)
from network.places import cell_centre, resolve
from profiles import chores, queries
from profiles.actions import connections, withdrawing
from profiles.actions import profile as profile_actions
from profiles.actions.consent import give_consent
from profiles.models import (
    Application,
    Connection,
    ConsentRecord,
    ContactGrant,
    Decision,
    Profile,
    ProfileView,
    Purpose,
    Standing,
)
from tests.cast import Cast, client_of, create_account
from tests.profiles.conftest import applied, approved

pytestmark = pytest.mark.django_db


SEVERAL = {"slots", "roles_offered", "backgrounds"}


def form_of(client: Client, **changed: Any) -> dict[str, Any]:
    """The profile form as the browser would send it back, with changes."""
    form = client.get("/me/profile/").context["form"]
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            data |= {field.name: "on"} if value else {}
        elif isinstance(value, list) and field.name in SEVERAL:
            data[field.name] = value
        else:
            data[field.name] = field.field.widget.format_value(value) or ""
            if isinstance(data[field.name], list):
                data[field.name] = "".join(data[field.name])
    for name, value in changed.items():
        data.pop(name) if value is None else data.__setitem__(name, value)
    return data


def save(client: Client, **changed: Any) -> int:
    return client.post("/me/profile/", form_of(client, **changed)).status_code


def test_a_profile_is_filled_without_javascript(cast: Cast) -> None:
    client = client_of(cast.former)
    filled = {
        "skills": "Translation, carpentry",
        "town": "Malmö, Sweden",
        "slots": ["mon-eve", "sat-am"],
        "roles_offered": ["mentor"],
        "travel_km": "50",
        "causes": "young-people",
        "audience_way": "private",
    }
    assert save(client, **filled) == 302
    profile = Profile.objects.get(user=cast.former)
    assert {row.skill: row.level for row in profile.skills.all()} == {
        "translation": 9,
        "carpentry": 9,
    }
    assert profile.slots == ["mon-eve", "sat-am"]
    assert profile.audience == {"way": "private"}
    assert save(client, level_translation="10", skills="translation") == 302
    assert [(row.skill, row.level) for row in profile.skills.all()] == [
        ("translation", 10)
    ]


@pytest.mark.parametrize(
    "switch", ["is_listed", "is_open_to_contact", "accompanies", "shows_mutual"]
)
def test_a_switch_stays_where_it_was_when_something_else_is_saved(
    cast: Cast, switch: str
) -> None:
    client = client_of(cast.former)
    for is_on in (True, False):
        Profile.objects.filter(user=cast.former).update(**{switch: is_on})
        assert save(client, way=f"Another day, {is_on}.") == 302
        assert getattr(Profile.objects.get(user=cast.former), switch) is is_on


def test_somebody_takes_on_as_much_as_they_say(cast: Cast) -> None:
    client = client_of(cast.former)
    Profile.objects.filter(user=cast.former).update(load=2)
    page = client.get("/me/profile/").content.decode()
    assert "Tasks you help with now: 2." in page
    assert "In your time: " in page
    assert save(client, load_cap="2") == 302
    assert not Profile.objects.get(user=cast.former).has_capacity
    assert save(client, load_cap="0") == 302
    assert Profile.objects.get(user=cast.former).load_cap == 0
    assert client.post("/me/profile/", form_of(client, load_cap="x")).status_code == 422


def test_an_older_page_shows_nothing_again_that_was_hidden_meanwhile(
    cast: Cast,
) -> None:
    client = client_of(cast.former)
    older = form_of(client, way="Words from the older page.")
    assert save(client, audience_kind="private") == 302
    answer = client.post("/me/profile/", older)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "You have saved your profile since you opened this page" in page
    assert "Somebody else" not in page
    assert "Words from the older page." in page
    profile = Profile.objects.get(user=cast.former)
    assert profile.audience_of("kind") == "private"
    meant = {**older, "opened": answer.context["form"]["opened"].value()}
    assert client.post("/me/profile/", meant).status_code == 302
    assert Profile.objects.get(user=cast.former).way == "Words from the older page."


def test_a_form_pressed_twice_is_saved(cast: Cast) -> None:
    client = client_of(cast.former)
    data = form_of(client, way="Once.", skills="Translation", town="Malmö, Sweden")
    for _press in range(2):
        assert client.post("/me/profile/", data).status_code == 302


def test_only_the_cell_of_a_town_is_kept(cast: Cast) -> None:
    client = client_of(cast.former)
    save(client, town="Malmö, Sweden")
    town = resolve("Malmö, Sweden")
    assert town is not None
    place = Profile.objects.get(user=cast.former).place
    assert (place["lat"], place["lon"]) == cell_centre(town.lat, town.lon)
    assert place["lat"] != town.lat
    stored = str(Profile.objects.filter(user=cast.former).values_list("place", "kind"))
    assert str(town.id) not in stored
    assert "former" not in stored
    assert "Malm" in client.get("/me/profile/").content.decode()


def test_a_wrong_answer_keeps_what_was_typed(cast: Cast) -> None:
    client = client_of(cast.former)
    data = form_of(client, skills="zzqx", way="My own words.", town="Nowhereville 99")
    answer = client.post("/me/profile/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    for kept in ("zzqx", "My own words.", "Nowhereville 99"):
        assert kept in page


def test_matching_is_consented_to_and_withdrawn(cast: Cast) -> None:
    client = client_of(cast.former)
    save(client, is_matched=None)
    assert not Profile.objects.get(user=cast.former).is_matched
    assert save(client, is_matched="on") == 302
    record = ConsentRecord.objects.get(person=cast.former, purpose=Purpose.MATCHING)
    assert record.withdrawn_at is None
    page = client.get("/me/consents/").content.decode()
    assert f"/me/consents/{record.pk}/" in page
    client.get(f"/me/consents/{record.pk}/")
    record.refresh_from_db()
    assert record.withdrawn_at is None  # a GET changes nothing
    assert client.post(f"/me/consents/{record.pk}/").status_code == 302
    record.refresh_from_db()
    profile = Profile.objects.get(user=cast.former)
    assert record.withdrawn_at is not None
    assert not profile.is_matched
    lines = OutboxEntry.objects.filter(kind="person", key=str(cast.former.pk))
    assert lines.filter(lane=Lane.WITHDRAWALS).exists()
    assert client.post(f"/me/consents/{record.pk}/").status_code == 404


def test_nobody_withdraws_for_another(cast: Cast) -> None:
    record = give_consent(purpose=Purpose.MATCHING, language="en", by=cast.former)
    url = f"/me/consents/{record.pk}/"
    assert client_of(cast.survivor).post(url).status_code == 404
    record.refresh_from_db()
    assert record.withdrawn_at is None


def test_withdrawing_the_label_takes_it_out_and_hides(cast: Cast) -> None:
    record = give_consent(
        purpose=Purpose.SPECIAL_CATEGORY, language="en", by=cast.survivor
    )
    withdrawing.withdraw_consent(record=record, by=cast.survivor)
    profile = Profile.objects.get(user=cast.survivor)
    assert profile.kind == ""
    assert not (profile.is_listed)
    assert not (profile.is_matched)


def test_the_application_that_let_somebody_in_forgets_the_label_too(cast: Cast) -> None:
    application = approved(cast, applied())
    person = application.applicant
    record = ConsentRecord.objects.get(person=person, purpose=Purpose.SPECIAL_CATEGORY)
    withdrawing.withdraw_consent(record=record, by=person)
    application.refresh_from_db()
    assert application.state == "approved"
    assert set(application.answers) == {"pseudonym", "languages", "country"}
    profile = Profile.objects.get(user=person)
    assert (profile.kind, profile.standing) == ("", Standing.PROBATION)


def test_withdrawing_joining_ends_an_application_and_a_membership(cast: Cast) -> None:
    application = applied()
    person = application.applicant
    record = ConsentRecord.objects.get(person=person, purpose=Purpose.JOINING)
    withdrawing.withdraw_consent(record=record, by=person)
    application.refresh_from_db()
    assert (application.state, application.answers) == ("withdrawn", {})
    record = give_consent(purpose=Purpose.JOINING, language="en", by=cast.former)
    withdrawing.withdraw_consent(record=record, by=cast.former)
    assert Profile.objects.get(user=cast.former).standing == Standing.LEFT


def test_the_export_holds_ones_own_and_not_the_others(cast: Cast) -> None:
    client = client_of(cast.former)
    save(client, way="My own words.", town="Malmö, Sweden")
    asked = connections.request_connection(
        by=cast.former, recipient=cast.survivor.profile, note="Mine to export"
    )
    connections.decline_connection(connection=asked, by=cast.survivor)
    connections.request_connection(
        by=cast.stranger, recipient=cast.former.profile, note="Theirs, not mine"
    )
    text = client.get("/me/export/?format=json").content.decode()
    told = json.loads(text)
    assert {"made_at", "sections"} == set(told)
    for own in ("My own words.", cast.former.email, "former", "Mine to export"):
        assert own in text
    assert "Theirs, not mine" not in text
    assert "declined" not in text  # the no stays silent here too
    page = client.get("/me/export/").content.decode()
    assert "My own words." in page


def test_the_page_of_the_export_speaks_in_words_and_the_file_in_marks(
    cast: Cast,
) -> None:
    client = client_of(cast.former)
    save(client, way="My own words.", town="Malmö, Sweden")
    give_consent(purpose=Purpose.MATCHING, language="en", by=cast.former)
    connections.request_connection(
        by=cast.former, recipient=cast.survivor.profile, note="Hello"
    )
    ProfileView.objects.create(viewer=cast.former, subject=cast.survivor.profile)
    page = html.unescape(client.get("/me/export/").content.decode())
    opened = "How many profiles you opened"
    for words in ("Malmö, Sweden", "Being matched with projects", opened):
        assert words in page
    assert not re.search(r">[a-z]+_[a-z_]+<|\b(town_id|lat|lon):", page)
    assert not re.search(r"\d{4}-\d\d-\d\d|True|False", page)
    assert str(cast.survivor.profile.pk) not in page
    stored = client.get("/me/export/?format=json").content.decode()
    for mark in ("town_id", "is_remote_ok", "vetted_at", "profiles_opened"):
        assert mark in stored
    assert str(cast.survivor.profile.pk) not in stored  # how many, and not whom
    for section in queries.export_sections(cast.former):
        assert {key for row in section.rows for key in row} <= set(section.words)


# a vetter's work is about somebody else
NO_ONES_OWN = {
    "profiles.Organisation",
    "profiles.Decision",
    "profiles.Assignment",
    "profiles.Ban",
}


def test_every_model_with_a_person_is_exported_and_erased() -> None:
    covered = {name for part in parts.exporters for name in part.models}
    erased = {name for part in parts.erasers for name in part.models}
    for model in Profile._meta.apps.get_app_config("profiles").get_models():
        people = [
            field.name
            for field in model._meta.get_fields()
            if field.is_relation
            and field.related_model is User
            and getattr(field, "many_to_one", False) | getattr(field, "one_to_one", 0)
        ]
        label = model._meta.label
        if people and label not in NO_ONES_OWN:
            assert label in covered, label
            assert label in erased, label


def test_erasing_leaves_nothing_of_a_person(cast: Cast) -> None:
    client = client_of(cast.former)
    save(client, way="My own words.")
    asked = connections.request_connection(
        by=cast.former, recipient=cast.survivor.profile
    )
    connections.accept_connection(connection=asked, by=cast.survivor)
    give_consent(purpose=Purpose.MATCHING, language="en", by=cast.former)
    notify.send_mail(
        to=cast.former.email, template="application_received", context={}, language="en"
    )
    key = cast.former.pk
    page = f"/people/{key}/"
    notify.notify(person=cast.survivor, kind="connection_request", url=page)
    assert client.post("/me/erase/", {}).status_code == 422
    assert User.objects.filter(pk=key).exists()
    assert client.post("/me/erase/", {"sure": "on"}).status_code == 200
    assert not User.objects.filter(pk=key).exists()
    for model in (Profile, Connection, ContactGrant, ConsentRecord):
        for row in model.objects.all():
            assert str(key) not in str(vars(row))
    assert not Notice.objects.filter(url__contains=str(key)).exists()
    assert not any(mail.to == cast.former.email for mail in OutgoingMail.objects.all())
    line = OutboxEntry.objects.filter(kind="person", key=str(key)).last()
    assert line is not None
    assert line.lane == Lane.WITHDRAWALS
    assert client.get("/me/").status_code == 302
    assert audit.AuditEntry.objects.filter(action="account erased").exists()


def confirm_again(client: Client, person: User) -> None:
    """As after typing the second factor once more."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, method="mfa", reauthenticated=True)
    request.session.save()


def test_a_vetters_erasure_keeps_decisions_and_no_way_in(cast: Cast) -> None:
    application = approved(cast, applied())
    key, email = cast.vetter.pk, cast.vetter.email
    MailChoice.objects.create(person=cast.vetter, pace=Pace.WEEKLY)
    client = client_of(cast.vetter)
    assert "reauthenticate" in client.post("/me/erase/", {"sure": "on"})["Location"]
    assert User.objects.get(pk=key).email == email
    confirm_again(client, cast.vetter)
    assert client.post("/me/erase/", {"sure": "on"}).status_code == 200
    shell = User.objects.get(pk=key)
    assert shell.email != email
    assert not shell.is_active
    assert not shell.has_usable_password()
    assert not Group.objects.filter(user=shell).exists()
    assert not MailChoice.objects.exists()
    assert Decision.objects.filter(application=application).count() == 2


def test_notices_are_listed_and_marked(cast: Cast) -> None:
    notify.notify(person=cast.former, kind="probation_over", url="/me/")
    client = client_of(cast.former)
    assert "Your first 90 days are over" in client.get("/me/notices/").content.decode()
    assert Notice.objects.get().read_at is None
    client_of(cast.survivor).post("/me/notices/")
    assert Notice.objects.get().read_at is None
    client.post("/me/notices/")
    assert Notice.objects.get().read_at is not None


def test_probation_ends_by_itself_after_90_days(cast: Cast) -> None:
    chores.finish_probation()
    assert Profile.objects.get(user=cast.newcomer).standing == Standing.PROBATION
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        chores.finish_probation()
        chores.finish_probation()
    assert Profile.objects.get(user=cast.newcomer).standing == Standing.MEMBER
    assert Notice.objects.filter(person=cast.newcomer).count() == 1


def test_a_pause_that_is_over_is_told_to_the_index(cast: Cast) -> None:
    until = timezone.now() + timedelta(days=1)
    profile_actions.pause(profile=cast.former.profile, by=cast.former, until=until)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        chores.end_pauses()
    line = OutboxEntry.objects.filter(kind="person", key=str(cast.former.pk)).last()
    assert line is not None
    assert line.lane == Lane.PEOPLE


def test_declined_applications_are_forgotten_after_six_months(cast: Cast) -> None:
    application = applied()
    Application.objects.filter(pk=application.pk).update(
        state="declined", decided_at=timezone.now() - timedelta(days=181)
    )
    chores.forget_declined()
    assert Application.objects.filter(pk=application.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        chores.forget_declined()
    assert not Application.objects.filter(pk=application.pk).exists()


PAGES = ("me", "me/profile", "me/preview", "me/consents", "me/export", "me/erase",
         "me/pause", "me/notices", "me/notifications", "connections",
         "join")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_for_members_and_not_for_strangers(
    cast: Cast, path: str
) -> None:
    answer = client_of(cast.former).get(f"/{path}/", follow=True)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    if path != "join":
        assert Client().get(f"/{path}/").status_code == 302


def test_staff_and_newly_registered_people_have_a_page_too(cast: Cast) -> None:
    for person in (cast.vetter, cast.applicant, create_account("fresh")):
        assert client_of(person).get("/me/").status_code == 200


def test_lists_of_ones_own_cost_the_same_for_many(cast: Cast) -> None:
    client = client_of(cast.former)

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def add() -> None:
        notify.notify(person=cast.former, kind="probation_over", url="/me/")
        for purpose in (Purpose.MATCHING, Purpose.JOINING, Purpose.COMMUNITY):
            record = give_consent(purpose=purpose, language="en", by=cast.former)
            ConsentRecord.objects.filter(pk=record.pk).update(
                withdrawn_at=timezone.now()
            )

    add()
    urls = ("/me/notices/", "/me/consents/")
    for url in urls:
        cost(url)
    before = [cost(url) for url in urls]
    for _time in range(4):
        add()
    assert [cost(url) for url in urls] == before
