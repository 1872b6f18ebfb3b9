"""A new member is accompanied by whom they choose, and who says yes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import User
from profiles import buddies, contacts
from profiles.actions import blocks, connections
from profiles.models import Audience, Connection, Kind, Profile, Standing
from tests.cast import Cast, client_of, create_member
from tests.profiles.test_me import save

pytestmark = pytest.mark.django_db
URL = "/me/buddy/"


@pytest.fixture
def willing(cast: Cast) -> Profile:
    """The stranger, who accompanies new members."""
    return offers(cast.stranger)


def offers(person: User, **fields: object) -> Profile:
    Profile.objects.filter(user=person).update(accompanies=True, **fields)
    return Profile.objects.select_related("user").get(user=person)


def to_ask(cast: Cast) -> set[User]:
    newcomer = Profile.objects.get(user=cast.newcomer)
    return {row.user for row in buddies.members_to_ask(newcomer)}


def ask(cast: Cast, person: User) -> Connection:
    client_of(cast.newcomer).post(URL, {"person": str(person.pk), "note": "Hello."})
    return Connection.objects.get(requester=cast.newcomer, recipient=person)


def test_only_whoever_offers_it_is_there(cast: Cast, willing: Profile) -> None:
    page = client_of(cast.newcomer).get(URL).content.decode()
    assert "Stranger" in page
    assert "Lead" not in page
    home = client_of(cast.newcomer).get("/me/").content.decode()
    assert "Choose who accompanies you" in home


def test_without_anybody_it_says_so(cast: Cast) -> None:
    page = client_of(cast.newcomer).get(URL).content.decode()
    assert "Nobody to ask at the moment" in page


def test_a_yes_connects_the_two_and_says_who_accompanies(
    cast: Cast, willing: Profile
) -> None:
    row = ask(cast, cast.stranger)
    assert row.is_buddy
    theirs = client_of(cast.stranger).get("/connections/").content.decode()
    assert "Asks you to accompany them" in theirs
    connections.accept_connection(connection=row, by=cast.stranger)
    page = client_of(cast.newcomer).get(URL).content.decode()
    assert "Accompanies you" in page
    home = client_of(cast.newcomer).get("/me/").content.decode()
    assert "Choose who accompanies you" not in home
    theirs = client_of(cast.stranger).get("/connections/").content.decode()
    assert "You accompany them" in theirs


def test_a_no_looks_like_waiting_and_another_can_be_asked(
    cast: Cast, willing: Profile
) -> None:
    offers(cast.lead)
    row = ask(cast, cast.stranger)
    before = client_of(cast.newcomer).get(URL).content.decode()
    connections.decline_connection(connection=row, by=cast.stranger)
    after = client_of(cast.newcomer).get(URL).content.decode()
    assert "Waiting for an answer" in before
    assert "Waiting for an answer" in after
    assert to_ask(cast) == {cast.lead}


def test_asked_twice_it_is_one_request(cast: Cast, willing: Profile) -> None:
    ask(cast, cast.stranger)
    ask(cast, cast.stranger)
    assert Connection.objects.filter(requester=cast.newcomer).count() == 1


def test_nobody_else_can_be_asked_by_hand(cast: Cast, willing: Profile) -> None:
    for key in (cast.lead.pk, cast.newcomer.pk, uuid4()):
        data = {"person": str(key), "note": "Hello there."}
        answer = client_of(cast.newcomer).post(URL, data)
        assert answer.status_code == 422
        assert "Hello there." in answer.content.decode()
    assert not Connection.objects.filter(requester=cast.newcomer).exists()


def test_the_note_holds_no_link(cast: Cast, willing: Profile) -> None:
    data = {"person": str(cast.stranger.pk), "note": "See https://example.org"}
    answer = client_of(cast.newcomer).post(URL, data)
    assert answer.status_code == 422
    assert "No links" in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"standing": Standing.PROBATION},
        {"standing": Standing.SUSPENDED},
        {"is_listed": False},
        {"is_open_to_contact": False},
        {"is_overdue": True},
        {"audience": {"pseudonym": Audience.CONNECTIONS}},
    ],
)
def test_who_cannot_or_is_not_seen_is_not_offered(
    cast: Cast, fields: dict[str, object]
) -> None:
    offers(cast.stranger, **fields)
    assert to_ask(cast) == set()


def test_a_block_and_the_wish_of_a_survivor_keep_them_apart(cast: Cast) -> None:
    offers(cast.stranger)
    offers(cast.survivor)
    assert to_ask(cast) == {cast.stranger, cast.survivor}
    blocks.block_person(by=cast.stranger, person=cast.newcomer)
    survivor = Profile.objects.get(user=cast.survivor)
    survivor.contact_rules = {"no_formers": True}
    survivor.save()
    newcomer = Profile.objects.get(user=cast.newcomer)
    newcomer.kind = Kind.FORMER
    newcomer.save()
    assert to_ask(cast) == set()


def test_a_block_takes_the_buddy_away(cast: Cast, willing: Profile) -> None:
    row = ask(cast, cast.stranger)
    connections.accept_connection(connection=row, by=cast.stranger)
    blocks.block_person(by=cast.stranger, person=cast.newcomer)
    assert contacts.buddy_row(cast.newcomer) is None


def test_after_the_first_90_days_the_page_is_gone(cast: Cast, willing: Profile) -> None:
    Profile.objects.filter(user=cast.newcomer).update(standing=Standing.MEMBER)
    assert client_of(cast.newcomer).get(URL).status_code == 404
    assert client_of(cast.former).get(URL).status_code == 404


def test_a_common_language_first_then_who_accompanies_fewest(cast: Cast) -> None:
    offers(cast.stranger, languages=["sv"])
    offers(cast.lead)
    newcomer = Profile.objects.get(user=cast.newcomer)
    offered = buddies.members_to_ask(newcomer)
    assert [row.user for row in offered] == [cast.lead, cast.stranger]


def test_the_page_costs_the_same_with_more_to_ask(cast: Cast, willing: Profile) -> None:
    def cost() -> int:
        client = client_of(cast.newcomer)
        with CaptureQueriesContext(connection) as seen:
            client.get(URL)
        return len(seen)

    few = cost()
    for number in range(5):
        offers(create_member(f"more{number}"))
    assert cost() == few


def test_offered_in_the_editor(cast: Cast) -> None:
    save(client_of(cast.former), accompanies="on")
    assert Profile.objects.get(user=cast.former).accompanies
