"""What applicants are asked by their kind, and what is kept of it."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from moderation import dossier
from moderation.actions import questioning
from moderation.actions.questioning import Wording
from network.access import Refused
from network.models import User
from profiles import queries
from profiles.actions import erasing, joining
from profiles.actions.consent import forget_answers
from profiles.models import Application, ApplicationState, JoiningQuestion
from tests.cast import Cast, client_of, create_account

pytestmark = pytest.mark.django_db

URL = "/staff/questions/"
NIGHT = "Whom could you call at night?"
FORM = {"kinds": ["former"], "position": "1", "text_en": NIGHT}


def wording(text: str = NIGHT, **changed: object) -> Wording:
    values: dict[str, object] = {
        "kinds": ["former"],
        "texts": {"en": text, "de": "Wen könnten Sie nachts anrufen?"},
        "hints": {},
        "is_required": False,
        "position": 1,
    }
    return Wording(**(values | changed))  # type: ignore[arg-type]


def asked(cast: Cast, **changed: object) -> JoiningQuestion:
    row = questioning.propose_question(wording=wording(**changed), by=cast.vetter)  # type: ignore[arg-type]
    return questioning.agree_question(question=row, by=cast.second_vetter)


@pytest.fixture
def person() -> User:
    return create_account("walker")


@pytest.fixture
def client(person: User) -> Client:
    joining.save_draft(by=person, answers={"kind": "former"})
    return client_of(person)


def draft(person: User) -> Application:
    return Application.objects.get(applicant=person)


def name_of(row: JoiningQuestion) -> str:
    return f"asked_{row.pk}"


# --- the desk -------------------------------------------------------------------------


def test_proposed_by_one_it_is_asked_once_another_agrees(
    cast: Cast, client: Client
) -> None:
    answer = client_of(cast.vetter).post(f"{URL}new/", FORM, follow=True)
    assert "Waiting for a second person" in answer.content.decode()
    assert NIGHT not in client.get("/join/?step=3").content.decode()
    row = JoiningQuestion.objects.get()
    assert client_of(cast.vetter).post(f"{URL}{row.pk}/agree/").status_code == 404
    client_of(cast.second_vetter).post(f"{URL}{row.pk}/agree/")
    assert NIGHT in client.get("/join/?step=3").content.decode()


def test_the_database_refuses_one_person_twice(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JoiningQuestion.objects.create(proposed_by=cast.vetter, agreed_by=cast.vetter)
    row = questioning.propose_question(wording=wording(), by=cast.vetter)
    with pytest.raises(Refused):
        questioning.agree_question(question=row, by=cast.vetter)


def test_proposed_twice_it_stands_once(cast: Cast) -> None:
    for _time in range(2):
        client_of(cast.vetter).post(f"{URL}new/", FORM)
    assert JoiningQuestion.objects.count() == 1


def test_without_english_or_a_kind_it_is_not_proposed(cast: Cast) -> None:
    data = {"position": "1", "text_de": "Wen?"}
    answer = client_of(cast.vetter).post(f"{URL}new/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose at least one." in page
    assert "Wen?" in page
    assert not JoiningQuestion.objects.exists()


def test_another_wording_takes_the_place_of_the_old_one(
    cast: Cast, client: Client
) -> None:
    row = asked(cast)
    anew = FORM | {"text_en": "Who stands by you?"}
    client_of(cast.vetter).post(f"{URL}{row.pk}/", anew)
    page = client.get("/join/?step=3").content.decode()
    assert NIGHT in page
    proposed = JoiningQuestion.objects.proposed().get()
    questioning.agree_question(question=proposed, by=cast.second_vetter)
    page = client.get("/join/?step=3").content.decode()
    assert NIGHT not in page
    assert "Who stands by you?" in page


def test_nobody_is_asked_more_than_four(cast: Cast) -> None:
    for number in range(questioning.MOST):
        asked(cast, text=f"Question {number}?")
    row = questioning.propose_question(wording=wording("And more?"), by=cast.vetter)
    with pytest.raises(Refused):
        questioning.agree_question(question=row, by=cast.second_vetter)
    other = wording("And more?", kinds=["survivor"])
    row = questioning.propose_question(wording=other, by=cast.vetter)
    assert questioning.agree_question(question=row, by=cast.second_vetter).is_live


# --- the applicant --------------------------------------------------------------------


def test_only_their_kind_is_asked_in_their_language(cast: Cast, client: Client) -> None:
    asked(cast)
    asked(cast, text="For others?", kinds=["survivor"])
    page = client.get("/join/?step=3").content.decode()
    assert NIGHT in page
    assert "For others?" not in page
    assert "Wen könnten Sie" in client.get("/de/join/?step=3").content.decode()


def test_an_answer_keeps_the_question_as_it_stood(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    questioning.drop_question(question=row, by=cast.vetter)
    kept = draft(person).answers["asked"][str(row.pk)]
    assert kept == {"question": NIGHT, "language": "en", "answer": "My sister."}
    lines = dossier.answers(draft(person))
    assert (NIGHT, "My sister.") in [(str(one.label), one.value) for one in lines]
    rows = json.dumps(
        [one.read() for one in queries.export_sections(person)], default=str
    )
    assert NIGHT in rows


def test_what_was_written_comes_back_and_may_be_changed(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    assert "My sister." in client.get("/join/?step=3").content.decode()
    client.post("/join/?step=3", {"way": "On it.", name_of(row): ""})
    assert draft(person).answers["asked"] == {}


def test_an_unfinished_answer_is_kept_until_it_is_finished(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    link = {"way": "On it.", name_of(row): "See https://example.org", "later": "1"}
    client.post("/join/?step=3", link)
    assert draft(person).answers["asked"] == {}
    assert "See https://example.org" in client.get("/join/?step=3").content.decode()
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    assert "unfinished" not in draft(person).answers
    page = client.get("/join/?step=3").content.decode()
    assert "My sister." in page
    assert "See https" not in page


def test_taken_away_while_they_write_the_words_are_not_lost(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    questioning.drop_question(question=row, by=cast.vetter)
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    assert str(row.pk) in draft(person).answers["asked"]


def test_a_required_one_holds_the_application_until_it_is_answered(
    cast: Cast, client: Client, person: User
) -> None:
    joining.save_draft(
        by=person,
        answers={"pseudonym": "Wal", "languages": ["en"], "country": "BE", "way": "A."},
    )
    assert joining.missing_answers(draft(person)) == []
    row = asked(cast, is_required=True)
    assert joining.missing_answers(draft(person)) == [str(row.pk)]
    answer = client.post("/join/?step=3", {"way": "On it.", name_of(row): ""})
    assert answer.status_code == 422
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    assert joining.missing_answers(draft(person)) == []


def test_what_was_answered_as_another_kind_is_not_handed_in(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    answers = {**draft(person).answers, "kind": "supporter"}
    assert joining.of_their_kind(answers)["asked"] == {}
    answers["kind"] = "former"
    assert str(row.pk) in joining.of_their_kind(answers)["asked"]


def test_the_answer_goes_with_the_label(
    cast: Cast, client: Client, person: User
) -> None:
    row = asked(cast)
    client.post("/join/?step=3", {"way": "On it.", name_of(row): "My sister."})
    Application.objects.filter(applicant=person).update(
        state=ApplicationState.APPROVED,
        first_approver=cast.vetter,
        second_approver=cast.second_vetter,
    )
    forget_answers(person)
    assert "asked" not in draft(person).answers


def test_who_proposed_it_is_forgotten_with_the_account(cast: Cast) -> None:
    row = asked(cast)
    erasing.erase_account(person=cast.vetter)
    row.refresh_from_db()
    assert row.proposed_by is None
    assert row.is_live
