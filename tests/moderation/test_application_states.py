"""Joining in any order of steps: what must hold of an application after each of them.

Two people apply, one of whom is a vetter; four vetters, their referees, a member who
invites and an administrator do what they can, and what they cannot; time passes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from moderation import access as desk
from moderation import chores as desk_chores
from moderation.actions import bans, interviews, notes, vetting
from moderation.models import DossierNote, Interview
from network.access import NotFound, Role
from network.models import OutgoingMail, User
from profiles import access, chores
from profiles.actions import (
    admission,
    invitations,
    joining,
    standing,
    vouching,
    withdrawing,
)
from profiles.models import (
    Application,
    Assignment,
    Ban,
    ConsentRecord,
    ContactGrant,
    Decision,
    Invitation,
    Profile,
    Referee,
    Standing,
)
from profiles.models import ApplicationState as State
from profiles.models.profile import ACTIVE
from profiles.queries import standing_ban
from tests import stepping
from tests.cast import client_of, create_account, create_member, create_staff
from tests.profiles.conftest import set_factor
from tests.stepping import Stepping, afresh

Answer = Decision.Answer
FINAL = (Answer.APPROVE, Answer.DECLINE)
APPLICANTS = st.sampled_from(["plain", "insider"])
VETTERS = st.sampled_from(["v1", "v2", "v3", "v4"])
DECIDING = st.sampled_from(["v1", "v2", "v3", "v4", "insider"])
ANYBODY = st.sampled_from(
    ["plain", "insider", "v1", "v2", "v3", "v4", "member", "admin"]
)
PICK = st.integers(0, 9)  # which of the rows there are
BEGINNINGS = st.sampled_from(
    [[], [Answer.APPROVE], [Answer.DECLINE], [Answer.APPROVE] * 2, [Answer.DECLINE] * 2]
)
DAYS = st.sampled_from([0, 1, 4, 8, 22, 29, 92, 190])

# words that vetters and referees leave among themselves, and others' that mails lack
REASON, QUESTION, SHEET, NOTE = "zqreason", "zqquestion", "zqsheet", "zqnote"
TOLD, SPOKEN, BANNED = "zqtold", "zqspoken", "zqbanned"
WAY, KNOWN, REPLY, APPEAL, NAME = "zqway", "zqknown", "zqreply", "zqappeal", "Zqname"
HIDDEN = (REASON, SHEET, NOTE, SPOKEN, BANNED)  # from applicants, wherever they look
IN_NO_MAIL = (*HIDDEN, QUESTION, TOLD, WAY, KNOWN, REPLY, APPEAL, NAME)
ANSWERS = {
    "kind": "former",
    "pseudonym": NAME,
    "languages": ["en"],
    "country": "SE",
    "way": WAY,
}
SAYS = {
    State.SUBMITTED: "Take my application back",
    State.IN_REVIEW: "Take my application back",
    State.APPROVED: "Welcome.",
    State.DECLINED: "Not this time.",
    State.WITHDRAWN: "You took your application back.",
}
STEPS: dict[str, set[str]] = {  # by anything but an appeal
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {State.IN_REVIEW, State.WITHDRAWN},
    State.IN_REVIEW: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
    State.APPROVED: set(),
    State.DECLINED: set(),
    State.WITHDRAWN: set(),
}


@dataclass(frozen=True)
class People:
    by_name: dict[str, User]

    def __getitem__(self, name: str) -> User:
        return afresh(self.by_name[name])


def create_people() -> People:
    """Vetters are members, so that an applicant's contact can write to them."""
    group = Group.objects.get_or_create(name=Role.VETTER.value)[0]
    people = {name: create_member(name) for name in ("v1", "v2", "v3", "v4", "member")}
    for name in ("v1", "v2", "v3", "v4"):
        people[name].groups.add(group)
    people["plain"] = create_account("plain")
    set_factor(people["plain"])
    people["insider"] = create_staff("insider", Role.VETTER)
    people["admin"] = create_staff("admin", Role.ADMIN)
    return People(people)


