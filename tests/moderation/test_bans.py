"""An address that was turned away: known again by vetters, and by nobody read."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.actions import bans, vetting
from network import parts
from network.access import NotFound, Refused, Role
from network.models import AuditEntry, Notice, OutgoingMail, User
from profiles import chores
from profiles.actions import erasing, joining
from profiles.models import Application, ApplicationState, Ban, Decision
from tests.at_once import at_once
from tests.cast import Cast, client_of, create_account, create_cast, create_staff
from tests.moderation.conftest import create_application
from tests.moderation.reading import stolen
from tests.profiles.conftest import applied

pytestmark = pytest.mark.django_db

Answer = Decision.Answer
REASON = "Told two members to meet at the copper mill."
FORM = {"reason": REASON, "is_sure": "on"}
STANDS = "This address was turned away"


def url_of(application: Application) -> str:
    return f"/staff/vetting/{application.pk}/"


def decline(application: Application, cast: Cast) -> Application:
    for vetter in (cast.vetter, cast.second_vetter):
        vetting.decide_application(
            application=application,
            by=vetter,
            answer=Answer.DECLINE,
            reason="Not now.",
            told="Not now.",
        )
    application.refresh_from_db()
    return application


@pytest.fixture
def declined(cast: Cast, application: Application) -> Application:
    return decline(application, cast)


@pytest.fixture
def ban(cast: Cast, declined: Application) -> Ban:
    return bans.add_ban(application=declined, by=cast.vetter, reason=REASON)


def opened(person: User, application: Application) -> str:
    answer = client_of(person).post(url_of(application), {"why": "Once more."})
    return answer.content.decode()


def approve(person: User, application: Application) -> Application:
    return vetting.decide_application(
        application=application, by=person, answer=Answer.APPROVE, reason="Steady."
    )


class TestTurningAway:
    def test_a_vetter_does_it_from_a_declined_application(
        self, cast: Cast, declined: Application
    ) -> None:
        path = f"{url_of(declined)}turn-away/"
        assert path in opened(cast.vetter, declined)
        client = client_of(cast.vetter)
        assert client.get(path).status_code == 200
        assert Ban.objects.count() == 0
        for _twice in range(2):
            assert client.post(path, FORM)["Location"] == "/staff/bans/"
        found = Ban.objects.get()
        assert (found.by, found.reason) == (cast.vetter, REASON)
        entry = AuditEntry.objects.get(action="address turned away")
        assert (entry.actor, entry.reason) == (cast.vetter.pk, "")
        page = opened(cast.second_vetter, declined)
        assert STANDS in page
        assert path not in page
        assert 'name="is_sure"' not in client.get(path).content.decode()

    @pytest.mark.parametrize(
        ("form", "told"),
        [
            ({"reason": REASON}, "Tick this if you are sure"),
            ({"reason": " ", "is_sure": "on"}, "Give a reason"),
        ],
    )
    def test_it_needs_a_reason_and_a_second_thought(
        self, cast: Cast, declined: Application, form: dict[str, str], told: str
    ) -> None:
        answer = client_of(cast.vetter).post(f"{url_of(declined)}turn-away/", form)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert told in page
        assert form["reason"].strip() in page
        assert Ban.objects.count() == 0

    def test_others_and_other_applications_find_nothing(
        self, cast: Cast, declined: Application
    ) -> None:
        waiting = create_application(cast.newcomer)
        third = create_staff("third", Role.VETTER)
        joining.assign_application(waiting, third)
        people = (third, cast.moderator, cast.dpo, cast.admin, cast.applicant)
        tries = [(person, declined) for person in people] + [(cast.vetter, waiting)]
        for person, row in tries:
            client, path = client_of(person), f"{url_of(row)}turn-away/"
            assert client.get(path).status_code == 404
            assert client.post(path, FORM).status_code == 404
        with pytest.raises(NotFound):
            bans.add_ban(application=waiting, by=cast.vetter, reason=REASON)
        assert Ban.objects.count() == 0

    def test_the_database_allows_one_that_stands(self, cast: Cast, ban: Ban) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Ban.objects.create(address_index=ban.address_index, reason="Again.")
        bans.lift_ban(ban=ban, by=cast.admin, reason="Wrong person.")
        Ban.objects.create(address_index=ban.address_index, reason="Again.")

    @pytest.mark.parametrize(
        "address",
        ["Applicant@Example.org", " applicant@example.org", "applicant+2@example.org"],
    )
    def test_an_address_is_known_however_it_is_written(
        self, ban: Ban, address: str
    ) -> None:
        assert Ban.objects.of_address(address).get() == ban

    @pytest.mark.parametrize("address", ["applicants@example.org", "a@example.com"])
    def test_another_address_is_another(self, ban: Ban, address: str) -> None:
        assert not Ban.objects.of_address(address).exists()


class TestWhileItStands:
    @pytest.fixture
    def again(self, cast: Cast, ban: Ban) -> Application:
        """The same address, with an account of another day."""
        erasing.erase_account(person=cast.applicant)
        assert not User.objects.filter(email="applicant@example.org").exists()
        return create_application(create_account("applicant"))

    def test_it_outlives_the_account_and_the_vetters_are_told(
        self, cast: Cast, again: Application
    ) -> None:
        page = client_of(cast.vetter).get(url_of(again)).content.decode()
        assert STANDS in page
        assert REASON in page
        assert 'value="approve"' not in page
        assert 'value="decline"' in page

    def test_nobody_can_approve_it(self, cast: Cast, again: Application) -> None:
        with pytest.raises(Refused, match="until an administrator lifts it"):
            approve(cast.vetter, again)
        form = {"answer": "approve", "reason": "Steady."}
        client = client_of(cast.vetter)
        answer = client.post(f"{url_of(again)}decide/", form, follow=True)
        assert "until an administrator lifts it" in answer.content.decode()
        assert Decision.objects.filter(application=again).count() == 0

    def test_nor_say_the_second_yes(self, cast: Cast, application: Application) -> None:
        approve(cast.vetter, application)
        index = Ban.index_of(cast.applicant.email)
        Ban.objects.create(address_index=index, reason=REASON)
        with pytest.raises(Refused):
            approve(cast.second_vetter, application)
        application.refresh_from_db()
        assert application.state == ApplicationState.IN_REVIEW

    def test_one_applies_from_it_as_from_any_other(self, cast: Cast) -> None:
        index = Ban.index_of("harbour@example.org")
        Ban.objects.create(address_index=index, reason=REASON)
        rows = [applied(name) for name in ("harbour", "mooring")]
        assert (
            STANDS
            in client_of(rows[0].contact_person).get(url_of(rows[0])).content.decode()
        )
        told = [as_the_applicant_sees_it(row) for row in rows]
        assert told[0] == told[1]
        assert "application_received" in told[0]

    def test_after_a_no_nothing_tells_of_it(
        self, cast: Cast, declined: Application
    ) -> None:
        before = as_the_applicant_sees_it(declined)
        bans.add_ban(application=declined, by=cast.vetter, reason=REASON)
        assert as_the_applicant_sees_it(declined) == before

    def test_once_lifted_it_is_like_any_other(
        self, cast: Cast, ban: Ban, again: Application
    ) -> None:
        bans.lift_ban(ban=ban, by=cast.admin, reason="It was another person.")
        page = client_of(cast.vetter).get(url_of(again)).content.decode()
        assert STANDS not in page
        for vetter in (cast.vetter, cast.second_vetter):
            approve(vetter, again)
        again.refresh_from_db()
        assert again.state == ApplicationState.APPROVED


def as_the_applicant_sees_it(row: Application) -> str:
    """Their page, notices, mails and export, without who they are and what is new each
    time."""
    person, email = row.applicant, row.applicant.email
    page = client_of(person).get("/join/status/").content.decode()
    notices = [one.kind for one in Notice.objects.filter(person=person)]
    mails = [one.template for one in OutgoingMail.objects.all() if one.to == email]
    UserSession.objects.filter(user=person).delete()  # each look is another one
    rows = [list(part.rows(person)) for part in parts.exporters]
    told = f"{page} {notices} {mails} {[len(each) for each in rows]}"
    for own in (str(row.contact_person), r"\b\w{64}\b", str(row.pk), str(person.pk)):
        told = re.sub(own, "", told)
    return told


class TestList:
    def test_it_says_when_by_whom_and_why_and_never_which_address(
        self, cast: Cast, ban: Ban
    ) -> None:
        for person, may_lift in ((cast.vetter, False), (cast.admin, True)):
            page = client_of(person).get("/staff/bans/").content.decode()
            assert REASON in page
            assert str(cast.vetter) in page
            assert "applicant@" not in page
            assert ban.address_index not in page
            assert (f"/staff/bans/{ban.pk}/lift/" in page) == may_lift

    def test_others_find_nothing(self, cast: Cast, ban: Ban) -> None:
        for person in (cast.moderator, cast.editor, cast.dpo, cast.applicant):
            assert client_of(person).get("/staff/bans/").status_code == 404

    def test_it_costs_the_same_for_many(self, cast: Cast, ban: Ban) -> None:
        client = client_of(cast.admin)
        client.get("/staff/bans/")
        costs = []
        for number in range(2):
            with CaptureQueriesContext(connection) as queries:
                client.get("/staff/bans/")
            costs.append(len(queries))
            for more in range(5):
                setter = create_staff(f"setter-{number}-{more}", Role.VETTER)
                Ban.objects.create(address_index=uuid4().hex, reason="So.", by=setter)
        assert len(set(costs)) == 1


class TestLifting:
    def test_an_administrator_lifts_it_with_a_reason_once(
        self, cast: Cast, ban: Ban
    ) -> None:
        client, path = client_of(cast.admin), f"/staff/bans/{ban.pk}/lift/"
        assert REASON in client.get(path).content.decode()
        ban.refresh_from_db()
        assert ban.lifted_at is None
        empty = client.post(path, {"reason": " "})
        assert empty.status_code == 422
        for words in ("It was another person.", "Something else."):
            answer = client.post(path, {"reason": words})
            assert answer["Location"] == "/staff/bans/"
        ban.refresh_from_db()
        assert ban.lifted_by == cast.admin
        assert ban.lifted_because == "It was another person."
        assert AuditEntry.objects.filter(action="ban lifted").count() == 1
        page = client_of(cast.vetter).get("/staff/bans/").content.decode()
        assert "It was another person." in page

    def test_vetters_cannot(self, cast: Cast, ban: Ban) -> None:
        path = f"/staff/bans/{ban.pk}/lift/"
        for person in (cast.vetter, cast.moderator, cast.dpo, cast.applicant):
            client = client_of(person)
            assert client.get(path).status_code == 404
            assert client.post(path, {"reason": "Mine."}).status_code == 404
        with pytest.raises(NotFound):
            bans.lift_ban(ban=ban, by=cast.vetter, reason="Mine.")

    def test_nobody_lifts_that_of_their_own_address(self, cast: Cast) -> None:
        index = Ban.index_of(cast.admin.email)
        own = Ban.objects.create(address_index=index, reason=REASON)
        client = client_of(cast.admin)
        assert client.get(f"/staff/bans/{own.pk}/lift/").status_code == 404
        assert REASON not in client.get("/staff/bans/").content.decode()


def test_a_thief_of_the_database_finds_no_address_and_no_reason(
    cast: Cast, ban: Ban
) -> None:
    bans.lift_ban(ban=ban, by=cast.admin, reason="Another copper mill.")
    erasing.erase_account(person=cast.applicant)
    assert Ban.objects.count() == 1
    found = stolen()
    assert "copper mill" not in found
    assert "applicant@example.org" not in found


def test_whoever_set_or_lifted_it_is_not_named_once_they_left(
    cast: Cast, ban: Ban
) -> None:
    bans.lift_ban(ban=ban, by=cast.admin, reason="It was another person.")
    for person in (cast.vetter, cast.admin):
        for part in parts.erasers:
            part.erase(person)
    ban.refresh_from_db()
    assert (ban.by, ban.lifted_by) == (None, None)
    page = client_of(cast.second_vetter).get("/staff/bans/").content.decode()
    assert page.count("Somebody who has left") == 2


def test_what_was_lifted_is_forgotten_and_what_stands_is_not(
    cast: Cast, ban: Ban
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=4000)):
        chores.forget_lifted()
        assert Ban.objects.count() == 1
    bans.lift_ban(ban=ban, by=cast.admin, reason="It was another person.")
    for days, left in ((181, 1), (183, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            chores.forget_lifted()
        assert Ban.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_two_vetters_at_once_set_one() -> None:
    cast = create_cast()
    declined = decline(create_application(cast.applicant), cast)
    people = [cast.vetter, cast.second_vetter] * 3
    found = at_once(
        [
            lambda by=person: bans.add_ban(application=declined, by=by, reason=REASON)
            for person in people
        ]
    )
    assert len({one.pk for one in found}) == Ban.objects.count() == 1
    assert AuditEntry.objects.filter(action="address turned away").count() == 1
