"""A volunteer's registration becomes an account, by a fresh letter and by sign-up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from messaging import actions as messages
from messaging.models import Participant
from network.models import AuditEntry, MailedLink, OutgoingMail, User
from profiles import access
from profiles.actions import becoming, joining, volunteers
from profiles.actions.erasing import erase_account
from profiles.models import (
    Application,
    ContactGrant,
    Profile,
    ProfileSkill,
    Standing,
    VolunteerRegistration,
)
from tests.cast import PASSWORD, Cast, client_of, create_account
from tests.profiles.conftest import (
    ANSWERS,
    approved,
    registered,
    set_factor,
    without_tokens,
)
from tests.profiles.test_volunteers import opened

pytestmark = pytest.mark.django_db
PAGE, BEGIN, TAKE = (
    "/registration/account/",
    "/registration/account/begin/",
    "/registration/account/take-along/",
)
EMAIL = "vol@example.org"
STRONG = "a quiet harbour at low tide"


@pytest.fixture
def row() -> VolunteerRegistration:
    found = registered()
    return volunteers.confirm_registration(registration=found)


@pytest.fixture
def volunteer(row: VolunteerRegistration) -> Client:
    """In whose browser the year-long link is open."""
    return opened()


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template="volunteer_account"))


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"/registration/account/open/\S+/", mail.context["link"])
    assert found is not None
    return found.group()


def wished(client: Client) -> str:
    assert client.post(PAGE)["Location"] == PAGE
    (mail,) = letters()
    return link_in(mail)


def signs_up(client: Client, email: str = EMAIL) -> Any:
    answer = client.post(BEGIN)
    assert answer["Location"].startswith("/accounts/signup/?next=")
    data = {"email": email, "password1": STRONG, "next": BEGIN}
    return client.post("/accounts/signup/", data)


def came_back(link: str) -> Client:
    client = Client()
    assert client.get(link)["Location"] == BEGIN
    return client


def test_the_whole_way_to_a_draft_that_vetters_still_decide_about(
    cast: Cast, volunteer: Client, row: VolunteerRegistration
) -> None:
    client = came_back(wished(volunteer))
    assert "I am 18 or over" in client.get(BEGIN).content.decode()
    assert signs_up(client)["Location"] == BEGIN
    person = User.objects.get(email=EMAIL)
    assert get_user(client) == person  # type: ignore[arg-type]
    assert EmailAddress.objects.get(user=person).verified
    assert person.check_password(STRONG)

    assert "Take it along" in client.get(BEGIN).content.decode()
    assert client.post(TAKE)["Location"] == "/join/"
    application = Application.objects.get(applicant=person)
    assert application.state == "draft"
    assert application.answers == {"kind": "supporter", "languages": ["en"]}
    profile = Profile.objects.get(user=person)
    assert profile.standing == Standing.APPLICANT
    assert {one.skill: one.level for one in profile.skills.all()} == row.skills
    for name in becoming.TAKEN_ALONG:
        assert getattr(profile, name) == getattr(row, name), name
    for shown in ("is_listed", "is_matched", "is_open_to_contact"):
        assert not getattr(profile, shown)
    assert client_of(cast.stranger).get(f"/people/{person.pk}/").status_code == 404
    assert client.get("/people/").status_code == 404
    row.refresh_from_db()
    assert row.erased_at is None
    assert row.skills


def test_what_was_taken_along_is_there_once_two_vetters_have_said_yes(
    cast: Cast, volunteer: Client
) -> None:
    client = came_back(wished(volunteer))
    signs_up(client)
    client.post(TAKE)
    person = User.objects.get(email=EMAIL)
    set_factor(person)
    draft = joining.save_draft(by=person, answers={**ANSWERS, "kind": "supporter"})
    sent = joining.submit_application(application=draft, by=person, language="en")
    approved(cast, sent)
    profile = Profile.objects.get(user=person)
    assert profile.standing == Standing.PROBATION
    assert [one.skill for one in profile.skills.all()] == ["translation"]
    assert profile.slots == ["sat-am"]


def test_the_answer_and_the_letter_are_the_same_for_an_address_with_an_account(
    volunteer: Client,
) -> None:
    pages, said = [], []
    for _time in range(2):
        answer = volunteer.post(PAGE, follow=True)
        pages.append(without_tokens(answer.content.decode()))
        (mail,) = letters()
        link = link_in(mail)
        said.append((mail.to, {**mail.context, "link": ""}))
        begin = came_back(link).get(BEGIN).content.decode()
        pages.append(without_tokens(begin))
        volunteer.post(PAGE, {"take-back": "1"}, follow=True)
        OutgoingMail.objects.all().delete()
        if not User.objects.filter(email=EMAIL).exists():
            create_account("vol")
    assert pages[:2] == pages[2:]
    assert said[0] == said[1]


def test_signing_up_once_more_with_the_address_makes_no_second_account(
    volunteer: Client,
) -> None:
    link = wished(volunteer)
    first = create_account("vol", password=PASSWORD)
    client = came_back(link)
    signs_up(client)
    assert User.objects.get(email=EMAIL) == first
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]
    assert first.check_password(PASSWORD)


def test_another_address_at_the_sign_up_takes_no_address_of_an_account(
    volunteer: Client,
) -> None:
    link = wished(volunteer)
    first = create_account("vol")
    client = came_back(link)
    signs_up(client, "other@example.org")
    assert list(EmailAddress.objects.filter(email=EMAIL)) == [
        EmailAddress.objects.get(user=first)
    ]
    assert client.post(TAKE).status_code in {302, 404}
    assert not Application.objects.exists()


def test_who_has_an_account_signs_in_and_takes_it_along(volunteer: Client) -> None:
    link = wished(volunteer)
    person = create_account("vol")
    client = client_of(person)
    client.get(link)
    assert "Take it along" in client.get(BEGIN).content.decode()
    assert client.post(TAKE)["Location"] == "/join/"
    assert Application.objects.filter(applicant=person).exists()


def test_nobody_takes_the_registration_of_another_address_along(
    volunteer: Client,
) -> None:
    link = wished(volunteer)
    client = client_of(create_account("somebody"))
    client.get(link)
    assert "another address" in client.get(BEGIN).content.decode()
    assert client.post(TAKE).status_code == 404
    assert not Application.objects.exists()


def test_an_address_that_was_not_confirmed_is_nobodys(volunteer: Client) -> None:
    link = wished(volunteer)
    person = create_account("vol")
    EmailAddress.objects.filter(user=person).update(verified=False)
    client = client_of(person)
    client.get(link)
    assert client.post(TAKE).status_code == 404


def test_without_the_letter_the_year_long_link_makes_no_account(
    volunteer: Client,
) -> None:
    assert volunteer.get(BEGIN).status_code == 404
    assert volunteer.post(BEGIN).status_code == 404
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE).status_code == 404


def test_opening_the_letter_changes_nothing(volunteer: Client) -> None:
    client = came_back(wished(volunteer))
    client.get(BEGIN)
    assert "account_verified_email" not in client.session
    assert not User.objects.exists()


def test_the_wish_is_taken_back(volunteer: Client) -> None:
    link = wished(volunteer)
    assert "Take the wish back" in volunteer.get(PAGE).content.decode()
    client = came_back(link)
    volunteer.post(PAGE, {"take-back": "1"})
    assert client.get(BEGIN).status_code == 404
    assert Client().get(link).status_code == 404
    assert "Send me the link" in volunteer.get(PAGE).content.decode()
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert "account wish taken back" in set(actions)


def test_it_is_good_for_72_hours(volunteer: Client) -> None:
    link = wished(volunteer)
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert Client().get(link).status_code == 404


def test_pressed_many_times_it_is_one_letter_and_one_draft(volunteer: Client) -> None:
    for _press in range(4):
        volunteer.post(PAGE)
    (mail,) = letters()
    client = client_of(create_account("vol"))
    client.get(link_in(mail))
    for _press in range(3):
        assert client.post(TAKE)["Location"] == "/join/"
    assert Application.objects.count() == Profile.objects.count() == 1


def test_no_letter_box_is_filled(volunteer: Client) -> None:
    for _time in range(becoming.MAILS_A_DAY + 3):
        volunteer.post(PAGE)
        volunteer.post(PAGE, {"take-back": "1"})
    assert len(letters()) == becoming.MAILS_A_DAY


def test_the_letter_says_nothing_of_the_person(
    volunteer: Client, row: VolunteerRegistration
) -> None:
    link = wished(volunteer)
    (mail,) = letters()
    assert set(mail.context) == {"link", "hours"}
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(MailedLink.objects.values_list())


def test_nothing_that_was_written_is_overwritten(cast: Cast, volunteer: Client) -> None:
    link = wished(volunteer)
    person = create_account("vol")
    joining.save_draft(by=person, answers={"kind": "former", "languages": ["ar"]})
    client = client_of(person)
    client.get(link)
    client.post(TAKE)
    answers = Application.objects.get(applicant=person).answers
    assert answers == {"kind": "former", "languages": ["ar"]}
    assert not Profile.objects.filter(user=person).exists()


def test_a_members_profile_stays_as_it_is(cast: Cast, volunteer: Client) -> None:
    link = wished(volunteer)
    member = User.objects.get(pk=cast.former.pk)
    EmailAddress.objects.filter(user=member).update(email=EMAIL)
    client = client_of(member)
    client.get(link)
    assert "cannot apply" in client.get(BEGIN).content.decode()
    assert client.post(TAKE)["Location"] == BEGIN
    assert not member.profile.skills.exists()
    assert member.profile.standing == Standing.MEMBER


def test_tasks_and_conversations_go_on_until_the_registration_is_erased(
    cast: Cast, volunteer: Client, row: VolunteerRegistration
) -> None:
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=row.pk,
        person=cast.lead,
        other_registration=row,
    )
    conversation = messages.open_conversation(grant=grant)
    client = came_back(wished(volunteer))
    signs_up(client)
    client.post(TAKE)
    grant.refresh_from_db()
    assert grant.ended_at is None
    theirs = Participant.objects.get(conversation=conversation, registration=row)
    assert theirs.left_at is None
    messages.send_message(participant=theirs, body="On my way", client_uuid=uuid4())
    volunteer.post("/registration/erase/")
    grant.refresh_from_db()
    assert grant.ended_at is not None
    assert User.objects.filter(email=EMAIL).exists()


def test_erasing_the_registration_ends_the_wish_and_the_account_goes_alone(
    volunteer: Client, row: VolunteerRegistration
) -> None:
    link = wished(volunteer)
    client = came_back(link)
    signs_up(client)
    client.post(TAKE)
    erase_account(person=User.objects.get(email=EMAIL))
    row.refresh_from_db()
    assert row.email == EMAIL
    volunteer.post("/registration/erase/")
    assert not MailedLink.objects.filter(purpose=access.ACCOUNT_WISH).exists()
    assert Client().get(link).status_code == 404


MINE = "/me/registration/"


@pytest.fixture
def member(row: VolunteerRegistration) -> User:
    person = create_account("vol")
    Profile.objects.create(
        user=person,
        standing=Standing.MEMBER,
        pseudonym="Vol",
        languages=["fr"],
        vetted_at=timezone.now(),
    )
    ProfileSkill.objects.create(profile=person.profile, skill="translation", level=10)
    return person


def test_a_member_makes_one_of_both(member: User, row: VolunteerRegistration) -> None:
    row.skills = {"translation": 8, "cooking": 9}
    row.save()
    client = client_of(member)
    assert MINE in client.get("/me/").content.decode()
    assert "Make one of both" in client.get(MINE).content.decode()
    for _time in range(2):
        assert client.post(MINE).status_code == 302
    profile = Profile.objects.get(user=member)
    skills = dict(profile.skills.values_list("skill", "level"))
    assert skills == {"translation": 10, "cooking": 9}
    assert profile.languages == ["fr", "en"]
    assert profile.causes == ["young-people"]
    assert (profile.slots, profile.place) == (["sat-am"], row.place)
    row.refresh_from_db()
    assert row.erased_at is not None
    assert MINE not in client.get("/me/").content.decode()
    assert client.get(MINE)["Location"] == "/me/"


def test_what_stands_in_the_profile_is_not_changed(
    member: User, row: VolunteerRegistration
) -> None:
    kept = {"town_id": 1, "lat": 1.0, "lon": 2.0}
    profile = member.profile
    profile.slots, profile.place = ["mon-am"], kept
    profile.save()
    becoming.merge_registrations(by=member)
    profile = Profile.objects.get(user=member)
    assert (profile.slots, profile.place) == (["mon-am"], kept)


def test_while_a_task_goes_on_both_stay(
    member: User, row: VolunteerRegistration, cast: Cast
) -> None:
    ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=uuid4(),
        person=cast.lead,
        other_registration=row,
    )
    client = client_of(member)
    assert "Make one of both" not in client.get(MINE).content.decode()
    answer = client.post(MINE, follow=True)
    assert "A task goes on under your registration" in answer.content.decode()
    row.refresh_from_db()
    assert row.erased_at is None


def test_a_registration_that_somebody_else_typed_is_nobodys(member: User) -> None:
    """With the address, and without the link being opened."""
    VolunteerRegistration.objects.update(confirmed_at=None)
    client = client_of(member)
    assert MINE not in client.get("/me/").content.decode()
    assert client.post(MINE)["Location"] == "/me/"
    assert not VolunteerRegistration.objects.exclude(erased_at=None).exists()