class Joining(Stepping):
    people: ClassVar[People]
    tables = (
        Application,
        Assignment,
        Ban,
        ConsentRecord,
        ContactGrant,
        Decision,
        DossierNote,
        Interview,
        Invitation,
        Profile,
        Referee,
    )

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[object, str] = {}
        self.appeals = 0
        self.suspended: set[str] = set()
        self.cut_off: set[object] = set()  # threads that a suspension ended
        self.read_mails: set[object] = set()

    @initialize(name=APPLICANTS, answers=BEGINNINGS)
    def begin(self, name: str, answers: list[Answer]) -> None:
        """Some way along: a run of few steps would seldom come so far."""
        self.apply_in_one_go(name=name)
        for vetter, answer in zip(("v1", "v2"), answers, strict=False):
            self.take_and_decide(name=vetter, pick=0, answer=answer)
        self.states = dict(Application.objects.values_list("pk", "state"))

    # the applicant

    @rule(name=APPLICANTS, left=st.sampled_from(["", "", "", *ANSWERS]))
    def save_draft(self, name: str, left: str) -> None:
        answers = {key: value for key, value in ANSWERS.items() if key != left}
        unfinished = {left: WAY} if left == "way" else None
        by = self.people[name]
        self.attempt(
            lambda: joining.save_draft(by=by, answers=answers, unfinished=unfinished)
        )

    @rule(name=APPLICANTS, pick=PICK)
    def submit(self, name: str, pick: int) -> None:
        self.of_theirs(
            name,
            pick,
            lambda row, by: joining.submit_application(
                application=row, by=by, language="en"
            ),
        )

    @rule(name=APPLICANTS)
    def apply_in_one_go(self, name: str) -> None:
        """Most of what matters comes after it."""
        by = self.people[name]

        def act() -> None:
            row = joining.save_draft(by=by, answers=ANSWERS)
            joining.submit_application(application=row, by=by, language="en")

        self.attempt(act)

    @rule(name=APPLICANTS, pick=PICK)
    def withdraw(self, name: str, pick: int) -> None:
        self.of_theirs(
            name,
            pick,
            lambda row, by: joining.withdraw_application(application=row, by=by),
        )

    @rule(name=APPLICANTS)
    def discard(self, name: str) -> None:
        by = self.people[name]
        self.attempt(lambda: joining.discard_draft(by=by))

    @rule(name=APPLICANTS, has_words=st.booleans())
    def appeal(self, name: str, has_words: bool) -> None:
        by = self.people[name]
        words = APPEAL if has_words else ""

        def act() -> None:
            row = access.application_to_appeal(by)
            is_first = row.appealed_at is None
            joining.appeal_decision(application=row, by=by, words=words)
            if is_first:
                self.appeals += 1
                assert self.states[row.pk] == State.DECLINED
                self.states[row.pk] = State.IN_REVIEW

        self.attempt(act)

    @rule(name=APPLICANTS, pick=PICK)
    def take_consent_back(self, name: str, pick: int) -> None:
        by = self.people[name]
        given = ConsentRecord.objects.filter(person=by).order_by("pk")
        if given:
            record = given[pick % len(given)]
            self.attempt(lambda: withdrawing.withdraw_consent(record=record, by=by))

    @rule(name=APPLICANTS, pick=PICK)
    def reply(self, name: str, pick: int) -> None:
        asked = Decision.objects.filter(answer=Answer.ASK).order_by("pk")
        key = str(asked[pick % len(asked)].pk) if asked else "nothing"
        self.of_theirs(
            name,
            pick,
            lambda row, by: vetting.reply_to_question(
                application=row, by=by, question_id=key, words=REPLY
            ),
        )

    # who speaks for them

    @rule(name=APPLICANTS, who=st.sampled_from(["one", "two", "three", "plain"]))
    def name_referee(self, name: str, who: str) -> None:
        by = self.people[name]
        self.attempt(
            lambda: vouching.name_referee(
                application=access.application_to_support(by),
                by=by,
                email=f"{who}@example.org",
                known_as=KNOWN,
            )
        )

    @rule(name=APPLICANTS, pick=PICK)
    def take_referee_back(self, name: str, pick: int) -> None:
        by = self.people[name]
        named = Referee.objects.order_by("pk")
        if named:
            key = named[pick % len(named)].pk
            self.attempt(
                lambda: vouching.take_referee_back(
                    referee=access.named_referee(by, key), by=by
                )
            )

    @rule(pick=PICK, is_willing=st.booleans())
    def speak(self, pick: int, is_willing: bool) -> None:
        named = Referee.objects.select_related("application").order_by("pk")
        if not named:
            return
        referee = named[pick % len(named)]
        answers = {"trust": "yes", "words": SPOKEN} if is_willing else {}
        before = (referee.state, referee.answers)
        is_open = referee.state == Referee.State.ASKED
        is_waiting = referee.application.is_waiting
        row = vouching.answer_as_referee(referee=referee, answers=answers)
        if not (is_open and is_waiting):
            assert (row.state, row.answers) == before, "the first answer stands"

    # the desk

    @rule(name=ANYBODY, pick=PICK)
    def take(self, name: str, pick: int) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: vetting.take_application(application=row, by=by),
        )

    @rule(name=DECIDING, pick=PICK, answer=st.sampled_from(FINAL))
    def decide(self, name: str, pick: int, answer: Answer) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: vetting.decide_application(
                application=row, by=by, answer=answer, reason=REASON, told=TOLD
            ),
        )

    @rule(name=VETTERS, pick=PICK, answer=st.sampled_from(FINAL))
    def take_and_decide(self, name: str, pick: int, answer: Answer) -> None:
        self.take(name=name, pick=pick)
        self.decide(name=name, pick=pick, answer=answer)

    @rule(name=ANYBODY, pick=PICK, is_yes=st.booleans())
    def decide_past_the_desk(self, name: str, pick: int, is_yes: bool) -> None:
        """The action alone, by whoever tries."""

        def act(row: Application, by: User) -> Application:
            if is_yes:
                return admission.approve_application(
                    application=row, by=by, reason=REASON
                )
            return admission.decline_application(
                application=row, by=by, reason=REASON, told=TOLD
            )

        self.at_desk(name, pick, act)

    @rule(name=DECIDING, pick=PICK)
    def ask(self, name: str, pick: int) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: vetting.ask_applicant(
                application=row, by=by, question=QUESTION
            ),
        )

    @rule(name=DECIDING, pick=PICK, score=st.integers(1, 4))
    def hand_in_sheet(self, name: str, pick: int, score: int) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: interviews.hand_in_interview(
                application=row,
                by=by,
                held_on=timezone.localdate(),
                scores={"distance": score},
                notes=SHEET,
            ),
        )

    @rule(name=DECIDING, pick=PICK)
    def add_note(self, name: str, pick: int) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: notes.add_note(
                key=uuid4(), application=row, by=by, words=NOTE
            ),
        )

    @rule(name=DECIDING, pick=PICK)
    def take_note_back(self, name: str, pick: int) -> None:
        known = DossierNote.objects.order_by("pk").first()
        key = known.pk if known else uuid4()
        self.at_desk(
            name,
            pick,
            lambda row, by: notes.take_back_note(note_id=key, application=row, by=by),
        )

    @rule(name=ANYBODY, pick=PICK)
    def turn_away(self, name: str, pick: int) -> None:
        self.at_desk(
            name,
            pick,
            lambda row, by: bans.add_ban(application=row, by=by, reason=BANNED),
        )

    @rule(name=ANYBODY)
    def lift(self, name: str) -> None:
        by = self.people[name]
        ban = Ban.objects.standing().first()
        if ban is not None:
            is_done = self.attempt(lambda: bans.lift_ban(ban=ban, by=by, reason=BANNED))
            assert is_done == (name == "admin")

    # around it

    @rule(name=APPLICANTS)
    def suspend(self, name: str) -> None:
        profile = access.own_profile(self.people[name])
        if profile is not None and profile.standing != Standing.LEFT:
            standing.suspend_member(profile=profile, by=None, reason=REASON)
            self.suspended.add(name)
            self.cut_off |= set(
                Application.objects.filter(applicant=profile.user_id).values_list(
                    "pk", flat=True
                )
            )

    @rule(name=APPLICANTS)
    def reinstate(self, name: str) -> None:
        profile = access.own_profile(self.people[name])
        if profile is not None:
            standing.reinstate_member(
                profile=profile, by=self.people["admin"], reason=REASON
            )
            self.suspended.discard(name)

    @rule(name=APPLICANTS)
    def invite(self, name: str) -> None:
        by = self.people["member"]
        email = self.people[name].email
        self.attempt(lambda: invitations.invite_person(by=by, email=email))

    @rule(name=APPLICANTS, pick=PICK)
    def take_invitation_up(self, name: str, pick: int) -> None:
        sent = Invitation.objects.order_by("pk").first()
        if sent is not None:
            self.of_theirs(
                name,
                pick,
                lambda row, by: invitations.take_up(
                    invitation=sent, application=row, by=by
                ),
            )

    @rule(name=ANYBODY)
    def take_invitation_back(self, name: str) -> None:
        by = self.people[name]
        sent = Invitation.objects.order_by("pk").first()
        key = sent.pk if sent is not None else uuid4()
        self.attempt(
            lambda: invitations.withdraw_invitation(
                invitation=access.own_invitation(by, key), by=by
            )
        )

    @rule(days=DAYS)
    def time_passes(self, days: int) -> None:
        self.wait(timedelta(days=days, minutes=11))
        for chore in (
            chores.forget_declined,
            chores.remind_referees,
            chores.blank_referees,
            chores.forget_invitations,
            chores.forget_lifted,
            chores.finish_probation,
            desk_chores.forget_sheets_and_notes,
        ):
            chore()

    @precondition(lambda self: self.states)
    @rule(name=APPLICANTS)
    def look(self, name: str) -> None:
        """What the applicant reads agrees with the state, and is theirs to read."""
        person = self.people[name]
        row = access.application_for_applicant(person)
        answer = client_of(person).get("/join/status/")
        if row is None or row.state == State.DRAFT:
            assert answer.status_code == 302
            return
        page = answer.content.decode()
        shown = {words for words in SAYS.values() if words in page}
        assert shown == {SAYS[State(row.state)]}
        assert not [words for words in HIDDEN if words in page]
        was_no = row.decisions.filter(answer=Answer.DECLINE).exists()
        assert (TOLD in page) == (row.state == State.DECLINED and was_no)
        questions = client_of(person).get("/join/questions/").content.decode()
        assert not [words for words in (*HIDDEN, TOLD) if words in questions]

    # what must hold

    @invariant()
    def members_were_approved_by_two_others(self) -> None:
        vetters = {self.people.by_name[name].pk for name in ("v1", "v2", "v3", "v4")}
        vetters.add(self.people.by_name["insider"].pk)
        for name in ("plain", "insider"):
            person = self.people.by_name[name]
            if not Profile.objects.filter(user=person, standing__in=ACTIVE).exists():
                continue
            row = Application.objects.get(applicant=person, state=State.APPROVED)
            two = {row.first_approver_id, row.second_approver_id}
            said = row.decisions.filter(answer=Answer.APPROVE)
            assert two <= set(said.values_list("vetter", flat=True))
            assert len(two & vetters - {person.pk}) == admission.VOICES
            assert name not in self.suspended

    @invariant()
    def states_follow_one_another(self) -> None:
        """Decided once, and again only after an appeal; open once for each person."""
        rows = {row.pk: row for row in Application.objects.defer("answers")}
        opened = [row.applicant_id for row in rows.values() if is_open(row)]
        assert len(opened) == len(set(opened))
        for key, row in rows.items():
            before = self.states.get(key, State.DRAFT)
            moved = row.state != before and row.state not in STEPS[before]
            is_in_one_go = (before, row.state) == (State.SUBMITTED, State.DECLINED)
            assert not moved or is_in_one_go, (before, row.state)
            assert bool(row.decided_at) == (not is_open(row)), row.state
            if row.state == State.APPROVED and before != State.APPROVED:
                assert standing_ban(row.applicant) is None, "turned away"
            check_voices(row)
        self.states = {key: row.state for key, row in rows.items()}

    @invariant()
    def nothing_written_is_left_of_what_was_taken_back(self) -> None:
        for row in Application.objects.filter(state=State.WITHDRAWN):
            assert row.answers == {}
            assert not row.referees.exists()

    @invariant()
    def the_thread_is_open_exactly_while_it_waits(self) -> None:
        """With those who are members all the time; one vetter is an applicant, too."""
        members = [self.people.by_name[name] for name in ("v1", "v2", "v3", "v4")]
        live = set(
            ContactGrant.objects.filter(
                kind=ContactGrant.Kind.VETTING, ended_at=None, person__in=members
            ).values_list("source", flat=True)
        )
        rows = Application.objects.filter(contact_person__in=members)
        due = {row.pk for row in rows.defer("answers") if row.is_waiting}
        assert live == due - self.cut_off

    @invariant()
    def mails_carry_nobodys_words(self) -> None:
        for mail in OutgoingMail.objects.exclude(pk__in=self.read_mails):
            self.read_mails.add(mail.pk)
            said = json.dumps([mail.template, mail.context])
            assert not [words for words in IN_NO_MAIL if words in said]

    # which application

    def of_theirs(
        self, name: str, pick: int, act: Callable[[Application, User], object]
    ) -> bool:
        by = self.people[name]
        rows = Application.objects.filter(applicant=by).order_by("created_at")
        if not rows:
            return False
        row = rows[pick % len(rows)]
        return self.attempt(lambda: act(row, by))

    def at_desk(
        self, name: str, pick: int, act: Callable[[Application, User], object]
    ) -> None:
        by = self.people[name]
        rows = Application.objects.order_by("-created_at")
        if rows:
            row = rows[pick % len(rows)]
            self.attempt(lambda: act(row, by))


