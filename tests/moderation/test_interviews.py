"""Two vetters' sheets of their conversations: neither is led by the other's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from moderation import chores, sheets
from moderation.actions import interviews, vetting
from moderation.criteria import FORMER, OTHERS, SURVIVOR
from moderation.models import Interview
from network import parts
from network.access import NotFound, Refused, Role
from network.models import AuditEntry, User
from profiles.actions import joining
from profiles.models import Application, Assignment, Decision, Kind
from tests.at_once import at_once
from tests.cast import Cast, client_of, create_cast, create_staff
from tests.moderation.conftest import create_application
from tests.moderation.reading import stolen

pytestmark = pytest.mark.django_db

NOTES = "Calm, and honest about the pewter kettle years."


def url_of(application: Application) -> str:
    return f"/staff/vetting/{application.pk}/"


def form(score: int = 3, **changes: Any) -> dict[str, Any]:
    scores = {one.key: str(score) for one in FORMER}
    return {"held_on": timezone.localdate(), "notes": NOTES, **scores, **changes}


def hand_in(person: User, application: Application, **changes: Any) -> Any:
    return client_of(person).post(f"{url_of(application)}interview/", form(**changes))


def dossier(person: User, application: Application) -> str:
    return client_of(person).get(url_of(application)).content.decode()


def deeds() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="interview")
    return list(found.order_by("at").values_list("action", flat=True))


def test_a_sheet_is_kept_and_named_in_the_dossier(
    cast: Cast, application: Application
) -> None:
    answer = hand_in(cast.vetter, application, stability="0")
    assert answer["Location"] == url_of(application)
    sheet = Interview.objects.get()
    assert sheet.interviewer == cast.vetter
    assert sheet.notes == NOTES
    assert sheet.scores == {one.key: 3 for one in FORMER if one.key != "stability"}
    page = dossier(cast.vetter, application)
    assert NOTES in page
    assert "not spoken about" in page
    assert "Change your sheet" in page


def test_the_others_sheet_opens_with_ones_own(
    cast: Cast, application: Application
) -> None:
    hand_in(cast.vetter, application, score=4)
    page = dossier(cast.second_vetter, application)
    assert NOTES not in page
    assert "A sheet of another vetter waits here" in page
    assert sheets.sheets_for(application, cast.second_vetter).lines == []
    own = client_of(cast.second_vetter).get(f"{url_of(application)}interview/")
    assert NOTES not in own.content.decode()
    hand_in(cast.second_vetter, application, score=3, notes="Mine.", safety="2")
    for person in (cast.vetter, cast.second_vetter):
        page = dossier(person, application)
        assert NOTES in page
        assert "Mine." in page
        assert page.count("Speak about this") == 1


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [(4, 2, True), (1, 4, True), (3, 2, False), (4, None, False), (None, None, False)],
)
def test_far_apart_is_two_points(
    one: int | None, other: int | None, is_apart: bool
) -> None:
    scores = [sheets.Score("A", one), sheets.Score("B", other)]
    assert sheets.are_apart(scores) == is_apart


def test_once_decided_every_sheet_is_open_and_none_changes(
    cast: Cast, application: Application
) -> None:
    hand_in(cast.vetter, application)
    for vetter in (cast.vetter, cast.second_vetter):
        vetting.decide_application(
            application=application,
            by=vetter,
            answer=Decision.Answer.APPROVE,
            reason="Steady.",
        )
    client = client_of(cast.second_vetter)
    opened = client.post(url_of(application), {"why": "A complaint came in."})
    assert NOTES in opened.content.decode()
    for send in (client.get, client.post):
        answer = send(f"{url_of(application)}interview/")
        assert answer["Location"] == url_of(application)
    with pytest.raises(Refused):
        interviews.hand_in_interview(
            application=application,
            by=cast.second_vetter,
            held_on=timezone.localdate(),
            scores={},
            notes="Late.",
        )
    assert Interview.objects.count() == 1


def test_a_second_sheet_changes_the_first_and_the_same_one_nothing(
    cast: Cast, application: Application
) -> None:
    for _twice in range(2):
        hand_in(cast.vetter, application)
    assert deeds() == ["interview handed in"]
    hand_in(cast.vetter, application, safety="1")
    assert Interview.objects.get().scores["safety"] == 1
    assert deeds() == ["interview handed in", "interview changed"]
    page = client_of(cast.vetter).get(f"{url_of(application)}interview/")
    assert NOTES in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.create(application=application, interviewer=cast.vetter)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"safety": ""}, "Choose what fits best."),
        ({"safety": "5"}, "Select a valid choice"),
        ({"held_on": ""}, "This field is required"),
        ({"held_on": "2999-01-01"}, "still to come"),
        ({"held_on": "1999-01-01"}, "not with us yet"),
        ({"notes": "long " * 1000 + NOTES}, "4000"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(
    cast: Cast, application: Application, changes: dict[str, Any], told: str
) -> None:
    answer = hand_in(cast.vetter, application, **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert NOTES in page
    assert re.search('name="boundaries" value="3"[^>]* checked', page)
    assert Interview.objects.count() == 0


def test_criteria_fit_what_the_applicant_comes_as(cast: Cast) -> None:
    for kind, criteria in (
        (Kind.FORMER, FORMER),
        (Kind.SURVIVOR, SURVIVOR),
        (Kind.SUPPORTER, OTHERS),
        (Kind.PRACTITIONER, OTHERS),
    ):
        row = create_application(create_person(kind))
        row.answers = {**row.answers, "kind": kind}
        row.save()
        page = client_of(cast.vetter).get(f"{url_of(row)}interview/").content.decode()
        for criterion in {*FORMER, *SURVIVOR, *OTHERS}:
            is_asked = f'name="{criterion.key}"' in page
            assert is_asked == (criterion in criteria), criterion.key
        assert ("nor for proof of it" in page) == (kind == Kind.SURVIVOR)


def create_person(name: str) -> User:
    return User.objects.create_user(f"{name}-{uuid4().hex[:6]}@example.org")


def test_a_missing_sheet_is_said_where_one_decides_and_keeps_nobody_from_it(
    cast: Cast, application: Application
) -> None:
    assert "No sheet of a conversation is here yet" in dossier(cast.vetter, application)
    hand_in(cast.vetter, application)
    assert "One of two sheets" in dossier(cast.vetter, application)
    hand_in(cast.second_vetter, application)
    page = dossier(cast.vetter, application)
    assert "One of two sheets" not in page
    assert 'value="approve"' in page


class TestWhoMayWriteOne:
    def test_whom_the_application_is_not_open_to_finds_nothing(
        self, cast: Cast, application: Application
    ) -> None:
        path = f"{url_of(application)}interview/"
        third = create_staff("third", Role.VETTER)
        missing = client_of(third).get(f"/staff/vetting/{uuid4()}/interview/")
        others = (cast.moderator, cast.dpo, cast.admin, cast.applicant, cast.stranger)
        for person in (third, *others):
            client = client_of(person)
            for answer in (client.get(path), client.post(path, form())):
                assert answer.status_code == 404
        assert client_of(third).get(path).content == missing.content
        with pytest.raises(NotFound):
            interviews.hand_in_interview(
                application=application,
                by=third,
                held_on=timezone.localdate(),
                scores={},
                notes="",
            )
        assert Interview.objects.count() == 0

    def test_without_a_seat_it_is_to_be_taken_first(
        self, cast: Cast, application: Application
    ) -> None:
        Assignment.objects.all().delete()
        assert hand_in(cast.vetter, application).status_code == 404

    def test_opening_and_handing_in_are_on_record_without_a_value(
        self, cast: Cast, application: Application
    ) -> None:
        client_of(cast.vetter).get(f"{url_of(application)}interview/")
        hand_in(cast.vetter, application)
        viewed, handed_in = AuditEntry.objects.filter(
            subject=f"profiles.Application:{application.pk}"
        ).order_by("at")
        assert (viewed.action, viewed.actor) == ("viewed", cast.vetter.pk)
        assert handed_in.action == "interview handed in"
        assert handed_in.reason == ""
        page = dossier(cast.second_vetter, application)
        assert "Handed in a sheet of a conversation" in page
        assert "For their sheet of a conversation" in page


def test_who_spoke_with_the_applicant_keeps_their_time_to_read(
    cast: Cast, application: Application
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        hand_in(cast.vetter, application)
    seat = Assignment.objects.get(vetter=cast.vetter)
    assert seat.until is not None
    assert seat.until > timezone.now() + timedelta(days=11)


def test_the_applicant_sees_nothing_of_it(cast: Cast, application: Application) -> None:
    client = client_of(cast.applicant)
    before = seen(client)
    exported = str([list(part.rows(cast.applicant)) for part in parts.exporters])
    hand_in(cast.vetter, application)
    assert seen(client) == before
    after = str([list(part.rows(cast.applicant)) for part in parts.exporters])
    assert after == exported


def seen(client: Any) -> list[str]:
    """Without what is new on every page: the tokens against forged forms."""
    pages = [client.get(path) for path in ("/join/status/", "/me/notices/")]
    texts = [answer.content.decode() for answer in pages]
    return [re.sub(r"\b\w{64}\b", "", text) for text in texts]


def test_a_thief_of_the_database_reads_no_word_and_no_score(
    cast: Cast, application: Application
) -> None:
    hand_in(cast.vetter, application)
    assert "pewter kettle" not in stolen()
    assert '"safety"' not in stolen()


def test_scores_do_not_tell_by_their_length_as_what_somebody_comes(
    cast: Cast, application: Application
) -> None:
    lengths = set()
    for criteria in (FORMER, SURVIVOR, OTHERS):
        interviews.hand_in_interview(
            application=application,
            by=cast.vetter,
            held_on=timezone.localdate(),
            scores={one.key: 3 for one in criteria},
            notes="",
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT scores FROM moderation_interview")
            lengths.add(len(cursor.fetchone()[0]))
    assert len(lengths) == 1


class TestForgetting:
    def test_a_sheet_goes_with_the_applicant(
        self, cast: Cast, application: Application
    ) -> None:
        hand_in(cast.vetter, application)
        erase(cast.applicant)
        assert Interview.objects.count() == 0

    def test_a_vetter_who_leaves_is_not_named_any_more(
        self, cast: Cast, application: Application
    ) -> None:
        hand_in(cast.vetter, application)
        hand_in(cast.second_vetter, application)
        erase(cast.vetter)
        assert Interview.objects.filter(interviewer=None).count() == 1
        page = dossier(cast.second_vetter, application)
        assert "Somebody who has left" in page

    def test_what_is_taken_back_takes_the_sheets_along(
        self, cast: Cast, application: Application
    ) -> None:
        hand_in(cast.vetter, application)
        chores.forget_sheets_and_notes()
        assert Interview.objects.count() == 1
        joining.withdraw_application(application=application, by=cast.applicant)
        chores.forget_sheets_and_notes()
        assert Interview.objects.count() == 0

    def test_half_a_year_after_the_answer_they_go(
        self, cast: Cast, application: Application
    ) -> None:
        hand_in(cast.vetter, application)
        for vetter in (cast.vetter, cast.second_vetter):
            vetting.decide_application(
                application=application,
                by=vetter,
                answer=Decision.Answer.APPROVE,
                reason="Steady.",
            )
        for days, left in ((181, 1), (183, 0)):
            with time_machine.travel(timezone.now() + timedelta(days=days)):
                chores.forget_sheets_and_notes()
            assert Interview.objects.count() == left


def erase(person: User) -> None:
    for part in parts.erasers:
        part.erase(person)


@pytest.mark.django_db(transaction=True)
def test_one_finger_and_two_people_at_once() -> None:
    cast = create_cast()
    application = create_application(cast.applicant)
    given = {"held_on": timezone.localdate(), "scores": {"safety": 3}, "notes": NOTES}
    people = [cast.vetter, cast.second_vetter] * 4
    at_once(
        [
            lambda by=person: interviews.hand_in_interview(
                application=application, by=by, **given
            )
            for person in people
        ]
    )
    assert Interview.objects.count() == 2
    assert deeds() == ["interview handed in"] * 2
