"""The vetting desk: two people, never oneself, and every opening on record."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.actions import vetting
from network.access import NotFound, Refused, Role
from network.models import AuditEntry, Notice, User
from profiles.models import (
    Application,
    ApplicationState,
    Assignment,
    Decision,
    Profile,
    Standing,
)
from tests.cast import Cast, client_of, create_staff
from tests.moderation.conftest import create_application

pytestmark = pytest.mark.django_db

Answer = Decision.Answer


def url_of(application: Application) -> str:
    return f"/staff/vetting/{application.pk}/"


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return application.state


def test_two_different_vetters_make_a_member(
    cast: Cast, application: Application
) -> None:
    decide = f"{url_of(application)}decide/"
    form = {"answer": "approve", "reason": "Clear about the past, steady now."}
    first = client_of(cast.vetter)
    first.post(decide, form)
    assert state_of(application) == ApplicationState.IN_REVIEW
    assert "second vetter" in first.get("/staff/vetting/").content.decode()
    client_of(cast.second_vetter).post(decide, form)
    assert state_of(application) == ApplicationState.APPROVED
    profile = Profile.objects.get(user=cast.applicant)
    assert (profile.standing, profile.pseudonym) == (Standing.PROBATION, "Harbour")


def test_what_a_no_needs_is_not_called_optional(
    cast: Cast, application: Application
) -> None:
    page = client_of(cast.vetter).get(url_of(application)).content.decode()
    assert "If you say no: what the applicant reads</label>" in page


def test_the_same_vetter_is_told_that_the_second_yes_is_anothers(
    cast: Cast, application: Application
) -> None:
    client = client_of(cast.vetter)
    decide = f"{url_of(application)}decide/"
    for _ in range(2):
        answer = client.post(decide, {"answer": "approve", "reason": "Steady."})
        assert answer.status_code == 302
    page = client.get(url_of(application)).content.decode()
    assert "The second yes is another person" in page
    assert 'value="approve"' not in page
    assert state_of(application) == ApplicationState.IN_REVIEW
    with pytest.raises(Refused):
        vetting.decide_application(
            application=application, by=cast.vetter, answer=Answer.DECLINE, reason="No"
        )
    application.refresh_from_db()
    application.second_approver = cast.vetter
    with pytest.raises(IntegrityError), transaction.atomic():
        application.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=application, vetter=cast.vetter, answer=Answer.APPROVE
        )


def test_nobody_sees_or_decides_their_own_application(cast: Cast) -> None:
    own = create_application(cast.vetter)
    client = client_of(cast.vetter)
    missing = client.get(f"/staff/vetting/{uuid4()}/")
    form = {"answer": "approve", "reason": "Me."}
    for answer in (client.get(url_of(own)), client.post(f"{url_of(own)}decide/", form)):
        assert answer.status_code == 404
        assert answer.content == missing.content
    assert str(own.pk) not in client.get("/staff/vetting/").content.decode()
    with pytest.raises(NotFound):
        vetting.decide_application(
            application=own, by=cast.vetter, answer=Answer.APPROVE, reason="Me."
        )
    own.first_approver = cast.vetter
    with pytest.raises(IntegrityError), transaction.atomic():
        own.save()


def test_a_dossier_is_the_vetters_alone_and_its_opening_is_on_record(
    cast: Cast, application: Application
) -> None:
    others = (cast.moderator, cast.editor, cast.dpo, cast.admin, cast.applicant)
    for person in (*others, cast.stranger):
        assert client_of(person).get(url_of(application)).status_code == 404
    assert AuditEntry.objects.filter(action="viewed").count() == 0
    page = client_of(cast.vetter).get(url_of(application)).content.decode()
    assert "Harbour" in page
    assert "I walked away four years ago" in page
    entry = AuditEntry.objects.get(action="viewed")
    assert entry.subject == f"profiles.Application:{application.pk}"
    assert entry.actor == cast.vetter.pk
    assert entry.reason


class TestWhoReadsIt:
    """Two vetters; a third once these disagree."""

    @pytest.fixture
    def waiting(self, cast: Cast) -> Application:
        row = create_application(cast.applicant)
        Assignment.objects.all().delete()
        return row

    @pytest.fixture
    def third(self) -> User:
        return create_staff("third", Role.VETTER)

    def test_it_opens_to_who_took_it(self, cast: Cast, waiting: Application) -> None:
        client = client_of(cast.vetter)
        page = client.get(url_of(waiting)).content.decode()
        assert "Take it and read it" in page
        assert "Harbour" not in page
        decide = f"{url_of(waiting)}decide/"
        form = {"answer": "approve", "reason": "Unread."}
        assert client.post(decide, form).status_code == 404
        with pytest.raises(NotFound):
            vetting.ask_applicant(application=waiting, by=cast.vetter, question="Who?")
        assert AuditEntry.objects.filter(action="viewed").count() == 0
        for _time in range(2):
            answer = client.post(f"{url_of(waiting)}take/")
            assert answer["Location"] == url_of(waiting)
        assert "Harbour" in client.get(url_of(waiting)).content.decode()
        assert AuditEntry.objects.filter(action="application taken").count() == 1

    def test_to_a_third_it_is_missing_until_the_two_disagree(
        self, cast: Cast, waiting: Application, third: User
    ) -> None:
        client = client_of(third)
        missing = client.get(f"/staff/vetting/{uuid4()}/")
        for vetter in (cast.vetter, cast.second_vetter):
            vetting.take_application(application=waiting, by=vetter)
        for answer in (
            client.get(url_of(waiting)),
            client.post(f"{url_of(waiting)}take/"),
        ):
            assert answer.status_code == 404
            assert answer.content == missing.content
        assert str(waiting.pk) not in client.get("/staff/vetting/").content.decode()
        for vetter, said in (
            (cast.vetter, Answer.APPROVE),
            (cast.second_vetter, Answer.DECLINE),
        ):
            assert client.get(url_of(waiting)).status_code == 404
            vetting.decide_application(
                application=waiting, by=vetter, answer=said, reason="My view."
            )
        assert client.get(url_of(waiting)).status_code == 200
        told = client_of(cast.vetter).get(url_of(waiting)).content.decode()
        assert "The two do not agree. A third vetter" in told
        client.post(f"{url_of(waiting)}take/")
        form = {"answer": "approve", "reason": "I side with the first."}
        client.post(f"{url_of(waiting)}decide/", form)
        assert state_of(waiting) == ApplicationState.APPROVED
        fourth = create_staff("fourth", Role.VETTER)
        assert client_of(fourth).get(url_of(waiting)).status_code == 404

    def test_without_a_word_it_goes_to_somebody_else(
        self, cast: Cast, waiting: Application, third: User
    ) -> None:
        for vetter in (cast.vetter, cast.second_vetter):
            vetting.take_application(application=waiting, by=vetter)
        with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
            vetting.ask_applicant(
                application=waiting, by=cast.second_vetter, question="Who knows you?"
            )
        with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
            for person, shown in (
                (cast.vetter, "Take it and read it"),
                (cast.second_vetter, "Harbour"),
                (third, "Take it and read it"),
            ):
                page = client_of(person).get(url_of(waiting)).content.decode()
                assert shown in page
            vetting.take_application(application=waiting, by=third)
            assert client_of(cast.vetter).get(url_of(waiting)).status_code == 404


def test_the_list_tells_nothing_of_what_applicants_wrote(
    cast: Cast, application: Application
) -> None:
    page = client_of(cast.vetter).get("/staff/vetting/").content.decode()
    assert str(application.pk) in page
    assert "Harbour" not in page


def test_data_protection_sees_who_opened_it_and_not_what_it_says(
    cast: Cast, application: Application
) -> None:
    client_of(cast.vetter).get(url_of(application))
    client = client_of(cast.dpo)
    listed = client.get("/staff/vetting/").content.decode()
    assert f"{url_of(application)}log/" in listed
    log = client.get(f"{url_of(application)}log/").content.decode()
    assert "<strong>Read</strong>" in log
    assert str(cast.vetter.pk)[:8] in log
    assert "Harbour" not in log
    for person in (cast.vetter, cast.moderator, cast.stranger):
        answer = client_of(person).get(f"{url_of(application)}log/")
        assert answer.status_code == 404


@pytest.mark.parametrize("answer", ["approve", "decline", "ask"])
def test_no_answer_without_words(
    cast: Cast, application: Application, answer: str
) -> None:
    sent = client_of(cast.vetter).post(
        f"{url_of(application)}decide/", {"answer": answer, "reason": " "}
    )
    assert sent.status_code == 422
    assert "A reason is needed" in sent.content.decode()
    assert Decision.objects.count() == 0


def test_two_noes_decline_and_one_does_not(
    cast: Cast, application: Application
) -> None:
    for vetter, state in (
        (cast.vetter, ApplicationState.IN_REVIEW),
        (cast.second_vetter, ApplicationState.DECLINED),
    ):
        vetting.decide_application(
            application=application,
            by=vetter,
            answer=Answer.DECLINE,
            reason="Referees could not be reached.",
            told="We could not reach those whom you named.",
        )
        assert state_of(application) == state
    profile = Profile.objects.get(user=cast.applicant)
    assert profile.standing == Standing.APPLICANT


def test_a_question_goes_to_the_applicant_and_the_answer_comes_back(
    cast: Cast, application: Application
) -> None:
    vetter, applicant = client_of(cast.vetter), client_of(cast.applicant)
    form = {"answer": "ask", "reason": "Who can speak for you?"}
    for _ in range(2):
        vetter.post(f"{url_of(application)}decide/", form)
    asked = Decision.objects.get()
    assert "/join/questions/" in applicant.get("/join/status/").content.decode()
    notices = Notice.objects.filter(person=cast.applicant, kind="application_question")
    assert notices.count() == 1
    assert (
        "Who can speak for you?" in applicant.get("/join/questions/").content.decode()
    )
    reply = {"question": str(asked.pk), "reply": "The youth worker at the harbour."}
    assert "would like to know more" in applicant.get("/join/status/").content.decode()
    assert applicant.post("/join/questions/", reply).status_code == 302
    status = applicant.get("/join/status/").content.decode()
    assert "You have answered what a vetter asked." in status
    assert "would like to know more" not in status
    page = vetter.get(url_of(application)).content.decode()
    assert "The youth worker at the harbour." in page
    assert Notice.objects.filter(
        person=cast.vetter, kind="application_answered"
    ).exists()
    stranger = client_of(cast.stranger)
    assert stranger.get("/join/questions/").status_code == 404
    assert stranger.post("/join/questions/", reply).status_code == 404


def test_an_answer_to_somebody_elses_question_finds_nothing(
    cast: Cast, application: Application
) -> None:
    other = create_application(cast.newcomer)
    asked = vetting.ask_applicant(
        application=other, by=cast.vetter, question="Anything else?"
    )
    answer = client_of(cast.applicant).post(
        "/join/questions/", {"question": str(asked.pk), "reply": "Hello"}
    )
    assert answer.status_code == 404
    bad = client_of(cast.applicant).post(
        "/join/questions/", {"question": "nonsense", "reply": "Hello"}
    )
    assert bad.status_code == 404


def test_a_decided_dossier_opens_to_those_who_had_a_part_and_say_why(
    cast: Cast, application: Application
) -> None:
    for vetter in (cast.vetter, cast.second_vetter):
        vetting.decide_application(
            application=application, by=vetter, answer=Answer.APPROVE, reason="Steady."
        )
    client = client_of(cast.vetter)
    assert "Harbour" not in client.get(url_of(application)).content.decode()
    opened = client.post(url_of(application), {"why": "A complaint came in."})
    assert "Harbour" in opened.content.decode()
    cast.editor.groups.add(Group.objects.get(name=Role.VETTER))
    assert client_of(cast.editor).get(url_of(application)).status_code == 404
