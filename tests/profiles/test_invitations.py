"""A member invites somebody by a link: good once, for 72 hours, and telling nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from network import ratelimit
from network.models import AuditEntry, MailedLink, OutgoingMail, User
from profiles import chores, exporters
from profiles.actions import invitations, joining
from profiles.actions.erasing import erase_account
from profiles.actions.standing import suspend_member
from profiles.models import Application, Invitation, Profile, Standing
from tests.at_once import at_once
from tests.cast import Cast, client_of, create_account
from tests.profiles.conftest import ANSWERS, without_tokens

pytestmark = pytest.mark.django_db
LIST, PAGE = "/me/invitations/", "/invited/"
GUEST = "guest@example.org"


@pytest.fixture
def member(cast: Cast) -> User:
    Profile.objects.filter(user=cast.former).update(
        standing=Standing.MEMBER, vetted_at=timezone.now() - timedelta(days=400)
    )
    return User.objects.get(pk=cast.former.pk)


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template="invitation"))


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"/invited/open/\S+/", mail.context["link"])
    assert found is not None
    return found[0]


def invited(by: User, email: str = GUEST) -> str:
    """The link's path."""
    assert client_of(by).post(LIST, {"email": email})["Location"] == LIST
    (mail,) = [mail for mail in letters() if mail.to == email]
    return link_in(mail)


def begins(link: str, name: str = "guest") -> Application:
    """Opens the link, makes an account in the same browser and answers the first
    question."""
    client = client_of(create_account(name))
    client.get(link)
    client.post("/join/?step=1", {"kind": "supporter"})
    return Application.objects.get(applicant__email=f"{name}@example.org")


def test_the_whole_way_from_a_letter_to_the_dossier(cast: Cast, member: User) -> None:
    link = invited(member)
    visitor = Client()
    assert visitor.get(link)["Location"] == PAGE
    page = visitor.get(PAGE).content.decode()
    assert "A member of this network" in page
    assert member.profile.pseudonym not in page

    application = begins(link)
    invitation = Invitation.objects.get()
    assert invitation.application == application
    joining.save_draft(by=application.applicant, answers=ANSWERS)
    joining.assign_application(application, cast.vetter)
    Application.objects.update(state="submitted", submitted_at=timezone.now())
    dossier = client_of(cast.vetter).get(f"/staff/vetting/{application.pk}/")
    assert "Invited by" in dossier.content.decode()
    assert member.profile.pseudonym in dossier.content.decode()


def test_the_letter_names_nobody_and_its_token_is_stored_as_a_hash(
    member: User,
) -> None:
    link = invited(member)
    said = f"{letters()[0].template} {letters()[0].context}"
    assert member.profile.pseudonym not in said
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(MailedLink.objects.values_list())
    assert GUEST not in str(Invitation.objects.values_list("email"))


def test_it_is_good_for_one_application(member: User) -> None:
    link = invited(member)
    first = begins(link)
    late = client_of(create_account("late"))
    assert late.get(link).status_code == 404
    late.post("/join/?step=1", {"kind": "supporter"})
    assert Invitation.objects.get().application == first


def test_who_discards_what_was_begun_may_begin_once_more(member: User) -> None:
    link = invited(member)
    first = begins(link)
    joining.discard_draft(by=first.applicant)
    row = Invitation.objects.get()
    assert (row.used_at, row.application) == (None, None)
    again = client_of(create_account("again"))
    assert again.get(link).status_code == 302
    again.post("/join/?step=1", {"kind": "supporter"})
    assert Invitation.objects.get().application is not None


def test_nobody_invites_themselves(member: User) -> None:
    answer = client_of(member).post("/me/invitations/", {"email": member.email})
    assert answer.status_code == 422
    assert "your own address" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_opened_twice_it_is_taken_up_once(member: User) -> None:
    link = invited(member)
    clients = [client_of(create_account(name)) for name in ("one", "two")]
    for client in clients:
        client.get(link)
    for client in clients:
        answer = client.post("/join/?step=1", {"kind": "supporter"})
        assert answer.status_code == 302
    assert Application.objects.count() == 2
    taken = Invitation.objects.get().application
    assert taken is not None
    assert taken.applicant.email == "one@example.org"


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_with_it_at_once_are_one(member: User) -> None:
    invited(member)
    row = Invitation.objects.get()
    drafts = [
        joining.save_draft(by=create_account(name), answers={"kind": "former"})
        for name in ("one", "two")
    ]
    at_once(
        [
            partial(
                invitations.take_up,
                invitation=row,
                application=draft,
                by=draft.applicant,
            )
            for draft in drafts
        ]
    )
    row.refresh_from_db()
    assert row.application in drafts
    assert row.used_at is not None


