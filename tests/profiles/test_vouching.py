"""Referees: named by an applicant, asked by a mailed link, read by vetters only."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from network import mailed_links
from network.models import AuditEntry, MailedLink, OutgoingMail
from profiles import chores, exporters
from profiles.access import REFEREE
from profiles.actions import joining, vouching
from profiles.actions.erasing import erase_account
from profiles.actions.standing import suspend_member
from profiles.models import Application, Referee
from tests.cast import Cast, client_of
from tests.profiles.conftest import applied, approved, without_tokens

pytestmark = pytest.mark.django_db
LIST, PAGE = "/join/referees/", "/speak-for/"
NAMED = {"email": "mentor@example.org", "known_as": "Little Oak"}
SAID = {
    "relation": "organisation",
    "since": "over-three",
    "trust": "partly",
    "words": "Calm, and on time.\nNever alone with the young ones yet.",
}


@pytest.fixture
def application(cast: Cast) -> Application:
    return applied()


@pytest.fixture
def referee(application: Application) -> Referee:
    return named(application)


def named(application: Application, email: str = NAMED["email"]) -> Referee:
    return vouching.name_referee(
        application=application,
        by=application.applicant,
        email=email,
        known_as=NAMED["known_as"],
    )


def letter(to: str = NAMED["email"]) -> OutgoingMail:
    (found,) = [mail for mail in letters() if mail.to == to]
    return found


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template="referee_asked"))


def opened(referee: Referee) -> Client:
    """The browser of somebody without an account who has followed their link."""
    client = Client()
    token = mailed_links.issue(
        purpose=REFEREE, subject=referee.pk, lifetime=timedelta(days=1)
    )
    assert client.get(f"/speak-for/open/{token}/")["Location"] == PAGE
    return client


def dossier(application: Application) -> str:
    assert application.contact_person is not None
    client = client_of(application.contact_person)
    return client.get(f"/staff/vetting/{application.pk}/").content.decode()


def test_the_whole_way_from_a_name_to_the_dossier(application: Application) -> None:
    applicant = client_of(application.applicant)
    assert "Name somebody" in applicant.get("/join/status/").content.decode()
    assert applicant.post(LIST, NAMED)["Location"] == LIST
    link = re.search(r"/speak-for/open/\S+/", letter().context["link"])
    assert link is not None
    referee = Client()
    assert referee.get(link[0])["Location"] == PAGE
    assert "Little Oak" in referee.get(PAGE).content.decode()
    assert not Referee.objects.exclude(state="asked").exists()  # a GET answers nothing
    assert referee.post(PAGE, SAID)["Location"] == PAGE
    assert "We have your answer" in referee.get(PAGE).content.decode()
    page = dossier(application)
    for words in ("Never alone with the young ones yet.", "with one thing to watch"):
        assert words in page
    own = applicant.get(LIST).content.decode()
    assert "has answered" in own
    assert "Spoke for them" in page  # in the history, in words
    assert "Calm, and on time" not in own


def test_the_letter_names_nobody(referee: Referee) -> None:
    mail = letter()
    said = f"{mail.template} {mail.context}"
    assert "Little Oak" not in said
    assert referee.application.answers["pseudonym"] not in said


def test_the_applicant_does_not_see_that_somebody_declined(referee: Referee) -> None:
    client = client_of(referee.application.applicant)
    before = client.get(LIST).content.decode()
    opened(referee).post(PAGE, {"decline": "1"})
    referee.refresh_from_db()
    assert referee.state == Referee.State.DECLINED
    page = client.get(LIST).content.decode()
    assert without_tokens(page) == without_tokens(before)


def test_the_first_answer_stands(referee: Referee) -> None:
    client, other = opened(referee), opened(referee)
    client.post(PAGE, SAID)
    assert other.post(PAGE, {**SAID, "trust": "no"})["Location"] == PAGE
    other.post(PAGE, {"decline": "1"})
    referee.refresh_from_db()
    assert referee.answers == SAID
    assert referee.state == Referee.State.ANSWERED


def test_an_unfinished_answer_keeps_its_words(referee: Referee) -> None:
    answer = opened(referee).post(PAGE, {**SAID, "trust": ""})
    assert answer.status_code == 422
    assert "Calm, and on time." in answer.content.decode()
    referee.refresh_from_db()
    assert referee.answers == {}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "nobody"}, "valid e"),
        ({"known_as": "call +49 170 1234567"}, "no address or link"),
        ({"email": "harbour@example.org"}, "your own address"),
    ],
)
def test_a_name_that_does_not_do_is_answered_in_words(
    application: Application, changed: dict[str, str], words: str
) -> None:
    client = client_of(application.applicant)
    answer = client.post(LIST, {**NAMED, **changed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert {**NAMED, **changed}["known_as"] in page
    assert not letters()


def test_two_are_enough_and_the_same_one_twice_is_one(
    application: Application,
) -> None:
    client = client_of(application.applicant)
    client.post(LIST, NAMED)
    client.post(LIST, {**NAMED, "email": "Mentor@Example.org "})
    assert len(letters()) == 1
    client.post(LIST, {**NAMED, "email": "second@example.org"})
    third = client.post(LIST, {**NAMED, "email": "third@example.org"})
    assert third.status_code == 422
    assert application.referees.count() == vouching.MOST


def test_nobody_is_sent_letters_without_end(application: Application) -> None:
    client = client_of(application.applicant)
    for _round in range(vouching.MAILS_A_DAY):
        client.post(LIST, NAMED)
        client.post(f"{LIST}{application.referees.get().pk}/remove/")
    refused = client.post(LIST, NAMED)
    assert refused.status_code == 422
    assert "Try tomorrow" in refused.content.decode()
    assert len(letters()) == vouching.MAILS_A_DAY


def test_what_was_taken_back_opens_nothing_and_is_gone(referee: Referee) -> None:
    visitor = opened(referee)
    client = client_of(referee.application.applicant)
    client.post(f"{LIST}{referee.pk}/remove/")
    assert not Referee.objects.exists()
    assert visitor.get(PAGE).status_code == 404
    assert visitor.post(PAGE, SAID).status_code == 404


def test_nobody_takes_back_whom_another_named(cast: Cast, referee: Referee) -> None:
    other = client_of(applied("other").applicant)
    for client in (other, client_of(cast.stranger), client_of(cast.vetter)):
        assert client.post(f"{LIST}{referee.pk}/remove/").status_code == 404
    assert Referee.objects.filter(pk=referee.pk).exists()


def test_taking_the_application_back_takes_them_along(referee: Referee) -> None:
    visitor = opened(referee)
    application = referee.application
    joining.withdraw_application(application=application, by=application.applicant)
    assert not Referee.objects.exists()
    assert visitor.get(PAGE).status_code == 404


def test_erasing_the_applicants_account_takes_them_along(referee: Referee) -> None:
    visitor = opened(referee)
    erase_account(person=referee.application.applicant)
    assert not Referee.objects.exists()
    assert visitor.get(PAGE).status_code == 404
    links = MailedLink.objects.filter(subject=referee.pk)
    assert not links.exists()


def test_an_answer_after_the_decision_changes_nothing(
    cast: Cast, referee: Referee
) -> None:
    visitor = opened(referee)
    approved(cast, referee.application)
    assert "no longer needed" in visitor.get(PAGE).content.decode()
    assert visitor.post(PAGE, SAID)["Location"] == PAGE
    referee.refresh_from_db()
    assert referee.answers == {}
    client = client_of(referee.application.applicant)
    assert client.get(LIST).status_code == 404


def test_vetters_see_that_a_member_speaks(cast: Cast, application: Application) -> None:
    cast.former.profile.vetted_at = timezone.now() - timedelta(days=500)
    cast.former.profile.save()
    referee = named(application, cast.former.email.upper())
    assert "member since" not in dossier(application)
    opened(referee).post(PAGE, SAID)
    page = dossier(application)
    assert "member since" in page
    assert cast.former.profile.pseudonym in page
    suspend_member(profile=cast.former.profile, by=None, reason="Threats.")
    assert "Suspended" in dossier(application)


def test_nobody_writes_to_a_referee_in_the_name_of_the_team(
    application: Application,
) -> None:
    client = client_of(application.applicant)
    assert client.post(LIST, {**NAMED, "known_as": "Waymark staff"}).status_code == 422
    assert not letters()


def test_no_letter_box_is_filled_and_nobody_learns_of_the_letters_of_others(
    cast: Cast,
) -> None:
    for number in range(vouching.MAILS_A_DAY + 2):
        client = client_of(applied(f"applicant{number}").applicant)
        assert client.post(LIST, NAMED)["Location"] == LIST
    assert len(letters()) == vouching.MAILS_A_DAY


def test_one_reminder_goes_out_after_a_week(referee: Referee) -> None:
    def reminded_in(days: int) -> int:
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            chores.remind_referees()
        return len(letters()) - 1

    assert [reminded_in(days) for days in (6, 8, 9, 19)] == [0, 1, 1, 1]


def test_whoever_answered_is_not_reminded(referee: Referee) -> None:
    opened(referee).post(PAGE, {"decline": "1"})
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        chores.remind_referees()
    assert len(letters()) == 1


def test_six_months_after_the_answer_their_words_are_gone(
    cast: Cast, referee: Referee
) -> None:
    opened(referee).post(PAGE, SAID)
    approved(cast, referee.application)
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        chores.blank_referees()
        assert Referee.objects.get().answers == SAID
    with time_machine.travel(timezone.now() + timedelta(days=183)):
        chores.blank_referees()
    row = Referee.objects.get()
    assert (row.email, row.known_as, row.answers) == ("", "", {"trust": "partly"})


def test_a_member_takes_their_words_along(cast: Cast, application: Application) -> None:
    cast.former.profile.vetted_at = timezone.now()
    cast.former.profile.save()
    referee = named(application, cast.former.email)
    opened(referee).post(PAGE, SAID)
    said = [row for row in exporters.other_traces(cast.former) if "you_said" in row]
    assert said[0]["you_said"] == SAID
    erase_account(person=cast.former)
    row = Referee.objects.get()
    assert (row.member, row.email, row.answers) == (None, "", {"trust": "partly"})


def test_the_applicant_finds_whom_they_named_in_their_data(referee: Referee) -> None:
    (row,) = exporters.applications(referee.application.applicant)
    assert row["referees"] == ["Little Oak: mentor@example.org"]


def test_what_they_say_is_stored_sealed_and_audited(referee: Referee) -> None:
    opened(referee).post(PAGE, SAID)
    assert AuditEntry.objects.filter(action="referee answered").count() == 1
    stored = str(Referee.objects.values_list("email", "known_as", "answers"))
    for words in ("mentor", "Little Oak", "partly", "Calm"):
        assert words not in stored
