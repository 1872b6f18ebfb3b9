"""Connections in any order of steps: who can write to whom, and what nobody learns.

A survivor whom no former is to reach, a former, somebody who is asked only through a
facilitator, and one who takes requests. What the model says holds after each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations, islice, permutations
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from messaging import access as messaging
from messaging import actions as messages
from messaging.models import Conversation, Message, Participant
from network.access import NotFound, Refused
from network.models import Notice, User
from profiles import access, queries
from profiles.actions import blocks, connections, standing
from profiles.actions import profile as profiles
from profiles.contacts import contacts_of
from profiles.models import Block, Connection, ContactGrant, Kind, Profile, Standing
from profiles.models.profile import ACTIVE
from tests import stepping
from tests.cast import create_member
from tests.stepping import Stepping, afresh

State = Connection.State
NAMES = ("survivor", "former", "asked-by-others", "plain")
PAIRS = list(permutations(NAMES, 2))
ONE = st.sampled_from(NAMES)
PAIR = st.sampled_from(PAIRS)
PICK = st.integers(0, 9)
ANSWERS: dict[str, Callable[..., Connection]] = {
    "accept": connections.accept_connection,
    "decline": connections.decline_connection,
    "withdraw": connections.withdraw_request,
    "end": connections.disconnect,
}
ANSWER = st.sampled_from(["accept", "accept", "decline", "decline", "withdraw", "end"])


class Contact(Stepping):
    people: ClassVar[dict[str, User]]
    tables = (Block, Connection, ContactGrant, Conversation, Participant, Profile)

    def __init__(self) -> None:
        super().__init__()
        self.connected: set[frozenset[str]] = set()
        self.waits: set[tuple[str, str]] = set()  # as who asked sees it
        self.blocks: set[tuple[str, str]] = set()
        self.standing = dict.fromkeys(NAMES, Standing.MEMBER)
        self.turn = 0

    @initialize(pair=PAIR, how=st.sampled_from(["", "accept", "decline"]))
    def begin(self, pair: tuple[str, str], how: str) -> None:
        self.ask(pair=pair)
        if how:
            self.reply(name=pair[1], pick=0, how=how)

    @rule(pair=PAIR)
    def ask(self, pair: tuple[str, str]) -> None:
        by, other = self.both(pair)
        mine = Connection.objects.filter(requester=by, recipient=other)
        was_asked = Connection.objects.filter(
            requester=other, recipient=by, state=State.REQUESTED
        ).exists()

        def act() -> None:
            access.member_profile(by)
            recipient = access.visible_member(by, other.pk)
            connections.request_connection(by=by, recipient=recipient, note="Hello")

        if self.attempt(act) and not was_asked:
            assert mine.exists()
            self.waits.add(pair)
            self.waits.discard(pair[::-1])  # a no that was taken back

    @rule(name=ONE, pick=PICK, how=ANSWER)
    def reply(self, name: str, pick: int, how: str) -> None:
        """By those whom it concerns, and by all others."""
        rows = Connection.objects.order_by("-created_at")
        if not rows:
            return
        by, row = afresh(self.people[name]), rows[pick % len(rows)]
        ends = self.name_of(row.requester_id), self.name_of(row.recipient_id)
        told = Notice.objects.filter(person=row.requester_id).count()

        def act() -> None:
            ANSWERS[how](connection=access.connection_for(by, row.pk), by=by)

        if not self.attempt(act):
            return
        assert name in ends
        if how == "accept" and name == ends[1] and row.state == State.REQUESTED:
            self.connected.add(frozenset(ends))
            self.waits -= {ends, ends[::-1]}
        if how == "withdraw" and name == ends[0]:
            silent = {State.REQUESTED, State.DECLINED}
            self.waits -= {ends} if row.state in silent else set()
        if how == "end" and row.state == State.ACCEPTED:
            self.connected.discard(frozenset(ends))
        if how == "decline":
            assert Notice.objects.filter(person=row.requester_id).count() == told

    @rule(pair=PAIR)
    def block(self, pair: tuple[str, str]) -> None:
        by, other = self.both(pair)

        def act() -> None:
            blocks.block_person(by=by, person=access.blockable(by, other.pk))

        if self.attempt(act):
            self.blocks.add(pair)
            self.connected.discard(frozenset(pair))
            self.waits -= {pair, pair[::-1]}

    @rule(pair=PAIR)
    def unblock(self, pair: tuple[str, str]) -> None:
        by, other = self.both(pair)

        def act() -> None:
            blocks.unblock_person(block=access.block_by(by, other.pk), by=by)

        assert self.attempt(act) == (pair in self.blocks)
        self.blocks.discard(pair)

    @rule(pair=PAIR)
    def block_and_unblock(self, pair: tuple[str, str]) -> None:
        """Whoever asked may try in this way to learn what came of it."""
        self.block(pair=pair)
        self.unblock(pair=pair)

    @rule(name=ONE, hours=st.sampled_from([0, 5]))
    def pause(self, name: str, hours: int) -> None:
        by = afresh(self.people[name])
        until = timezone.now() + timedelta(hours=hours) if hours else None
        profiles.pause(profile=by.profile, by=by, until=until)

    @rule(name=ONE)
    def suspend(self, name: str) -> None:
        if self.standing[name] != Standing.LEFT:
            profile = afresh(self.people[name]).profile
            standing.suspend_member(profile=profile, by=None, reason="-")
            self.standing[name] = Standing.SUSPENDED

    @rule(name=ONE)
    def reinstate(self, name: str) -> None:
        by = afresh(self.people[name])
        standing.reinstate_member(profile=by.profile, by=by, reason="-")
        if self.standing[name] == Standing.SUSPENDED:
            self.standing[name] = Standing.PROBATION

    @rule(name=ONE)
    def leave(self, name: str) -> None:
        by = afresh(self.people[name])
        if access.is_active_member(by):
            standing.leave_network(profile=by.profile, by=by)
            self.standing[name] = Standing.LEFT

    @rule(
        name=ONE,
        is_listed=st.booleans(),
        is_open=st.booleans(),
        rules=st.sampled_from([{}, {"no_formers": True}, {"facilitator": True}]),
    )
    def change_rules(
        self, name: str, is_listed: bool, is_open: bool, rules: dict[str, bool]
    ) -> None:
        profile = afresh(self.people[name]).profile
        profile.is_listed, profile.is_open_to_contact = is_listed, is_open
        profile.contact_rules = rules
        profile.save()

    @rule(hours=st.sampled_from([1, 30]))
    def time_passes(self, hours: int) -> None:
        self.wait(timedelta(hours=hours))

    @rule(pair=PAIR)
    def write(self, pair: tuple[str, str]) -> None:
        by, other = self.both(pair)

        def act() -> None:
            grant = messaging.grant_between(by, other.pk)
            conversation = messages.open_conversation(grant=grant)
            mine = messaging.participant_of(by, conversation.pk)
            messages.send_message(participant=mine, body="Hello", client_uuid=uuid4())

        count = Message.objects.count()
        is_sent = self.attempt(act)
        assert is_sent == self.may_write(pair)
        assert Message.objects.count() == count + is_sent

    @rule(pair=PAIR)
    def write_on(self, pair: tuple[str, str]) -> None:
        """In a conversation that was begun in better days, its page still open."""
        by, other = self.both(pair)
        begun = Conversation.objects.filter(participants__person=other)
        for mine in messaging.readable().filter(person=by, conversation__in=begun):
            is_sent = self.attempt(
                lambda mine=mine: messages.send_message(
                    participant=mine, body="And?", client_uuid=uuid4()
                )
            )
            assert not is_sent or self.may_write(pair)

    # what must hold

    @invariant()
    def a_third_of_the_pairs_each_time(self) -> None:
        """What is wrong stays wrong, and a question for each pair costs most."""
        self.turn += 1

    def pairs(self) -> Iterator[tuple[str, str]]:
        return islice(PAIRS, self.turn % 3, None, 3)

    @invariant()
    def who_can_write_is_who_is_connected(self) -> None:
        people = {name: afresh(person) for name, person in self.people.items()}
        for pair in self.pairs():
            by, other = people[pair[0]], people[pair[1]]
            may = self.may_write(pair)
            assert access.can_contact(by, other).ok == may, pair
            assert opens(by, other) == may, pair

    @invariant()
    def each_two_have_one_live_connection_at_most(self) -> None:
        live = [State.REQUESTED, State.ACCEPTED]
        pairs = list(
            Connection.objects.filter(state__in=live).values_list("pair", flat=True)
        )
        assert len(pairs) == len(set(pairs))

    @invariant()
    def a_no_looks_like_waiting(self) -> None:
        """And goes on doing so, whatever else happens."""
        for pair in self.pairs():
            by, other = (self.people[name].pk for name in pair)
            state = queries.relation_to(self.people[pair[0]], other).state
            assert (access.request_sent(by, other) is not None) == (
                pair in self.waits
            ), pair
            assert (state == "sent") == (pair in self.waits), pair

    @invariant()
    def a_block_ends_all(self) -> None:
        for one, other in {tuple(sorted(pair)) for pair in self.blocks}:
            for by, of in ((one, other), (other, one)):
                person, them = afresh(self.people[by]), self.people[of]
                assert access.tier_of(person, access.find_profile(them.pk)) is None
                listed = contacts_of(person)
                shown = [*listed.received, *listed.sent, *listed.connected]
                assert them.pk not in {row.person_id for row in shown}
            ids = [self.people[one].pk, self.people[other].pk]
            assert not ContactGrant.objects.filter(
                person__in=ids, other_person__in=ids, ended_at=None
            ).exists()

    @invariant()
    def who_is_out_sees_and_is_seen_by_nobody(self) -> None:
        for name in NAMES:
            assert Profile.objects.get(user=self.people[name]).standing in (
                ACTIVE if self.standing[name] in ACTIVE else {self.standing[name].value}
            )
            if self.standing[name] in ACTIVE:
                continue
            gone = access.find_profile(self.people[name].pk)
            for other in set(NAMES) - {name}:
                assert access.tier_of(afresh(self.people[other]), gone) is None

    # the model

    def may_write(self, pair: tuple[str, str]) -> bool:
        is_free = not self.blocks & {pair, pair[::-1]}
        are_in = all(self.standing[name] in ACTIVE for name in pair)
        return frozenset(pair) in self.connected and is_free and are_in

    def both(self, pair: tuple[str, str]) -> tuple[User, User]:
        return afresh(self.people[pair[0]]), afresh(self.people[pair[1]])

    def name_of(self, key: UUID) -> str:
        return next(name for name in NAMES if self.people[name].pk == key)


def opens(by: User, other: User) -> bool:
    try:
        messaging.grant_between(by, other.pk)
    except (NotFound, Refused):
        return False
    return True


def create_people() -> dict[str, User]:
    people = {
        "survivor": create_member("survivor", kind=Kind.SURVIVOR),
        "former": create_member("former", kind=Kind.FORMER),
        "asked-by-others": create_member("asked-by-others", kind=Kind.SURVIVOR),
        "plain": create_member("plain"),
    }
    for name, key in (("survivor", "no_formers"), ("asked-by-others", "facilitator")):
        profile = people[name].profile
        profile.contact_rules = {key: True}
        profile.save()
    return people


@pytest.mark.django_db
def test_who_can_write_to_whom_in_any_order_of_steps() -> None:
    Contact.people = create_people()
    stepping.run(Contact)


@pytest.mark.django_db
def test_what_each_of_them_is_asked() -> None:
    """The machine's people are who they are said to be."""
    people = create_people()

    def may_ask(one: str, other: str) -> bool:
        try:
            profile = access.visible_member(people[one], people[other].pk)
        except NotFound:
            return False
        return access.can_request(people[one], profile).ok

    asked = {pair for pair in PAIRS if may_ask(*pair)}
    nobody = {(name, "asked-by-others") for name in NAMES}
    apart = {("former", "survivor"), ("survivor", "former")}
    assert asked == set(PAIRS) - nobody - apart
    assert len(list(combinations(NAMES, 2))) == len(PAIRS) // 2
