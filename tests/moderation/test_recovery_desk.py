"""Lost access at the desk: two different people, never oneself, each opening on
record."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from moderation.actions import recovery_desk
from moderation.actions.vetting import Answer
from moderation.models import AccessRecovery, RecoveryDecision, RecoveryState
from network.access import NotFound, Refused
from network.models import AuditEntry, Notice, User
from tests.cast import Cast, client_of, create_member
from tests.moderation.recovering import WORDS, agree, begin, later, mails_to, send

pytestmark = pytest.mark.django_db

ELSEWHERE = "elsewhere@example.org"


def url_of(row: AccessRecovery) -> str:
    return f"/staff/recoveries/{row.pk}/"


def test_two_different_vetters_agree(cast: Cast) -> None:
    lost = send(cast.former)
    decide = f"{url_of(lost.row)}decide/"
    form = {"answer": "approve", "reason": "Knew the tin box."}
    first = client_of(cast.vetter)
    for _ in range(2):
        assert first.post(decide, form).status_code == 302
    assert lost.row.state == RecoveryState.WAITING
    page = first.get(url_of(lost.row)).content.decode()
    assert "The second yes is another person" in page
    assert 'value="approve"' not in page
    with pytest.raises(Refused):
        recovery_desk.decide_recovery(
            recovery=lost.row, by=cast.vetter, answer=Answer.DECLINE, reason="No"
        )
    client_of(cast.second_vetter).post(decide, form)
    row = lost.row
    assert row.state == RecoveryState.AGREED
    assert (row.first_approver, row.second_approver) == (
        cast.vetter,
        cast.second_vetter,
    )


def test_the_database_takes_no_yes_of_one_and_none_of_oneself(cast: Cast) -> None:
    row = send(cast.former).row
    wrong = [
        {"first_approver": cast.vetter, "second_approver": cast.vetter},
        {"first_approver": cast.former},
        {"second_approver": cast.former},
        {"state": RecoveryState.AGREED, "first_approver": cast.vetter},
        {"state": RecoveryState.DONE},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRecovery.objects.filter(pk=row.pk).update(**fields)
    said = {"recovery": row, "vetter": cast.vetter, "answer": Answer.APPROVE}
    RecoveryDecision.objects.create(**said)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryDecision.objects.create(**said)


def test_nobody_sees_or_decides_their_own(cast: Cast) -> None:
    own = send(cast.vetter).row
    client = client_of(cast.vetter)
    missing = client.get(f"/staff/recoveries/{uuid4()}/")
    form = {"answer": "approve", "reason": "Me."}
    for answer in (client.get(url_of(own)), client.post(f"{url_of(own)}decide/", form)):
        assert answer.status_code == 404
        assert answer.content == missing.content
    assert str(own.pk) not in client.get("/staff/recoveries/").content.decode()
    assert not Notice.objects.filter(person=cast.vetter, kind="recovery").exists()
    with pytest.raises(NotFound):
        recovery_desk.decide_recovery(
            recovery=own, by=cast.vetter, answer=Answer.APPROVE, reason="Me."
        )
    with pytest.raises(NotFound):
        recovery_desk.ask_person(recovery=own, by=cast.vetter, question="Me?")


def test_it_is_the_vetters_alone_and_each_opening_is_on_record(cast: Cast) -> None:
    row = send(cast.former, ELSEWHERE).row
    others = (cast.moderator, cast.editor, cast.dpo, cast.admin, cast.former)
    for person in others:
        assert client_of(person).get(url_of(row)).status_code == 404
        assert client_of(person).get("/staff/recoveries/").status_code == 404
    assert AuditEntry.objects.filter(action="viewed").count() == 0
    page = client_of(cast.vetter).get(url_of(row)).content.decode()
    assert WORDS in page
    assert "Former" in page
    assert "another address than the account" in page
    for address in (ELSEWHERE, cast.former.email):
        assert address not in page
    entry = AuditEntry.objects.get(action="viewed")
    assert entry.subject == f"moderation.AccessRecovery:{row.pk}"
    assert entry.actor == cast.vetter.pk


def test_what_is_only_begun_or_nobodys_is_not_there(cast: Cast) -> None:
    row = begin(cast.former).row
    assert client_of(cast.vetter).get(url_of(row)).status_code == 404
    AccessRecovery.objects.filter(pk=row.pk).update(person=None, state="waiting")
    assert client_of(cast.vetter).get(url_of(row)).status_code == 404
    assert (
        "Nothing waits"
        in client_of(cast.vetter).get("/staff/recoveries/").content.decode()
    )


def test_what_is_over_opens_for_a_reason(cast: Cast) -> None:
    row = send(cast.former).row
    AccessRecovery.objects.filter(pk=row.pk).update(state=RecoveryState.STOPPED)
    client = client_of(cast.vetter)
    assert WORDS not in client.get(url_of(row)).content.decode()
    empty = client.post(f"{url_of(row)}decide/", {"answer": "ask"}, follow=True)
    assert WORDS not in empty.content.decode()
    assert "decided, or over" in empty.content.decode()
    opened = client.post(url_of(row), {"why": "They came back."}).content.decode()
    assert WORDS in opened
    assert 'value="approve"' not in opened
    listed = client.get("/staff/recoveries/?show=decided").content.decode()
    assert str(row.pk) in listed


def test_two_noes_decline_kindly_and_one_does_not(cast: Cast) -> None:
    lost = send(cast.former)
    for vetter, state in (
        (cast.vetter, RecoveryState.WAITING),
        (cast.second_vetter, RecoveryState.REFUSED),
    ):
        client_of(vetter).post(
            f"{url_of(lost.row)}decide/",
            {"answer": "decline", "reason": "Did not know the ferry."},
        )
        assert lost.row.state == state
    (text, *_others) = mails_to(cast.former.email)
    assert "no judgement on you" in text
    page = lost.page()
    assert "could not be sure" in page
    assert "Did not know" not in text + page
    with pytest.raises(Refused):
        agree(cast, lost.row)


@pytest.mark.parametrize("answer", ["approve", "decline", "ask"])
def test_no_answer_without_words(cast: Cast, answer: str) -> None:
    row = send(cast.former).row
    sent = client_of(cast.vetter).post(
        f"{url_of(row)}decide/", {"answer": answer, "reason": " "}
    )
    assert sent.status_code == 422
    assert RecoveryDecision.objects.count() == 0


def test_a_question_and_its_answer(cast: Cast) -> None:
    lost = send(cast.former, ELSEWHERE)
    decide = f"{url_of(lost.row)}decide/"
    form = {"answer": "ask", "reason": "Which colour was the box?"}
    for _ in range(2):
        client_of(cast.vetter).post(decide, form)
    assert len(mails_to(ELSEWHERE)) == 2
    question = RecoveryDecision.objects.get()
    assert "Which colour was the box?" in lost.page()

    def reply(key: object, words: str) -> int:
        answer = lost.client.post(
            "/lost-access/yours/", {"question": str(key), "reply": words}
        )
        return int(answer.status_code)

    assert reply(question.pk, " ") == 422
    assert reply(uuid4(), "Green.") == 404
    for _ in range(2):
        assert reply(question.pk, "Green.") == 302
    assert "Green." in lost.page()
    page = client_of(cast.second_vetter).get(url_of(lost.row)).content.decode()
    assert "Green." in page
    told = Notice.objects.filter(kind="recovery_answered")
    assert [one.person for one in told] == [cast.vetter]
    agree(cast, lost.row)
    assert reply(question.pk, "Blue.") == 404


def test_two_vetters_at_once_are_two(cast: Cast) -> None:
    """The row is read anew under its lock: an old copy changes nothing."""
    old = send(cast.former).row
    agree(cast, old)
    with pytest.raises(Refused):
        recovery_desk.decide_recovery(
            recovery=old, by=cast.vetter, answer=Answer.DECLINE, reason="Late."
        )
    assert AccessRecovery.objects.get().state == RecoveryState.AGREED


def test_the_desk_counts_what_waits(cast: Cast) -> None:
    row = send(cast.former).row
    client = client_of(cast.vetter)
    for page in ("/staff/", "/staff/recoveries/"):
        assert "Lost access" in client.get(page).content.decode()
    counted = 'class="count">1<'  # at the notices as well
    before = client.get("/staff/recoveries/").content.decode().count(counted)
    agree(cast, row)
    page = client.get("/staff/recoveries/").content.decode()
    assert page.count(counted) == before - 1
    assert "opens in" in page
    with later(hours=73):
        page = client.get("/staff/recoveries/").content.decode()
    assert "open since" in page
    moderators = client_of(cast.moderator).get("/staff/").content.decode()
    assert "/staff/recoveries/" not in moderators


def cost(person: User, path: str) -> int:
    client = client_of(person)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_and_files_cost_the_same_for_many(cast: Cast) -> None:
    def more(count: int, name: str) -> AccessRecovery:
        for number in range(count):
            row = AccessRecovery.objects.get(
                person=send_of(create_member(f"{name}{number}"))
            )
            recovery_desk.ask_person(recovery=row, by=cast.vetter, question="Who?")
            recovery_desk.decide_recovery(
                recovery=row, by=cast.second_vetter, answer=Answer.APPROVE, reason="Y"
            )
        return row

    paths = ("/staff/recoveries/", "/staff/recoveries/?show=decided", "/staff/")
    row = more(2, "one")
    before = [cost(cast.vetter, path) for path in (*paths, url_of(row))]
    more(5, "two")
    for number in range(6):
        question = f"And {number}?"
        recovery_desk.ask_person(recovery=row, by=cast.vetter, question=question)
    after = [cost(cast.vetter, path) for path in (*paths, url_of(row))]
    assert after == before


def send_of(person: User) -> User:
    send(person)
    return person
