"""A new way into an account: who gets it, who can stop it, and what nobody learns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from moderation import chores
from moderation.actions import recovery, recovery_desk
from moderation.models import AccessRecovery, RecoveryDecision, RecoveryState
from moderation.views import lost_access
from network import parts
from network.access import NotFound, Refused
from network.models import AuditEntry, MailedLink, Notice, OutgoingMail, User
from profiles.actions.erasing import erase_account
from profiles.models import Profile, Standing
from tests.cast import PASSWORD, Cast, client_of
from tests.moderation.recovering import (
    NEW_PASSWORD,
    WORDS,
    agree,
    ask,
    begin,
    later,
    link_in,
    mails_to,
    send,
)
from tests.network.signing_in import browser_of, create_person, give_factor

pytestmark = pytest.mark.django_db

ELSEWHERE = "elsewhere@example.org"


@pytest.fixture
def person(cast: Cast) -> User:
    """A member with a password, a factor, and a second address on the account."""
    former = cast.former
    former.set_password(PASSWORD)
    former.save()
    give_factor(former)
    EmailAddress.objects.create(user=former, email="older@example.org", verified=False)
    return former


def test_from_the_sign_in_page_to_a_new_password(cast: Cast, person: User) -> None:
    for page in ("/accounts/login/", "/accounts/password/reset/"):
        assert "/lost-access/" in Client().get(page).content.decode()
    browser = browser_of(person)
    browser.sign_in()
    asked = browser.client.get("/accounts/2fa/authenticate/").content.decode()
    assert "/lost-access/" in asked
    thief = client_of(person)
    thief.get("/me/")
    lost = begin(person, ELSEWHERE)
    assert lost.row.state == RecoveryState.BEGUN
    assert "identity papers" in lost.page()
    assert mails_to(person.email) == []
    lost.client.post("/lost-access/yours/", {"words": WORDS})
    assert lost.row.state == RecoveryState.WAITING
    assert WORDS in lost.page()
    for address in (person.email, "older@example.org"):
        assert "stop it here" in mails_to(address)[0]
    row = agree(cast, lost.row)
    assert row.state == RecoveryState.AGREED
    for address in (person.email, "older@example.org"):
        assert len(mails_to(address)) == 2
    assert "72 hours" in mails_to(ELSEWHERE)[0]
    assert "Two vetters have said yes." in lost.page()
    with later(hours=72, seconds=1):
        assert "Choose a new password" in lost.page()
        answer = lost.client.post(
            "/lost-access/yours/password/", {"password": NEW_PASSWORD}
        )
        assert answer["Location"] == "/accounts/login/"
        page = lost.client.get(answer["Location"]).content.decode()
        assert "set a new second factor" in page
    assert lost.row.state == RecoveryState.DONE
    check_the_old_way_is_gone(person, thief)
    for address in ("former@example.org", "older@example.org"):
        assert "A new password holds" in mails_to(address)[0]


def check_the_old_way_is_gone(person: User, thief: Client) -> None:
    person.refresh_from_db()
    assert person.email == ELSEWHERE
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == (ELSEWHERE, True, True)
    assert not Authenticator.objects.filter(user=person).exists()
    assert not UserSession.objects.filter(user=person).exists()
    assert thief.get("/me/").status_code == 302
    old, new = browser_of(person), browser_of(person)
    old.sign_in(PASSWORD)
    assert not old.is_signed_in
    new.sign_in(NEW_PASSWORD)
    assert new.is_signed_in


class TestEnumeration:
    """With an account, without one, or with one that is closed: the same bytes."""

    def answers(self, address: str, reach: str = "") -> list[tuple[Any, ...]]:
        client = Client()
        first = client.post("/lost-access/", {"address": address, "reach": reach})
        second = client.get(first["Location"])
        return [self.shown(first), self.shown(second)]

    def shown(self, page: HttpResponse) -> tuple[Any, ...]:
        body = re.sub(rb"nonce=\S+", b"", page.content)
        headers = {
            name: value
            for name, value in page.headers.items()
            if name != "Content-Security-Policy"
        }
        return page.status_code, body, headers, sorted(page.cookies)

    def test_known_and_unknown_are_answered_alike(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.lead.pk).update(is_active=False)
        known = self.answers(cast.former.email)
        for other in ("nobody@example.org", cast.suspended.email, cast.lead.email):
            assert self.answers(other) == known
        assert AccessRecovery.objects.get().person == cast.former
        assert OutgoingMail.objects.count() == 1

    def test_both_cost_the_same_queries_but_for_the_person(self, cast: Cast) -> None:
        writes = []
        ask("before@example.org")  # whose browser makes the sender's counter
        for address in (cast.former.email, "nobody@example.org"):
            inserts = Inserts()
            with connection.execute_wrapper(inserts):
                ask(address)
            writes.append(inserts.tables)
        assert writes[0] == writes[1]
        assert "moderation_accessrecovery" in writes[0]

    def test_a_reach_address_gets_its_mail_in_any_case(self, cast: Cast) -> None:
        """Its silence would tell whose account is known."""
        known = begin(cast.former, ELSEWHERE)
        ask("nobody@example.org", "curious@example.org")
        (text,) = mails_to("curious@example.org")
        client = Client()
        client.get(link_in(text), follow=True)

        assert shown(client) == shown(known.client)
        for one in (client, known.client):
            one.post("/lost-access/yours/", {"words": WORDS})
            one.get("/lost-access/yours/")  # the message
        assert shown(client) == shown(known.client)
        nobodys = AccessRecovery.objects.get(person=None)
        assert nobodys.state == RecoveryState.WAITING
        with later(days=3, seconds=1):
            chores.end_old()
            assert "Not on these grounds" in shown(client)
        assert "has ended" in mails_to("curious@example.org")[0]
        assert not shown(known.client).count("Not on these grounds")

    def test_who_asks_beside_another_learns_nothing_of_it(self, cast: Cast) -> None:
        alone = begin(cast.stranger, "alone@example.org")
        send(cast.former, ELSEWHERE)
        second = begin(cast.former, "third@example.org")
        assert shown(second.client) == shown(alone.client)


def shown(client: Client) -> str:
    body = client.get("/lost-access/yours/").content.decode()
    return re.sub(r'(middlewaretoken" value=|data-token=)"\w+"', r"\1", body)


class Inserts:
    def __init__(self) -> None:
        self.tables: list[str] = []

    def __call__(
        self, execute: Any, sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith("INSERT INTO"):
            self.tables.append(sql.split('"')[1])
        return execute(sql, params, many, context)


def test_what_is_no_address_is_said_beside_the_field(cast: Cast) -> None:
    for data in ({}, {"address": "x"}, {"address": "a@example.org", "reach": "x"}):
        answer = Client().post("/lost-access/", data)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    assert AccessRecovery.objects.count() == 0


def test_the_same_form_twice_is_one_mail_and_later_the_same_request(
    cast: Cast,
) -> None:
    for _ in range(3):
        ask(cast.former.email)
    first = AccessRecovery.objects.get()
    assert OutgoingMail.objects.count() == 1
    with later(minutes=11):
        ask(cast.former.email)
    assert AccessRecovery.objects.get() == first
    assert OutgoingMail.objects.count() == 2


def test_one_address_gets_few_mails_a_day_and_nobody_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("network.http.sleep", waits.append)
    for number in range(9):
        answer = Client().post(
            "/lost-access/",
            {"address": f"a{number}@example.org", "reach": "flood@example.org"},
        )
        assert answer.status_code == 302
    assert OutgoingMail.objects.count() == recovery.MAILS_A_DAY
    assert waits == sorted(waits)
    assert 0 < waits[-1] <= lost_access.LONGEST_DELAY


def test_requests_for_one_account_stand_beside_each_other(cast: Cast) -> None:
    """Who came first may be the thief: nobody's request ends or hides another's."""
    thief = send(cast.former, "thief@example.org")
    begun = begin(cast.former)
    own = send(cast.former, ELSEWHERE)
    for one in (thief, begun, own):
        assert one.client.get("/lost-access/yours/").status_code == 200
    desk = client_of(cast.vetter)
    pages = [
        desk.get(f"/staff/recoveries/{one.row.pk}/").content.decode()
        for one in (thief, own)
    ]
    for page, other in zip(pages, (own, thief), strict=True):
        assert "Somebody else asks for this account too" in page
        assert f"/staff/recoveries/{other.row.pk}/" in page


def test_one_request_at_a_time_is_agreed_to_and_its_end_ends_the_others(
    cast: Cast,
) -> None:
    thief, own = send(cast.former, "thief@example.org"), send(cast.former, ELSEWHERE)
    agree(cast, thief.row)
    with pytest.raises(Refused, match="One of them is false"):
        agree(cast, own.row)
    recovery_desk.halt_recovery(recovery=thief.row, by=cast.second_vetter)
    assert thief.row.state == RecoveryState.STOPPED
    assert thief.client.get("/lost-access/yours/").status_code == 404
    third = send(cast.former, "third@example.org")
    agree(cast, own.row)
    with later(hours=73):
        assert own.choose() == 302
    assert own.row.state == RecoveryState.DONE
    assert third.row.state == RecoveryState.STOPPED


def test_by_the_database_one_request_is_agreed_to_and_one_begun_in_the_same_words(
    cast: Cast,
) -> None:
    agree(cast, send(cast.former, ELSEWHERE).row)
    row = AccessRecovery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRecovery.objects.create(
            person=cast.former, asked_index=row.asked_index, state=RecoveryState.BEGUN
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRecovery.objects.create(
            person=cast.former,
            state=RecoveryState.AGREED,
            opens_at=row.opens_at,
            first_approver=row.first_approver,
            second_approver=row.second_approver,
        )


def test_what_waits_is_stopped_by_a_vetter_only_once_it_is_agreed_to(
    cast: Cast,
) -> None:
    lost = send(cast.former)
    desk, halt = client_of(cast.vetter), f"/staff/recoveries/{lost.row.pk}/halt/"
    assert halt not in desk.get(f"/staff/recoveries/{lost.row.pk}/").content.decode()
    desk.post(halt)
    assert lost.row.state == RecoveryState.WAITING
    agree(cast, lost.row)
    assert halt in desk.get(f"/staff/recoveries/{lost.row.pk}/").content.decode()
    desk.post(halt)
    assert lost.row.state == RecoveryState.STOPPED


def test_opening_a_link_changes_nothing(cast: Cast) -> None:
    lost = begin(cast.former)
    before = AccessRecovery.objects.values().get()
    for _ in range(2):
        lost.client.get("/lost-access/yours/")
    assert AccessRecovery.objects.values().get() == before
    assert Client().get("/lost-access/yours/").status_code == 404
    assert Client().get("/lost-access/open/nothing/").status_code == 404


def test_words_are_sent_once_and_need_to_be_there(cast: Cast) -> None:
    lost = begin(cast.former)
    empty = lost.client.post("/lost-access/yours/", {"words": "  "})
    assert empty.status_code == 422
    for words in (WORDS, "Others."):
        lost.client.post("/lost-access/yours/", {"words": words})
    assert lost.row.words == WORDS
    told = Notice.objects.filter(kind="recovery")
    assert {one.person for one in told} == {cast.vetter, cast.second_vetter}
    assert told.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, reach FROM moderation_accessrecovery")
        assert "ferry" not in " ".join(cursor.fetchone())


def test_no_mail_carries_a_name_or_a_word(cast: Cast, person: User) -> None:
    lost = send(person, ELSEWHERE)
    agree(cast, lost.row)
    mails_to(ELSEWHERE)
    assert len(mail.outbox) == 6
    for one in mail.outbox:
        text = f"{one.subject} {one.body}"
        for word in ("Former", "ferry", "@example.org", "Knew the box"):
            assert word not in text


class TestTheWait:
    def test_before_it_is_over_no_password_is_taken(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person)
        assert lost.choose() == 404
        agree(cast, lost.row)
        with later(hours=71, minutes=59):
            assert "Choose a new password" not in lost.page()
            assert lost.choose() == 404
        with pytest.raises(NotFound):
            recovery.finish_recovery(recovery=lost.row, password=NEW_PASSWORD)
        with later(hours=73):
            assert Client().post("/lost-access/yours/password/").status_code == 404
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_who_is_no_vetter_any_more_vouches_for_nobody(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person)
        agree(cast, lost.row)
        cast.second_vetter.groups.clear()
        with later(hours=73):
            assert lost.choose() == 422
        assert lost.row.state == RecoveryState.AGREED
        assert person.check_password(PASSWORD)

    @pytest.mark.parametrize("password", ["", "short", "password1234", "123456789012"])
    def test_a_weak_password_is_refused_beside_its_field(
        self, cast: Cast, person: User, password: str
    ) -> None:
        lost = send(person)
        agree(cast, lost.row)
        with later(hours=73):
            answer = lost.client.post(
                "/lost-access/yours/password/", {"password": password}
            )
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert lost.row.state == RecoveryState.AGREED

    def test_it_works_once(self, cast: Cast, person: User) -> None:
        lost = send(person)
        row = agree(cast, lost.row)
        with later(hours=73):
            assert lost.choose() == 302
            assert lost.choose("another long password") == 404
            with pytest.raises(NotFound):
                recovery.finish_recovery(recovery=row, password="yet another one here")
        person.refresh_from_db()
        assert person.check_password(NEW_PASSWORD)
        assert not MailedLink.objects.filter(subject=row.pk).exists()
        assert AuditEntry.objects.filter(action="recovery done").count() == 1

    def test_the_account_keeps_its_address_where_no_other_was_given(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person)
        agree(cast, lost.row)
        with later(hours=73):
            lost.choose()
        assert [one.email for one in EmailAddress.objects.filter(user=person)] == [
            person.email
        ]

    def test_an_address_that_is_another_accounts_by_now_is_refused_clearly(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person, ELSEWHERE)
        agree(cast, lost.row)
        create_person("elsewhere")
        with later(hours=73):
            answer = lost.client.post(
                "/lost-access/yours/password/", {"password": NEW_PASSWORD}
            )
        assert answer.status_code == 422
        assert "Another account uses the address" in answer.content.decode()
        person.refresh_from_db()
        assert person.check_password(PASSWORD)
        assert EmailAddress.objects.filter(user=person).count() == 2

    def test_open_lines_are_closed(
        self,
        cast: Cast,
        person: User,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        closed: list[Any] = []
        monkeypatch.setattr(parts, "revoke", lambda **words: closed.append(words))
        lost = send(person)
        agree(cast, lost.row)
        with later(hours=73), django_capture_on_commit_callbacks(execute=True):
            lost.choose()
        assert {"person": person.pk, "reason": "recovered"} in closed

    def test_a_browser_that_was_still_signed_in_is_signed_out(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person)
        agree(cast, lost.row)
        here = client_of(person)
        here.get("/me/")
        lost.client = here
        with later(hours=73):
            here.get(link_in(mails_to(person.email)[1]), follow=True)
            assert lost.choose() == 302
        assert "_auth_user_id" not in here.session

    def test_staff_are_made_to_set_a_new_factor(self, cast: Cast) -> None:
        moderator = cast.moderator
        lost = send(moderator)
        agree(cast, lost.row)
        with later(hours=73):
            lost.choose()
            browser = browser_of(moderator)
            browser.sign_in(NEW_PASSWORD)
            answer = browser.client.get("/staff/reports/")
        assert answer["Location"] == "/accounts/2fa/totp/activate/"


class TestStopping:
    def test_by_the_link_of_any_address_with_a_button(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person, ELSEWHERE)
        agree(cast, lost.row)
        first, second = Client(), Client()
        first.get(link_in(mails_to(person.email)[0]), follow=True)
        second.get(link_in(mails_to("older@example.org")[1]), follow=True)
        assert lost.row.state == RecoveryState.AGREED
        for client in (first, second, first):
            assert client.post("/lost-access/stop/").status_code == 302
            assert "It is stopped" in client.get("/lost-access/stop/").content.decode()
        assert lost.row.state == RecoveryState.STOPPED
        assert AuditEntry.objects.filter(action="recovery stopped").count() == 1
        assert lost.client.get("/lost-access/yours/").status_code == 404
        with later(hours=73):
            assert lost.choose() == 404
        client = client_of(cast.vetter)
        detail = f"/staff/recoveries/{lost.row.pk}/"
        page = client.post(detail, {"why": "Was it an attack?"}).content.decode()
        assert "<strong>Stopped it</strong>" in page

    def test_by_the_signed_in_person_alone(self, cast: Cast, person: User) -> None:
        mine = client_of(person)
        assert "own_recovery" not in mine.get("/me/").content.decode()
        assert mine.post("/me/lost-access/stop/").status_code == 404
        lost = begin(person, ELSEWHERE)
        assert "/me/lost-access/stop/" not in mine.get("/me/").content.decode()
        lost.client.post("/lost-access/yours/", {"words": WORDS})
        assert "/me/lost-access/stop/" in mine.get("/me/").content.decode()
        assert Notice.objects.filter(person=person, kind="recovery_asked").exists()
        for other in (cast.stranger, cast.vetter):
            assert client_of(other).post("/me/lost-access/stop/").status_code == 404
        assert mine.post("/me/lost-access/stop/")["Location"] == "/me/"
        assert lost.row.state == RecoveryState.STOPPED
        entry = AuditEntry.objects.get(action="recovery stopped")
        assert entry.actor == person.pk

    def test_a_stopped_one_leaves_room_for_the_next(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person, ELSEWHERE)
        recovery.stop_recovery(recovery=lost.row, by=None)
        ask(person.email)
        assert AccessRecovery.objects.filter(person=person).count() == 2


class TestWhoseAccountIsClosed:
    def test_nothing_opens_for_a_suspended_person(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person)
        row = agree(cast, lost.row)
        Profile.objects.filter(user=person).update(standing=Standing.SUSPENDED)
        with later(hours=73):
            assert lost.client.get("/lost-access/yours/").status_code == 404
            assert lost.choose() == 404
            with pytest.raises(NotFound):
                recovery.finish_recovery(recovery=row, password=NEW_PASSWORD)

    def test_erasing_takes_it_along(self, cast: Cast, person: User) -> None:
        lost = send(person)
        row = agree(cast, lost.row)
        erase_account(person=person)
        assert not AccessRecovery.objects.exists()
        assert not RecoveryDecision.objects.exists()
        assert not MailedLink.objects.filter(subject=row.pk).exists()
        assert lost.client.get("/lost-access/yours/").status_code == 404
        with pytest.raises(NotFound):
            recovery.stop_recovery(recovery=row, by=None)

    def test_the_export_tells_the_words_only_to_whom_they_have_let_in(
        self, cast: Cast, person: User
    ) -> None:
        """Until then somebody else may sit in the account."""
        lost = send(person, ELSEWHERE)
        agree(cast, lost.row)
        exporter = parts.exporters.get("moderation-recovery")
        assert exporter is not None
        (row,) = exporter.rows(person)
        assert (row["state"], row["words"]) == ("agreed", "")
        with later(hours=73):
            lost.choose()
        (row,) = exporter.rows(person)
        assert (row["state"], row["words"]) == ("done", WORDS)
        assert ELSEWHERE not in str(row)


class TestChores:
    def test_what_was_only_begun_goes_after_a_week(self, cast: Cast) -> None:
        begin(cast.former)
        with later(days=6, hours=23):
            chores.forget_begun()
            assert AccessRecovery.objects.count() == 1
        with later(days=7, seconds=1):
            chores.forget_begun()
        assert AccessRecovery.objects.count() == 0

    def test_what_nobody_decided_ends_after_a_month(self, cast: Cast) -> None:
        lost = send(cast.former)
        with later(days=29):
            chores.end_old()
            assert lost.row.state == RecoveryState.WAITING
        with later(days=30, seconds=1):
            chores.end_old()
            chores.end_old()
        assert lost.row.state == RecoveryState.LAPSED
        assert len(mails_to(cast.former.email)) == 3  # link, warning, end

    def test_an_agreed_one_does_not_stay_open_for_ever(self, cast: Cast) -> None:
        lost = send(cast.former)
        agree(cast, lost.row)
        with later(days=10, seconds=1):
            chores.end_old()
        assert lost.row.state == RecoveryState.LAPSED

    def test_words_are_blanked_a_month_after_the_end(
        self, cast: Cast, person: User
    ) -> None:
        lost = send(person, ELSEWHERE)
        agree(cast, lost.row)
        recovery.stop_recovery(recovery=lost.row, by=None)
        with later(days=29):
            chores.blank_words()
            assert lost.row.words == WORDS
        with later(days=30, seconds=1):
            chores.blank_words()
            chores.blank_words()
        assert (lost.row.words, lost.row.reach) == ("", "")
        assert {one.reason for one in RecoveryDecision.objects.all()} == {""}
        assert AuditEntry.objects.filter(action="recovery blanked").count() == 1