def is_open(row: Application) -> bool:
    return row.state == State.DRAFT or row.is_waiting


def check_voices(row: Application) -> None:
    said = list(row.decisions.filter(answer__in=FINAL))
    by = [one.vetter_id for one in said]
    assert len(by) == len(set(by))
    assert row.applicant_id not in by
    count = {answer: sum(one.answer == answer for one in said) for answer in FINAL}
    if row.state == State.APPROVED:
        assert count[Answer.APPROVE] == admission.VOICES
    if row.state == State.DECLINED:
        assert count[Answer.DECLINE] >= admission.VOICES
    if row.is_waiting and row.appealed_at is None:
        assert max(count.values()) < admission.VOICES


@pytest.mark.django_db
def test_an_application_keeps_its_promises_in_any_order_of_steps() -> None:
    Joining.people = create_people()
    stepping.run(Joining)


@pytest.mark.django_db
def test_only_who_may_read_it_reads_it() -> None:
    """The machine's people are who they are said to be."""
    people = create_people()
    row = joining.save_draft(by=people["insider"], answers=ANSWERS)
    joining.submit_application(application=row, by=people["insider"], language="en")
    with pytest.raises(NotFound):
        desk.application_to_take(people["insider"], row.pk)
    assert desk.application_to_take(people["v2"], row.pk) == row
