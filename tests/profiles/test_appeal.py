"""After a no: words for the applicant, ways on, and a third person's look."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from moderation import queries
from network.access import Refused, Role
from network.models import Notice, User
from profiles import exporters
from profiles.actions import admission, joining
from profiles.models import Application, ApplicationState, Decision, Profile, Standing
from tests.cast import Cast, client_of, create_staff
from tests.profiles.conftest import applied

pytestmark = pytest.mark.django_db

TOLD = ("Come back when the course is over.", "We would like to hear more of today.")


@pytest.fixture
def declined(cast: Cast) -> Application:
    application = applied()
    for vetter, told in zip((cast.vetter, cast.second_vetter), TOLD, strict=True):
        application = admission.decline_application(
            application=application, by=vetter, reason="Not for others.", told=told
        )
    return application


@pytest.fixture
def third() -> User:
    return create_staff("third-vetter", role=Role.VETTER)


@pytest.fixture
def fourth() -> User:
    return create_staff("fourth-vetter", role=Role.VETTER)


def page_of(application: Application) -> str:
    return client_of(application.applicant).get("/join/status/").content.decode()


def appeal(application: Application, words: str = "") -> Application:
    return joining.appeal_decision(
        application=application, by=application.applicant, words=words
    )


def decide(vetter: User, application: Application, answer: str) -> int:
    """By the pages: taken first, where it lacks a reader."""
    client, url = client_of(vetter), f"/staff/vetting/{application.pk}/"
    client.post(f"{url}take/")
    words = {"answer": answer, "reason": "Read anew.", "told": "Still too early."}
    return client.post(f"{url}decide/", words).status_code


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return application.state


def test_the_words_are_read_once_two_have_said_no_and_name_nobody(cast: Cast) -> None:
    application = applied()
    Profile.objects.create(user=cast.vetter, pseudonym="Quiet Lamp")
    admission.decline_application(
        application=application, by=cast.vetter, reason="Unclear.", told=TOLD[0]
    )
    assert TOLD[0] not in page_of(application)
    admission.decline_application(
        application=application, by=cast.second_vetter, reason="Unclear.", told=TOLD[1]
    )
    page = page_of(application)
    assert all(words in page for words in TOLD)
    main = page.split("<main")[1]
    assert "Quiet Lamp" not in main
    assert "Unclear." not in main
    for way_on in ("/get-involved/", "/stories/", "/join/"):
        assert f'href="{way_on}"' in main


def test_a_no_needs_words_for_the_applicant_and_keeps_the_others(cast: Cast) -> None:
    application = applied()
    client, url = client_of(cast.vetter), f"/staff/vetting/{application.pk}/"
    client.post(f"{url}take/")
    for told in ("", "Write to me at t.me/door"):
        form = {"answer": "decline", "reason": "Not yet clear to me.", "told": told}
        answer = client.post(f"{url}decide/", form)
        assert answer.status_code == 422
        assert "Not yet clear to me." in answer.content.decode()
    assert not Decision.objects.exists()
    yes = {"answer": "approve", "reason": "Clear.", "told": ""}
    assert client.post(f"{url}decide/", yes).status_code == 302


def test_a_third_and_a_fourth_person_admit_after_an_appeal(
    cast: Cast, declined: Application, third: User, fourth: User
) -> None:
    client = client_of(declined.applicant)
    asked = client.post("/join/appeal/", {"words": "I have finished the course."})
    assert asked.status_code == 302
    assert state_of(declined) == ApplicationState.IN_REVIEW
    assert "third person reads it again" in page_of(declined)
    for before in (cast.vetter, cast.second_vetter):
        decide(before, declined, "approve")
    assert not Decision.objects.filter(answer="approve").exists()
    assert decide(third, declined, "approve") == 302
    assert state_of(declined) == ApplicationState.IN_REVIEW
    dossier = client_of(fourth).post(f"/staff/vetting/{declined.pk}/take/", follow=True)
    assert "I have finished the course." in dossier.content.decode()
    assert decide(fourth, declined, "approve") == 302
    assert state_of(declined) == ApplicationState.APPROVED
    profile = Profile.objects.get(user=declined.applicant)
    assert profile.standing == Standing.PROBATION
    assert {declined.first_approver, declined.second_approver} == {third, fourth}


def test_a_third_no_is_the_last(declined: Application, third: User) -> None:
    appeal(declined)
    assert decide(third, declined, "decline") == 302
    assert state_of(declined) == ApplicationState.DECLINED
    page = page_of(declined)
    assert "A third person has read" in page
    assert "/join/appeal/" not in page
    with pytest.raises(Refused):
        appeal(declined)


def test_a_fourth_no_after_a_third_yes_declines(
    declined: Application, third: User, fourth: User
) -> None:
    appeal(declined)
    decide(third, declined, "approve")
    decide(fourth, declined, "decline")
    assert state_of(declined) == ApplicationState.DECLINED


def test_it_is_open_for_28_days(declined: Application) -> None:
    assert "/join/appeal/" in page_of(declined)
    with time_machine.travel(timezone.now() + timedelta(days=27)):
        assert "/join/appeal/" in page_of(declined)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert "/join/appeal/" not in page_of(declined)
        answer = client_of(declined.applicant).post("/join/appeal/", {"words": "x"})
    assert answer.status_code == 422
    assert "The time to ask for that is over" in answer.content.decode()
    assert state_of(declined) == ApplicationState.DECLINED


def test_asking_twice_is_asking_once(declined: Application) -> None:
    first = appeal(declined, "Please.").appealed_at
    assert appeal(declined, "Please!").appealed_at == first
    declined.refresh_from_db()
    assert declined.answers[joining.APPEAL_WORDS] == "Please."


def test_words_that_are_too_long_come_back_whole(declined: Application) -> None:
    words = "a" * 4001
    answer = client_of(declined.applicant).post("/join/appeal/", {"words": words})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_those_who_have_not_decided_are_told(
    cast: Cast, declined: Application, third: User
) -> None:
    Notice.objects.all().delete()
    appeal(declined)
    told = set(
        Notice.objects.filter(kind="application").values_list("person", flat=True)
    )
    assert third.pk in told
    assert not told & {cast.vetter.pk, cast.second_vetter.pk, declined.applicant_id}


def test_where_no_vetter_is_left_the_administrators_are_told(
    cast: Cast, declined: Application
) -> None:
    Notice.objects.all().delete()
    appeal(declined)
    told = Notice.objects.filter(kind="application").values_list("person", flat=True)
    assert list(told) == [cast.admin.pk]


def test_it_waits_in_the_queue_of_those_who_have_not_decided(
    cast: Cast, declined: Application, third: User
) -> None:
    appeal(declined)
    line = f"/staff/vetting/{declined.pk}/"
    assert line not in client_of(cast.vetter).get("/staff/vetting/").content.decode()
    page = client_of(third).get("/staff/vetting/").content.decode()
    assert line in page
    assert "Asks for a third person" in page


def test_after_an_appeal_the_time_in_the_queue_begins_anew(
    declined: Application, third: User
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        other = applied("newer")
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            appeal(declined)
            waiting = list(queries.applications_waiting(third))
    assert waiting == [other, declined]


def test_nobody_appeals_for_another(cast: Cast, declined: Application) -> None:
    assert client_of(cast.stranger).post("/join/appeal/").status_code == 404
    with pytest.raises(Application.DoesNotExist):
        joining.appeal_decision(application=declined, by=cast.stranger, words="")


def test_a_new_application_takes_its_place(declined: Application) -> None:
    joining.save_draft(by=declined.applicant, answers={"kind": "former"})
    with pytest.raises(Refused):
        appeal(declined)
    client = client_of(declined.applicant)
    assert client.post("/join/appeal/").status_code == 404


def test_the_export_holds_what_one_was_told_and_said(declined: Application) -> None:
    appeal(declined, "I have finished the course.")
    (row,) = exporters.applications(declined.applicant)
    assert row["told"] == list(TOLD)
    assert row["answers"][joining.APPEAL_WORDS] == "I have finished the course."
