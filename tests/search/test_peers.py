"""Members to learn from: only by what the viewer may see, and by no label ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import User
from profiles.actions import blocks, connections, introductions
from profiles.actions.erasing import erase_account
from profiles.models import Connection, Introduction, Kind, Profile, ProfileSkill
from search import chores, parts, peering, peers
from search.models import PeerPassedOver, PeerSuggestion
from search.replica import replica
from tests.cast import Cast, client_of, create_member
from tests.search.conftest import create_need

pytestmark = pytest.mark.django_db
PAGE = "/peers/"


def can_do(person: User, skill: str = "first-aid", level: int = 9) -> User:
    ProfileSkill.objects.create(profile=person.profile, skill=skill, level=level)
    return person


def change(person: User, **values: Any) -> None:
    profile = Profile.objects.get(user=person)
    for name, value in values.items():
        setattr(profile, name, value)
    profile.save()
    replica.reset()


@pytest.fixture
def viewer(cast: Cast) -> User:
    return can_do(cast.stranger)


@pytest.fixture
def peer(cast: Cast) -> User:
    return can_do(cast.survivor, level=10)


def page(person: User) -> str:
    fresh = User.objects.get(pk=person.pk)
    answer = client_of(fresh).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def is_proposed(viewer: User, peer: User) -> bool:
    """In a list that is made now."""
    PeerSuggestion.objects.all().delete()
    return str(peer.pk) in page(viewer)


def test_who_is_further_along_is_proposed_with_reasons(
    viewer: User, peer: User
) -> None:
    change(viewer, causes=["young-people"])
    change(peer, causes=["young-people"])
    change(peer, pseudonym="Plain Heron")
    text = page(viewer)
    assert "Plain Heron" in text
    assert "Is further along in" in text
    assert "as you do" in text
    assert "You both speak English" in text
    for word in ("Survivor", "Former"):
        assert word not in text


def test_who_is_less_far_teaches_nothing(viewer: User, peer: User) -> None:
    ProfileSkill.objects.filter(profile=peer.profile).update(level=8)
    assert not is_proposed(viewer, peer)
    create_need(viewer)  # but their project looks for it
    assert is_proposed(viewer, peer)


def declined(viewer: User, peer: User) -> None:
    asked = connections.request_connection(by=viewer, recipient=peer.profile)
    connections.decline_connection(connection=asked, by=peer)
    connections.withdraw_request(connection=asked, by=viewer)


def connected(viewer: User, peer: User) -> None:
    asked = connections.request_connection(by=viewer, recipient=peer.profile)
    connections.accept_connection(connection=asked, by=peer)


def introduced(viewer: User, peer: User) -> None:
    row = Introduction.objects.create(
        introducer=create_member("third"),
        one=viewer,
        other=peer,
        note="x",
        expires_at=timezone.now() + introductions.MONTH,
    )
    introductions.say_no(introduction=row, by=peer)


RULES: dict[str, Callable[[User, User], object]] = {
    "unlisted": lambda viewer, peer: change(peer, is_listed=False),
    "not matched": lambda viewer, peer: change(peer, is_matched=False),
    "closed to contact": lambda viewer, peer: change(peer, is_open_to_contact=False),
    "by a facilitator": lambda viewer, peer: change(
        peer, contact_rules={"facilitator": True}
    ),
    "kept apart": lambda viewer, peer: (
        change(viewer, kind=Kind.FORMER),
        change(peer, contact_rules={"no_formers": True}),
    ),
    "kept apart, the other way": lambda viewer, peer: (
        change(peer, kind=Kind.FORMER),
        change(viewer, contact_rules={"no_formers": True}),
    ),
    "paused": lambda viewer, peer: change(
        peer, hidden_until=timezone.now() + timedelta(days=3)
    ),
    "suspended": lambda viewer, peer: change(peer, standing="suspended"),
    "blocked": lambda viewer, peer: blocks.block_person(by=peer, person=viewer),
    "blocking": lambda viewer, peer: blocks.block_person(by=viewer, person=peer),
    "asked": lambda viewer, peer: connections.request_connection(
        by=viewer, recipient=peer.profile
    ),
    "was asked": lambda viewer, peer: connections.request_connection(
        by=peer, recipient=viewer.profile
    ),
    "declined before": declined,
    "connected": connected,
    "introduced in vain": introduced,
    "hidden skills": lambda viewer, peer: change(
        peer, audience={"skills": "connections"}
    ),
    "hidden languages": lambda viewer, peer: change(
        peer, audience={"languages": "private"}
    ),
    "hidden name": lambda viewer, peer: change(
        peer, audience={"pseudonym": "connections"}
    ),
    "no language in common": lambda viewer, peer: change(peer, languages=["de"]),
    "the viewer is not matched": lambda viewer, peer: change(viewer, is_matched=False),
    "the viewer is closed": lambda viewer, peer: change(
        viewer, is_open_to_contact=False
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_nobody_is_proposed_against_a_rule(viewer: User, peer: User, rule: str) -> None:
    assert is_proposed(viewer, peer)
    RULES[rule](viewer, peer)
    # neither in the list of the day, nor in a new one
    assert str(peer.pk) not in page(viewer)
    assert not is_proposed(viewer, peer)


def test_hidden_causes_neither_count_nor_show(viewer: User, peer: User) -> None:
    change(viewer, causes=["young-people"])
    plain = peering.proposals(Profile.objects.get(user=viewer))[peer.pk].score
    change(peer, causes=["young-people"], audience={"causes": "private"})
    hidden = peering.proposals(Profile.objects.get(user=viewer))[peer.pk]
    assert hidden.score == plain
    assert "Cares about" not in str(hidden.reasons)
    change(peer, audience={})
    assert peering.proposals(Profile.objects.get(user=viewer))[peer.pk].score > plain


def test_the_label_moves_nobody(viewer: User, peer: User) -> None:
    scores = set()
    for kind in Kind.values:
        change(peer, kind=kind)
        found = peering.proposals(Profile.objects.get(user=viewer))
        scores.add((found[peer.pk].score, *found[peer.pk].reasons))
    assert len(scores) == 1


def knows(person: User, *known: str, is_across: bool = True) -> None:
    profile = Profile.objects.get(user=person)
    profile.first_hand = {"known": list(known), "is_across": is_across}
    profile.save()


def test_another_background_counts_where_both_wish_for_it_and_is_never_told(
    viewer: User, peer: User
) -> None:
    def proposed() -> peering.Peer:
        return peering.proposals(Profile.objects.get(user=viewer))[peer.pk]

    plain = proposed()
    knows(viewer, "far-right")
    assert proposed().score == plain.score
    knows(peer, "far-right", "gang")
    assert proposed().score == plain.score
    knows(peer, "gang", is_across=False)
    assert proposed().score == plain.score
    knows(peer, "gang")
    assert proposed().score > plain.score
    assert proposed().reasons == plain.reasons


def test_another_background_alone_proposes_nobody(cast: Cast) -> None:
    knows(cast.former, "far-right")
    knows(cast.stranger, "gang")
    assert peering.proposals(Profile.objects.get(user=cast.former)) == {}


def test_not_this_one_is_remembered_and_tells_nobody(viewer: User, peer: User) -> None:
    page(viewer)
    client = client_of(viewer)
    url = f"/peers/{peer.pk}/pass-over/"
    assert client.post(url)["Location"] == PAGE
    assert client.post(url)["Location"] == PAGE
    assert not is_proposed(viewer, peer)
    row = PeerPassedOver.objects.get()
    assert str(peer.pk) not in str(vars(row))
    assert is_proposed(peer, viewer) is False  # has nothing to teach
    ProfileSkill.objects.filter(profile=viewer.profile).update(level=10)
    replica.reset()
    assert is_proposed(peer, viewer)


def test_only_who_stands_in_the_list_is_passed_over(
    cast: Cast, viewer: User, peer: User
) -> None:
    page(viewer)
    client = client_of(viewer)
    assert client.post(f"/peers/{cast.former.pk}/pass-over/").status_code == 404
    assert not PeerPassedOver.objects.exists()


def test_a_list_lasts_a_day_and_nobody_is_shown_to_everybody(
    cast: Cast, viewer: User, peer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "SHOWN", 1)
    second = can_do(create_member("second"), level=9)
    replica.reset()
    assert str(peer.pk) in page(viewer)  # the better one
    assert PeerSuggestion.objects.count() == 1
    assert str(second.pk) not in page(viewer)
    assert PeerSuggestion.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert str(second.pk) in page(viewer)
    PeerSuggestion.objects.all().delete()
    monkeypatch.setattr(peers, "MOST_SHOWN_TO", 1)
    other = can_do(create_member("other"), level=8)
    replica.reset()
    assert str(peer.pk) in page(viewer)
    assert str(peer.pk) not in page(other)
    assert "Not this one" in page(other)


def test_the_page_costs_the_same_however_many(viewer: User, peer: User) -> None:
    def cost() -> int:
        PeerSuggestion.objects.all().delete()
        client = client_of(viewer)
        client.get("/matches/")
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    few = cost()
    for number in range(4):
        can_do(create_member(f"more{number}"), level=10)
    replica.reset()
    client_of(viewer).get("/matches/")
    assert cost() <= few


def test_who_may_not_look(cast: Cast) -> None:
    for person in (cast.applicant, cast.suspended, cast.moderator):
        assert client_of(person).get(PAGE).status_code == 404


def test_export_and_erasure(viewer: User, peer: User) -> None:
    page(viewer)
    client_of(viewer).post(f"/peers/{peer.pk}/pass-over/")
    assert {"passed_over": 1, "day": timezone.localdate().isoformat()} in list(
        parts.rows(viewer)
    )
    assert "to_members" in str(list(parts.rows(peer)))
    erase_account(person=viewer)
    assert not PeerSuggestion.objects.exists()
    assert not PeerPassedOver.objects.exists()
    assert not Connection.objects.exists()


def test_a_month_later_the_list_is_forgotten(viewer: User, peer: User) -> None:
    page(viewer)
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        chores.forget_seen_cards()
    assert not PeerSuggestion.objects.exists()
