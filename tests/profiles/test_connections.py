"""Contact begins with two yeses; a no is heard by nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.access import Refused, Role, has_role
from network.models import Notice, OutboxEntry, OutgoingMail, User
from profiles import access
from profiles.actions import blocks, standing
from profiles.actions import connections as actions
from profiles.models import Block, Connection, ContactGrant, Profile
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db
State = Connection.State


def ask(by: User, whom: User, note: str = "") -> Connection:
    return actions.request_connection(by=by, recipient=whom.profile, note=note)


def answer(person: User, connection: Connection, word: str) -> int:
    url = f"/connections/{connection.pk}/answer/"
    return client_of(person).post(url, {"answer": word}).status_code


def grants() -> Any:
    return ContactGrant.objects.filter(ended_at=None)


def test_asking_and_yes_open_the_way(cast: Cast) -> None:
    client = client_of(cast.former)
    url = f"/people/{cast.survivor.pk}/connect/"
    assert client.post(url, {"note": "We met in Lyon."}).status_code == 302
    asked = Connection.objects.get()
    assert not access.can_contact(cast.former, cast.survivor).ok
    page = client_of(cast.survivor).get("/connections/").content.decode()
    assert "We met in Lyon." in page
    assert answer(cast.survivor, asked, "accept") == 302
    assert access.can_contact(cast.former, cast.survivor).ok
    grant = grants().get()
    assert OutboxEntry.objects.filter(kind="grant", key=str(grant.pk)).exists()
    told = Notice.objects.filter(person=cast.former)
    assert [notice.kind for notice in told] == ["connection_accepted"]


def test_yes_pressed_twice_is_one_grant(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    for _press in range(2):
        assert answer(cast.survivor, asked, "accept") == 302
    assert ContactGrant.objects.count() == 1


def test_asked_twice_is_one_request(cast: Cast) -> None:
    assert ask(cast.former, cast.survivor) == ask(cast.former, cast.survivor)
    assert Connection.objects.count() == 1
    assert Notice.objects.filter(person=cast.survivor).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(requester=cast.survivor, recipient=cast.former)


def test_the_one_who_asked_cannot_say_yes(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.former, asked, "accept")
    answer(cast.former, asked, "decline")
    asked.refresh_from_db()
    assert asked.state == State.REQUESTED
    assert answer(cast.stranger, asked, "accept") == 404
    assert answer(cast.survivor, asked, "perhaps") == 404


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|data-token="[^"]+"')


def pages_of(person: User, other: User) -> list[str]:
    """All that a requester can look at, without what differs on every visit."""
    client = client_of(person)
    urls = ("/connections/", f"/people/{other.pk}/", f"/people/{other.pk}/connect/")
    texts = [client.get(url).content.decode() for url in urls]
    return [
        TOKEN.sub("", text) for text in [*texts, client.get("/me/").content.decode()]
    ]


def test_a_no_looks_like_waiting(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    pages_of(cast.former, cast.survivor)
    before = pages_of(cast.former, cast.survivor)
    assert answer(cast.survivor, asked, "decline") == 302
    after = pages_of(cast.former, cast.survivor)
    assert after == before
    assert "Waiting for an answer" in after[0]
    assert not Notice.objects.filter(person=cast.former).exists()
    theirs = client_of(cast.survivor).get("/connections/").context["contacts"]
    assert not theirs.received


def test_asking_again_after_a_silent_no_is_heard_by_nobody(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.survivor, asked, "decline")
    assert answer(cast.former, asked, "withdraw") == 302
    with pytest.raises(Refused):
        ask(cast.former, cast.survivor, "Please?")
    Connection.objects.update(created_at=timezone.now() - timedelta(days=8))
    again = ask(cast.former, cast.survivor, "Please?")
    assert again.pk != asked.pk
    assert not Notice.objects.filter(person=cast.survivor).exists()
    listed = client_of(cast.survivor).get("/connections/").context["contacts"]
    assert not listed.received
    mine = client_of(cast.former).get("/connections/").context["contacts"]
    assert len(mine.sent) == 1


def test_who_took_a_request_back_calls_nobody_again_and_again(cast: Cast) -> None:
    """Neither by notices nor by mails; and what was taken back is told no more."""
    url = f"/people/{cast.survivor.pk}/connect/"
    client = client_of(cast.former)
    for _time in range(3):
        client.post(url, {"note": "Hello"})
        row = Connection.objects.latest("created_at")
        client.post(f"/connections/{row.pk}/answer/", {"answer": "withdraw"})
    assert Connection.objects.count() == 1
    assert not Notice.objects.filter(person=cast.survivor).exists()
    assert OutgoingMail.objects.filter(template="something_for_you").count() == 1
    answer = client.post(url, {"note": "Hello"})
    assert answer.status_code == 422
    assert "You can ask again from" in answer.content.decode()


def test_taking_back_leaves_the_notice_of_another_request(cast: Cast) -> None:
    """Read or not, as many stay unread as still wait."""
    mine = ask(cast.former, cast.survivor)
    Notice.objects.filter(person=cast.survivor).update(read_at=timezone.now())
    ask(cast.stranger, cast.survivor)
    answer(cast.former, mine, "withdraw")
    unread = Notice.objects.filter(person=cast.survivor, read_at=None)
    assert unread.count() == 1


def test_an_answer_to_what_was_taken_back_leads_to_what_is_so_now(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.former, asked, "withdraw")
    late = client_of(cast.survivor).post(
        f"/connections/{asked.pk}/answer/", {"answer": "accept"}, follow=True
    )
    assert late.redirect_chain[0][0] == "/connections/"
    assert "This request is no longer open." in late.content.decode()


def test_who_declined_may_ask_later(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.survivor, asked, "decline")
    other_way = ask(cast.survivor, cast.former)
    assert other_way.state == State.REQUESTED
    assert answer(cast.former, other_way, "accept") == 302
    assert access.can_contact(cast.former, cast.survivor).ok
    listed = client_of(cast.former).get("/connections/").context["contacts"]
    assert not listed.sent
    assert len(listed.connected) == 1


def test_who_takes_no_requests_gets_none(cast: Cast) -> None:
    rules: list[dict[str, Any]] = [
        {"is_open_to_contact": False},
        {"contact_rules": {"facilitator": True}},
    ]
    reasons = set()
    for rule in rules:
        profile = Profile.objects.get(user=cast.survivor)
        profile.is_open_to_contact, profile.contact_rules = True, {}
        for name, value in rule.items():
            setattr(profile, name, value)
        profile.save()
        reasons.add(access.can_request(cast.former, profile).reason)
        url = f"/people/{cast.survivor.pk}/connect/"
        assert client_of(cast.former).post(url, {}).status_code == 422
    assert not Connection.objects.exists()
    assert len(reasons) == 1  # which wish it is would tell a label


def test_a_first_note_holds_no_link_and_is_short(cast: Cast) -> None:
    url = f"/people/{cast.survivor.pk}/connect/"
    client = client_of(cast.former)
    for note in ("see https://example.org", "t.me/xyz", "me@example.org", "x" * 501):
        reply = client.post(url, {"note": note})
        assert reply.status_code == 422, note
        assert note in reply.content.decode()
        with pytest.raises(Refused):
            ask(cast.former, cast.survivor, note)
    assert not Connection.objects.exists()


def test_a_note_is_sealed(cast: Cast) -> None:
    ask(cast.former, cast.survivor, "a heron told me")
    assert "heron" not in str(Connection.objects.values_list("note"))


def test_one_request_pressed_many_times_is_one_of_the_day(cast: Cast) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # as if none of the presses had seen another's row yet
        patch.setattr(access, "request_sent", lambda *_people: None)
        patch.setattr(access, "can_request", lambda *_people: access.Verdict(True))
        found = {ask(cast.newcomer, cast.survivor).pk for _press in range(8)}
    assert len(found) == 1
    for number in range(4):
        ask(cast.newcomer, create_member(f"asked{number}"))
    with pytest.raises(Refused):
        ask(cast.newcomer, create_member("the-sixth"))


def test_a_new_member_asks_five_a_day(cast: Cast) -> None:
    members = [create_member(f"member{number}") for number in range(7)]
    for member in members[:5]:
        ask(cast.newcomer, member)
    with pytest.raises(Refused):
        ask(cast.newcomer, members[5])
    assert Connection.objects.count() == 5
    for member in members:
        ask(cast.former, member)
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        ask(cast.newcomer, members[5])


def test_ending_it_ends_the_right_to_write(
    cast: Cast, revoked: list[dict[str, Any]]
) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.survivor, asked, "accept")
    assert answer(cast.survivor, asked, "end") == 302
    assert not access.can_contact(cast.former, cast.survivor).ok
    assert not grants().exists()
    assert access.tier_of(cast.former, cast.survivor.profile) == access.Tier.MEMBER
    assert {revoked[-1]["person"], revoked[-1]["other"]} == {
        cast.former.pk,
        cast.survivor.pk,
    }


def test_a_block_ends_everything_and_unblocking_revives_nothing(
    cast: Cast, revoked: list[dict[str, Any]]
) -> None:
    asked = ask(cast.former, cast.survivor)
    answer(cast.survivor, asked, "accept")
    client = client_of(cast.survivor)
    for _press in range(2):
        assert client.post(f"/people/{cast.former.pk}/block/").status_code == 302
    block = Block.objects.get()
    assert not grants().exists()
    assert len(revoked) == 1
    line = OutboxEntry.objects.get(kind="block")
    assert (line.key, line.lane) == (str(block.pk), 0)
    assert (
        client_of(cast.former).post(f"/people/{cast.survivor.pk}/unblock/").status_code
        == 404
    )
    assert client.post(f"/people/{cast.former.pk}/unblock/").status_code == 302
    assert not access.can_contact(cast.former, cast.survivor).ok
    assert access.can_request(cast.former, cast.survivor.profile).ok


def test_nobody_unknown_can_be_blocked(cast: Cast) -> None:
    client = client_of(cast.former)
    for key in (uuid4(), cast.suspended.pk, cast.former.pk, cast.vetter.pk):
        assert client.post(f"/people/{key}/block/").status_code == 404
    assert not Block.objects.exists()


def test_a_block_is_told_to_nobody(cast: Cast) -> None:
    blocks.block_person(by=cast.survivor, person=cast.former)
    assert not Notice.objects.exists()


def test_a_suspended_member_is_out_at_once(
    cast: Cast, revoked: list[dict[str, Any]]
) -> None:
    client = client_of(cast.former)
    assert client.get("/me/").status_code == 200  # the session gets its row
    answer(cast.survivor, ask(cast.former, cast.survivor), "accept")
    standing.suspend_member(
        profile=cast.former.profile, by=cast.moderator, reason="threats"
    )
    assert client.get("/me/").status_code == 302
    assert revoked[-1]["person"] == cast.former.pk
    assert client_of(cast.stranger).get(f"/people/{cast.former.pk}/").status_code == 404
    assert not grants().exists()
    again = client_of(cast.former)
    assert "suspended" in again.get("/me/").content.decode()
    assert again.get("/connections/").status_code == 404
    standing.reinstate_member(
        profile=cast.former.profile, by=cast.moderator, reason="cleared"
    )
    former = User.objects.get(pk=cast.former.pk)
    assert access.can_contact(former, cast.survivor).ok


@pytest.mark.parametrize("how", ["suspended", "left"])
def test_whoever_is_no_member_any_more_holds_no_role(cast: Cast, how: str) -> None:
    cast.former.groups.add(Group.objects.get_or_create(name=Role.VETTER)[0])
    profile = cast.former.profile
    if how == "left":
        standing.leave_network(profile=profile, by=cast.former)
    else:
        standing.suspend_member(profile=profile, by=cast.moderator, reason="threats")
        standing.reinstate_member(profile=profile, by=cast.moderator, reason="cleared")
    assert not has_role(User.objects.get(pk=cast.former.pk), Role.VETTER)


def test_the_list_costs_the_same_for_many(cast: Cast) -> None:
    client = client_of(cast.former)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/connections/").status_code == 200
        return len(queries)

    def add(names: str) -> None:
        for name in names:
            other = create_member(f"asker-{name}")
            ask(other, cast.former)
            ask(cast.former, create_member(f"asked-{name}"))
            friend = create_member(f"friend-{name}")
            asked = ask(friend, cast.former)
            actions.accept_connection(connection=asked, by=cast.former)
            blocks.block_person(by=cast.former, person=create_member(f"gone-{name}"))

    add("a")
    cost()
    before = cost()
    add("bcd")
    assert cost() == before


def test_a_pause_is_told_to_those_who_know_each_other_alone(cast: Cast) -> None:
    asked = ask(cast.former, cast.survivor)
    actions.accept_connection(connection=asked, by=cast.survivor)
    profile = cast.survivor.profile
    until = timezone.now() + timedelta(days=9)
    Profile.objects.filter(pk=profile.pk).update(hidden_until=until)
    client = client_of(cast.former)
    page = client.get("/connections/").content.decode()
    assert str(profile) in page
    assert "On a pause" in page
    assert f"/people/{cast.survivor.pk}/" not in page.split("<main")[1]
    assert client.get(f"/people/{cast.survivor.pk}/").status_code == 404
    other = create_member("other")
    ask(other, cast.stranger)
    Profile.objects.filter(pk=cast.stranger.profile.pk).update(hidden_until=until)
    page = client_of(other).get("/connections/").content.decode()
    assert "On a pause" not in page
    assert str(cast.stranger.profile) not in page


def test_a_name_that_is_for_nobody_stands_in_no_list(cast: Cast) -> None:
    answer(cast.survivor, ask(cast.former, cast.survivor), "accept")
    before = client_of(cast.former).get("/connections/").content.decode()
    assert "Survivor" in before
    blocks.block_person(by=cast.former, person=cast.stranger)
    for person in (cast.survivor, cast.stranger):
        Profile.objects.filter(user=person).update(audience={"pseudonym": "private"})
    page = client_of(cast.former).get("/connections/").content.decode()
    assert "Survivor" not in page
    assert "Stranger" not in page
    assert "A member" in page
