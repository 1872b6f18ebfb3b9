"""Each field of a profile, for each viewer, wherever they may look: no value leaks.

All fields stand at one audience at a time, with values that stand nowhere else; each
page is asked once for each viewer and searched for all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from messaging import actions as messages
from messaging import events
from messaging import queries as conversations
from messaging.models import Conversation, Participant
from network import places
from network.access import Role
from network.models import Notice, OutgoingMail, User
from profiles.access import Tier, tier_of
from profiles.actions.profile import cell_of
from profiles.models import (
    Audience,
    Block,
    Connection,
    ContactGrant,
    Kind,
    Meets,
    Organisation,
    OrganisationMembership,
    Profile,
    ProfileSkill,
    Standing,
)
from profiles.models.profile import DEFAULT_AUDIENCE
from projects.models import Need
from search.replica import replica
from tests.cast import client_of, create_account, create_member, create_staff
from tests.scale import SCALE, some
from tests.search.conftest import create_need

pytestmark = pytest.mark.django_db

MARKS: dict[str, str] = {
    "pseudonym": "Zqpseudonym",
    "kind": "Zqkind",
    "way": "Zqway",
    "languages": "Yoruba",
    "skills": "37 years of experience",
    "causes": "Zqcause",
    "roles_offered": "Zqrole",
    "slots": "Zqslot",
    "country": "Bhutan",
    "safeguarding": "Zqsafeguard",
}
PRIVATE = {  # never shown to another, whatever is chosen
    "town": "Thimphu",
    "cell": "27.4",
    "contact rules": "no_formers",
    "e-mail": "zqowner@example.org",
    "load": "4711",
}
RANK = [Audience.PUBLIC, Audience.MEMBERS, Audience.CONNECTIONS, Audience.PRIVATE]
SETTINGS: dict[str, dict[str, str]] = {
    **{one.value: dict.fromkeys(MARKS, one.value) for one in RANK},
    "as it begins": dict(DEFAULT_AUDIENCE),
    "named only": {**dict.fromkeys(MARKS, "private"), "pseudonym": "public"},
    "nameless": {**dict.fromkeys(MARKS, "members"), "pseudonym": "private"},
}
# a lead sees whom matching proposes, by that consent
BY_CONSENT = {"languages", "skills", "causes", "slots"}
# what was asked for comes back: in fields, and in what takes a filter away again
ECHOED = re.compile(
    r"<(option|input|textarea)\b[^>]*>[^<]*|<title>[^<]*</title>"
    r'|<a class="chip [^>]*>.*?</a>',
    re.DOTALL,
)


@dataclass
class World:
    owner: User
    viewers: dict[str, User | None]
    need: Need
    talk: Conversation
    seen: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture
def told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that are common elsewhere get marks of their own."""
    monkeypatch.setattr(Kind.SURVIVOR, "_label_", MARKS["kind"])
    monkeypatch.setattr(Meets.ALONE, "_label_", MARKS["safeguarding"])
    monkeypatch.setattr(
        "profiles.shown.times", lambda slots: (MARKS["slots"],) if slots else ()
    )
    monkeypatch.setattr(
        "profiles.shown.labels", lambda ids, here: (MARKS["causes"],) if ids else ()
    )
    monkeypatch.setattr(
        "profiles.roles.labels", lambda ids: (MARKS["roles_offered"],) if ids else ()
    )


@pytest.fixture
def world(told_apart: None) -> Iterator[World]:
    replica.reset()
    owner = create_owner()
    viewers = create_viewers()
    friend, lead = viewers["connection"], viewers["lead"]
    assert friend is not None
    assert lead is not None
    connection = Connection.objects.create(
        requester=owner,
        recipient=friend,
        state=Connection.State.ACCEPTED,
        answered_at=timezone.now(),
    )
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.CONNECTION,
        source=connection.pk,
        person=owner,
        other_person=friend,
    )
    Block.objects.create(blocker=owner, blocked=viewers["blocked"])
    yield World(
        owner,
        viewers,
        create_need(lead, is_remote=True),
        messages.open_conversation(grant=grant),
    )
    replica.reset()


