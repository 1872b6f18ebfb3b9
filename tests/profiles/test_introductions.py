"""A member brings two connections together: both say yes, and no no is ever heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import ratelimit
from network.models import Notice, User
from profiles import access, chores, exporters
from profiles.actions import blocks, connections, introductions, standing
from profiles.actions.erasing import erase_account
from profiles.models import Connection, ContactGrant, Introduction, Kind, Profile
from tests.at_once import at_once
from tests.cast import Cast, client_of, create_member
from tests.profiles.conftest import without_tokens

pytestmark = pytest.mark.django_db
NOTE = "You both bake bread for more people than you know."
LIST = "/connections/"


def join(one: User, other: User) -> Connection:
    found = connections.request_connection(by=one, recipient=other.profile)
    return connections.accept_connection(connection=found, by=other)


@pytest.fixture
def three(cast: Cast) -> tuple[User, User, User]:
    """The one who introduces, and two who do not know each other."""
    join(cast.lead, cast.stranger)
    join(cast.lead, cast.survivor)
    return cast.lead, cast.stranger, cast.survivor


def propose(by: User, one: User, other: User, note: str = NOTE) -> Any:
    url = f"/people/{one.pk}/introduce/"
    return client_of(by).post(url, {"person": str(other.pk), "note": note})


def answer(person: User, word: str) -> int:
    row = Introduction.objects.get()
    url = f"/introductions/{row.pk}/answer/"
    return client_of(person).post(url, {"answer": word}).status_code


def page(person: User) -> str:
    fresh = User.objects.get(pk=person.pk)
    return client_of(fresh).get(LIST).content.decode()


def told(person: User) -> int:
    return Notice.objects.filter(person=person, kind="introduction").count()


def set_profile(person: User, **values: Any) -> None:
    profile = Profile.objects.get(user=person)
    for name, value in values.items():
        setattr(profile, name, value)
    profile.save()


Three = tuple[User, User, User]


def test_two_yeses_connect_and_open_the_way(three: Three) -> None:
    by, one, other = three
    assert propose(by, one, other)["Location"] == LIST
    for person, across in ((one, other), (other, one)):
        text = page(person)
        assert NOTE in text
        assert by.profile.pseudonym in text
        assert across.profile.pseudonym in text
        assert told(person) == 1
    assert answer(one, "yes") == 302
    assert access.connection_between(one.pk, other.pk) is None
    assert answer(other, "yes") == 302
    found = access.connection_between(one.pk, other.pk)
    assert found is not None
    assert access.can_contact(one, other).ok
    grant = ContactGrant.objects.get(source=found.pk)
    assert grant.kind == ContactGrant.Kind.CONNECTION
    assert NOTE not in page(one)
    heard = Notice.objects.filter(kind="connection_accepted")
    assert heard.filter(person=one, url__contains=str(other.pk)).count() == 1


def test_yes_pressed_twice_and_no_afterwards_change_nothing(three: Three) -> None:
    by, one, other = three
    propose(by, one, other)
    answer(one, "yes")
    answer(one, "yes")
    answer(other, "yes")
    assert answer(other, "no") == 404
    assert ContactGrant.objects.count() == 3


FATES: dict[str, Callable[[Three], object]] = {
    "yes": lambda three: answer(three[1], "yes"),
    "no": lambda three: answer(three[2], "no"),
    "both": lambda three: [answer(person, "yes") for person in three[1:]],
    "block": lambda three: blocks.block_person(by=three[1], person=three[2]),
    "label": lambda three: set_profile(three[2], contact_rules={"no_formers": True}),
}


@pytest.mark.parametrize("fate", FATES)
def test_the_introducer_sees_the_same_whatever_becomes_of_it(
    three: Three, fate: str
) -> None:
    by, one, other = three
    propose(by, one, other)
    urls = (LIST, f"/people/{one.pk}/introduce/", f"/people/{other.pk}/", "/me/")
    client = client_of(by)

    def seen() -> list[str]:
        return [without_tokens(client.get(url).content.decode()) for url in urls]

    seen()
    before = seen()
    assert "waiting until" in before[0]
    FATES[fate](three)
    assert seen() == before
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert "waiting until" not in page(by)


def impossible_by_block(three: Three) -> None:
    blocks.block_person(by=three[2], person=three[1])


def impossible_by_label(three: Three) -> None:
    set_profile(three[1], kind=Kind.FORMER)
    set_profile(three[2], contact_rules={"no_formers": True})


def impossible_by_facilitator(three: Three) -> None:
    set_profile(three[2], contact_rules={"facilitator": True})


def impossible_by_closed_door(three: Three) -> None:
    set_profile(three[1], is_open_to_contact=False)


def impossible_by_connection(three: Three) -> None:
    join(three[1], three[2])


def impossible_by_earlier_no(three: Three) -> None:
    asked = connections.request_connection(by=three[1], recipient=three[2].profile)
    connections.decline_connection(connection=asked, by=three[2])


IMPOSSIBLE = [
    impossible_by_block,
    impossible_by_label,
    impossible_by_facilitator,
    impossible_by_closed_door,
    impossible_by_connection,
    impossible_by_earlier_no,
]


@pytest.mark.parametrize("reason", IMPOSSIBLE)
def test_an_impossible_one_looks_like_any_other_and_nobody_is_asked(
    three: Three, reason: Callable[[Three], None]
) -> None:
    by, one, other = three
    Notice.objects.all().delete()
    answers = [propose(by, one, other)]
    plain = without_ids(page(by))
    Introduction.objects.all().delete()
    Notice.objects.all().delete()
    reason(three)
    fresh = [User.objects.get(pk=each.pk) for each in three]
    answers.append(propose(*fresh))
    assert without_ids(page(by)) == plain
    assert [each.status_code for each in answers] == [302, 302]
    for person in (one, other):
        assert NOTE not in page(person)
        assert not told(person)
        assert answer(User.objects.get(pk=person.pk), "yes") == 404


def without_ids(text: str) -> str:
    row = Introduction.objects.get()
    return without_tokens(text).replace(str(row.pk), "")


def test_who_is_not_seen_is_not_named(three: Three) -> None:
    by, one, other = three
    set_profile(other, is_listed=False)
    propose(by, one, other)
    text = page(one)
    assert NOTE in text
    assert "introduce you to somebody" in text
    assert other.profile.pseudonym not in text
    assert str(other.pk) not in text
    assert one.profile.pseudonym in page(other)
    answer(one, "yes")
    assert other.profile.pseudonym not in page(one)
    answer(other, "yes")
    assert other.profile.pseudonym in page(one)


def test_a_no_is_silent_to_the_other_and_answers_every_introducer(
    cast: Cast, three: Three
) -> None:
    by, one, other = three
    second = create_member("second")
    join(second, one)
    join(second, other)
    propose(by, one, other)
    introductions.introduce(
        by=second, one=one.profile, other=other.profile, note="Bread."
    )
    before = without_tokens(page(one))
    row = Introduction.objects.get(introducer=by)
    introductions.say_no(introduction=row, by=other)
    assert without_tokens(page(one)) == before
    assert NOTE not in page(other)
    assert "Bread." not in page(other)
    assert introductions.say_yes(introduction=row, by=one) is False
    assert "You said yes" in page(one)


def test_only_settled_members_introduce_only_their_own_connections(
    cast: Cast, three: Three
) -> None:
    by, one, other = three
    assert propose(by, one, cast.former).status_code == 422
    assert propose(by, cast.former, one).status_code == 404
    set_profile(by, standing="probation")
    assert propose(User.objects.get(pk=by.pk), one, other).status_code == 404
    assert "/introduce/" not in page(by)
    assert not Introduction.objects.exists()


def test_the_note_holds_no_link_and_comes_back(three: Three) -> None:
    refused = propose(*three, note="Look at https://example.org")
    assert refused.status_code == 422
    assert "https://example.org" in refused.content.decode()
    assert propose(*three, note="").status_code == 422


def test_proposed_twice_it_is_one_and_taken_back_it_is_over(three: Three) -> None:
    by, one, other = three
    propose(by, one, other)
    assert propose(by, other, one).status_code == 302
    row = Introduction.objects.get()
    client_of(by).post(f"/introductions/{row.pk}/withdraw/")
    assert "waiting until" not in page(by)
    assert NOTE not in page(one)
    assert propose(by, one, other).status_code == 422
    assert told(one) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.create(
            introducer=by, one=other, other=one, note="x", expires_at=timezone.now()
        )


@pytest.mark.django_db(transaction=True)
def test_proposed_at_once_it_is_one_and_two_yeses_at_once_are_one_connection(
    three: Three,
) -> None:
    by, one, other = three
    make = partial(introductions.introduce, by=by, note=NOTE)
    at_once(
        [
            partial(make, one=one.profile, other=other.profile),
            partial(make, one=other.profile, other=one.profile),
        ]
    )
    row = Introduction.objects.get()
    at_once(
        [
            partial(introductions.say_yes, introduction=row, by=each)
            for each in three[1:]
        ]
    )
    assert Connection.objects.filter(pair=row.pair, state="accepted").count() == 1


def test_a_handful_is_open_at_once(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, one, other = three
    monkeypatch.setattr(introductions, "MOST_OPEN", 0)
    assert propose(by, one, other).status_code == 422
    monkeypatch.setattr(introductions, "MOST_OPEN", 5)
    monkeypatch.setattr(
        ratelimit, "hit", lambda *args, **kwargs: ratelimit.Decision(False)
    )
    assert propose(by, one, other).status_code == 422
    assert not Introduction.objects.exists()


ENDS: dict[str, Callable[[Three], object]] = {
    "disconnected": lambda three: connections.disconnect(
        connection=Connection.objects.get(recipient=three[1]), by=three[1]
    ),
    "the two blocked": lambda three: blocks.block_person(by=three[2], person=three[1]),
    "the introducer blocked": lambda three: blocks.block_person(
        by=three[2], person=three[0]
    ),
    "suspended": lambda three: standing.suspend_member(
        profile=three[2].profile, by=None, reason="Threats."
    ),
    "the introducer suspended": lambda three: standing.suspend_member(
        profile=three[0].profile, by=None, reason="Threats."
    ),
    "erased": lambda three: erase_account(person=three[2]),
    "taken back": lambda three: introductions.withdraw_introduction(
        introduction=Introduction.objects.get(), by=three[0]
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_with_what_it_stands_on(three: Three, end: str) -> None:
    by, one, other = three
    propose(by, one, other)
    assert NOTE in page(one)
    ENDS[end](three)
    assert NOTE not in page(one)
    assert not Introduction.objects.waiting().exists()


def test_who_takes_a_pause_is_not_asked_meanwhile(three: Three) -> None:
    by, one, other = three
    propose(by, one, other)
    set_profile(other, hidden_until=timezone.now() + timedelta(days=3))
    assert NOTE not in page(one)
    set_profile(other, hidden_until=None)
    assert NOTE in page(one)


def test_the_list_costs_the_same_however_long(cast: Cast, three: Three) -> None:
    by, one, other = three
    propose(by, one, other)

    def cost() -> int:
        client = client_of(one)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        return len(queries)

    few = cost()
    for number in range(3):
        more = create_member(f"more{number}")
        join(by, more)
        Introduction.objects.create(
            introducer=by,
            one=more,
            other=one,
            note=NOTE,
            expires_at=timezone.now() + introductions.MONTH,
        )
    assert page(one).count(NOTE) == 4
    assert cost() == few


def test_it_is_forgotten_half_a_year_later(three: Three) -> None:
    propose(*three)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        chores.forget_introductions()
        assert Introduction.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=220)):
        chores.forget_introductions()
        assert not Introduction.objects.exists()


def test_export_tells_each_their_own_side(three: Three) -> None:
    by, one, other = three
    propose(by, one, other)
    answer(one, "no")
    (mine,) = exporters.introductions(by)
    assert (mine["your_note"], mine["state"]) == (NOTE, "waiting")
    (theirs,) = exporters.introductions(one)
    assert theirs["your_answer"] == "no"
    assert NOTE not in str(theirs)
    assert not list(exporters.introductions(other))


def mutual(viewer: User, subject: User) -> bool:
    text = client_of(viewer).get(f"/people/{subject.pk}/").content.decode()
    return "You both know" in text


def test_mutual_connections_are_shown_where_all_three_want_it(three: Three) -> None:
    _by, one, other = three
    assert not mutual(one, other)
    for missing in (None, *three):
        for person in three:
            set_profile(person, shows_mutual=person != missing)
        for viewer, subject in ((one, other), (other, one)):
            fresh = User.objects.get(pk=viewer.pk)
            assert mutual(fresh, subject) is (missing is None)


def test_nobody_is_named_as_mutual_whom_the_viewer_does_not_see(
    cast: Cast, three: Three
) -> None:
    by, one, other = three
    for person in three:
        set_profile(person, shows_mutual=True)
    fresh = User.objects.get(pk=one.pk)
    assert mutual(fresh, other)
    assert not mutual(cast.former, other)
    hidden: list[dict[str, Any]] = [
        {"hidden_until": timezone.now() + timedelta(days=3)},
        {"hidden_until": None, "audience": {"pseudonym": "private"}},
        {"audience": {}, "standing": "suspended"},
    ]
    for values in hidden:
        set_profile(by, **values)
        assert not mutual(fresh, other)
    set_profile(by, standing="member")
    assert mutual(fresh, other)
    blocks.block_person(by=by, person=other)
    assert not mutual(fresh, other)