def test_after_72_hours_it_opens_nothing(member: User) -> None:
    link = invited(member)
    with time_machine.travel(timezone.now() + timedelta(hours=71)):
        assert Client().get(link).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert Client().get(link).status_code == 404
        assert client_of(member).get(LIST).status_code == 200


def test_taken_back_it_opens_nothing_and_what_was_begun_goes_on(member: User) -> None:
    link, other = invited(member), invited(member, "other@example.org")
    application = begins(other)
    client = client_of(member)
    for row in Invitation.objects.all():
        client.post(f"{LIST}{row.pk}/withdraw/")
    assert Client().get(link).status_code == 404
    assert Invitation.objects.filter(application=application).exists()
    assert GUEST not in client.get(LIST).content.decode()


def test_whoever_invites_does_not_learn_what_comes_of_it(member: User) -> None:
    link = invited(member)
    client = client_of(member)
    before = without_tokens(client.get(LIST).content.decode())
    begins(link)
    assert without_tokens(client.get(LIST).content.decode()) == before


def test_an_address_with_an_account_is_invited_like_any_other(
    cast: Cast, member: User
) -> None:
    client = client_of(member)
    pages = []
    for email in (cast.survivor.email, "nobody.here@example.org"):
        answer = client.post(LIST, {"email": email}, follow=True)
        pages.append(apart_from_the_moment(answer.content.decode()).replace(email, ""))
        Invitation.objects.all().delete()
    assert pages[0] == pages[1]
    assert len(letters()) == 2


def apart_from_the_moment(page: str) -> str:
    page = without_tokens(page)
    return re.sub(r"good until[^<]+|/me/invitations/[^/]+/withdraw/", "", page)


def test_only_members_after_their_first_days_invite(cast: Cast, member: User) -> None:
    assert client_of(member).get(LIST).status_code == 200
    for standing in (Standing.PROBATION, Standing.SUSPENDED, Standing.LEFT):
        Profile.objects.filter(user=member).update(standing=standing)
        client = client_of(User.objects.get(pk=member.pk))
        assert client.get(LIST).status_code == 404
        assert client.post(LIST, {"email": GUEST}).status_code == 404
    assert not letters()


def test_the_same_address_twice_is_one_letter(member: User) -> None:
    client = client_of(member)
    for email in (GUEST, "Guest@Example.org "):
        assert client.post(LIST, {"email": email})["Location"] == LIST
    assert len(letters()) == 1


def test_five_are_open_at_once(member: User) -> None:
    client = client_of(member)
    for number in range(invitations.MOST_OPEN):
        client.post(LIST, {"email": f"guest{number}@example.org"})
    refused = client.post(LIST, {"email": "sixth@example.org"})
    assert refused.status_code == 422
    assert "sixth@example.org" in refused.content.decode()
    assert len(letters()) == invitations.MOST_OPEN


def test_nobody_invites_without_end(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = ratelimit.Decision(False)
    monkeypatch.setattr(ratelimit, "hit", lambda *args, **kwargs: no)
    refused = client_of(member).post(LIST, {"email": GUEST})
    assert refused.status_code == 422
    assert not Invitation.objects.exists()


def test_no_letter_box_is_filled_and_nobody_learns_of_the_letters_of_others(
    cast: Cast,
) -> None:
    Profile.objects.filter(standing=Standing.PROBATION).update(standing="member")
    inviters: list[Any] = [cast.former, cast.survivor, cast.lead]
    for person in inviters:
        fresh = User.objects.get(pk=person.pk)
        Profile.objects.filter(user=fresh).update(standing=Standing.MEMBER)
        client = client_of(User.objects.get(pk=person.pk))
        answer = client.post(LIST, {"email": GUEST}, follow=True)
        assert "on its way" in answer.content.decode()
    assert len(letters()) == invitations.MAILS_A_DAY


def test_a_suspended_members_invitations_are_over(member: User) -> None:
    link = invited(member)
    suspend_member(profile=member.profile, by=None, reason="Threats.")
    entry = AuditEntry.objects.get(action="invitation withdrawn")
    assert entry.actor != member.pk
    assert Client().get(link).status_code == 404


def test_a_month_later_nothing_is_left_of_what_led_nowhere(member: User) -> None:
    invited(member)
    application = begins(invited(member, "other@example.org"))
    with time_machine.travel(timezone.now() + timedelta(days=34)):
        chores.forget_invitations()
    (row,) = Invitation.objects.all()
    assert row.application == application
    assert row.email == ""


def test_export_and_erasure(member: User) -> None:
    invited(member)
    traces = list(exporters.other_traces(member))
    assert [row["you_invited"] for row in traces if "you_invited" in row] == [GUEST]
    erase_account(person=member)
    assert not Invitation.objects.exists()