def create_owner() -> User:
    owner = create_member("zqowner", kind=Kind.SURVIVOR)
    town = places.resolve("Thimphu")
    assert town is not None
    profile = owner.profile
    profile.pseudonym, profile.way = MARKS["pseudonym"], MARKS["way"]
    profile.languages, profile.country = ["yo", "en"], "BT"
    profile.causes, profile.roles_offered = ["young-people"], ["train"]
    profile.slots, profile.experience_years = ["tue-eve"], 37
    profile.place, profile.contact_rules = cell_of(town), {"no_formers": True}
    profile.load_cap, profile.load = 4712, 4711
    profile.safeguarding_tier = 2
    profile.save()
    ProfileSkill.objects.create(profile=profile, skill="first-aid", level=10)
    return owner


def create_viewers() -> dict[str, User | None]:
    partner = create_account("partner")
    OrganisationMembership.objects.create(
        organisation=Organisation.objects.create(name="Lighthouse"), person=partner
    )
    return {
        "anonymous": None,
        "educator": create_account("educator"),
        "partner": partner,
        "applicant": create_member("applicant", standing=Standing.APPLICANT),
        "suspended": create_member("suspended", standing=Standing.SUSPENDED),
        "probation": create_member("probation", standing=Standing.PROBATION),
        "member": create_member("member"),
        "lead": create_member("lead"),
        "connection": create_member("connection"),
        "blocked": create_member("blocked"),
        "former": create_member("former", kind=Kind.FORMER),
        "moderator": create_staff("moderator", Role.MODERATOR),
        "vetter": create_staff("vetter", Role.VETTER),
        "editor": create_staff("editor", Role.EDITOR),
        "dpo": create_staff("dpo", Role.DPO),
        "admin": create_staff("admin", Role.ADMIN),
    }


MEMBERS = {"probation": 1, "member": 1, "lead": 1, "connection": 2}  # and what they see
GONE = {"blocked", "former"}


def may_see(viewer: str, audience: dict[str, str]) -> set[str]:
    """By the rule as it is written down, not as the product computes it."""
    if viewer in GONE:
        return set()
    rank = MEMBERS.get(viewer, 0)
    if rank == 0 and audience["pseudonym"] != Audience.PUBLIC:
        return set()
    return {name for name in MARKS if RANK.index(Audience(audience[name])) <= rank}


def pages(world: World) -> dict[str, str]:
    """Values are searched for by a part of them: a page repeats what was asked."""
    key = world.owner.pk
    return {
        "directory": "/people/",
        "directory by name": "/people/?q=Zqpseudony",
        "directory by skill": "/people/?skill=first-aid",
        "directory by language": "/people/?language=yo",
        "directory by way": "/people/?q=Zqwa",
        "search": "/search/?q=Zqpseudony",
        "search by way": "/search/?q=Zqwa",
        "type-ahead": "/suggest/skills/?q=zq",
        "asking": f"/people/{key}/connect/",
        "blocking": f"/people/{key}/block/",
        "reporting": f"/report/profile/{key}/",
        "connections": "/connections/",
        "messages": "/messages/",
        "conversation": f"/messages/{world.talk.pk}/",
        "lines of it": f"/messages/{world.talk.pk}/after/",
        "own page": "/me/",
        "notices": "/me/notices/",
        "own export": "/me/export/",
        "preview": "/me/preview/?as=connection",
        "needs": "/matches/",
        "need": f"/needs/{world.need.pk}/",
        "start": "/",
    }


def marks_in(text: str) -> set[str]:
    """The fields whose values stand in it. What a form repeats was typed, not told."""
    text = ECHOED.sub("", text)
    known = {**MARKS, **PRIVATE}
    return {name for name, mark in known.items() if stands_in(mark.lower(), text)}


def stands_in(mark: str, text: str) -> bool:
    """A bare number on its own: the digits of a random id may hold it."""
    if mark.isdigit():
        return re.search(rf"\b{mark}\b", text) is not None
    return mark in text.lower()


def read(client: Client, path: str) -> set[str]:
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    return marks_in(body.decode())


def choose(world: World, audience: dict[str, str]) -> None:
    Profile.objects.filter(user=world.owner).update(audience=audience)
    replica.reset()


@pytest.mark.parametrize("chosen", SETTINGS)
def test_a_value_is_seen_by_whom_it_was_given_and_by_nobody_else(
    chosen: str, world: World
) -> None:
    audience = SETTINGS[chosen]
    choose(world, audience)
    leaks: dict[tuple[str, str], set[str]] = {}
    for name, person in world.viewers.items():
        client = client_of(person)
        allowed = may_see(name, audience)
        own = read(client, f"/people/{world.owner.pk}/")
        assert own == allowed, f"{name} at the profile"
        asked = some(list(pages(world).items()), SCALE.surfaces, by=chosen + name)
        for page, path in asked:
            more = read(client, path) - allowed
            if more:
                leaks[name, page] = more
        by_need = read(client, f"/needs/{world.need.pk}/matches/")
        by_consent = BY_CONSENT | allowed & {"pseudonym"}
        more = by_need - (by_consent if name == "lead" else set())
        if more:
            leaks[name, "people for a need"] = more
    assert not leaks


def test_a_lead_is_proposed_who_fits(world: World) -> None:
    """Or an empty page would prove nothing; by a name that members see."""
    choose(world, SETTINGS["named only"])
    client = client_of(world.viewers["lead"])
    path = f"/needs/{world.need.pk}/matches/"
    assert "pseudonym" in read(client, path)
    Profile.objects.filter(user=world.owner).update(is_matched=False)
    replica.reset()
    assert read(client, path) == set()


@pytest.mark.parametrize("chosen", SETTINGS)
def test_nothing_of_it_is_mailed_noted_or_sent_to_a_socket(
    chosen: str, world: World
) -> None:
    audience = SETTINGS[chosen]
    choose(world, audience)
    mine = Participant.objects.get(conversation=world.talk, person=world.owner)
    message = messages.send_message(participant=mine, body="Hello", client_uuid=uuid4())
    theirs = Participant.objects.get(
        conversation=world.talk, person=world.viewers["connection"]
    )
    lines = [
        events.message_event(world.talk, one)
        for one in conversations.messages_after(theirs, 0)
    ]
    assert message.seq == 1
    assert len(lines) == 1
    said: list[Any] = [lines]
    said += [[row.template, row.context] for row in OutgoingMail.objects.all()]
    said += [[row.kind, row.url] for row in Notice.objects.all()]
    assert not marks_in(json.dumps(said, default=str))


@pytest.mark.parametrize("chosen", SETTINGS)
def test_the_preview_shows_what_the_others_will_see(chosen: str, world: World) -> None:
    audience = SETTINGS[chosen]
    choose(world, audience)
    client = client_of(world.owner)
    for viewer, name in (
        ("member", "member"),
        ("connection", "connection"),
        ("stranger", "anonymous"),
    ):
        seen = read(client, f"/me/preview/?as={viewer}")
        assert seen & set(MARKS) == may_see(name, audience)


def test_the_viewers_are_who_they_are_said_to_be(world: World) -> None:
    choose(world, SETTINGS["public"])
    profile = Profile.objects.select_related("user").get(user=world.owner)
    tiers = {
        name: tier_of(person, profile)
        for name, person in world.viewers.items()
        if person is not None
    }
    assert tiers["connection"] == Tier.CONNECTION
    members = {name for name, tier in tiers.items() if tier == Tier.MEMBER}
    assert members == MEMBERS.keys() - {"connection"}
    assert {name for name, tier in tiers.items() if tier is None} == GONE
