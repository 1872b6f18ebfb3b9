"""What stands behind the doors: the owner's and the lead's, somebody else's, hidden.

`own` belongs to the owner or, in projects, to the lead; `other` to people who are no
role; `hidden` is there and shown to none of the roles. After a colon stands how a
thing differs from the plain one of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from messaging import actions as messages
from messaging.access import LINK_PURPOSE as CONVERSATION
from messaging.models import Conversation, Message, Participant
from network import mailed_links
from network.models import User
from network.notify import STOP_MAILS
from profiles.access import ACCOUNT_WISH
from profiles.access import LINK_PURPOSE as REGISTRATION
from profiles.models import (
    Block,
    Connection,
    ConsentRecord,
    ConsentText,
    ContactGrant,
    Introduction,
    Purpose,
    VolunteerRegistration,
)
from projects.models import Answer, Appeal, Engagement, Need, Project, ProjectMember
from search.models import PeerSuggestion
from tests.access.people import A_YEAR, ask, create_registration

NO_NUMBER = 999_999  # an id that no row has
MISSING = UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class Things:
    """Noun → object → the key that stands in an address."""

    keys: dict[str, dict[str, object]] = field(default_factory=dict)
    # of Wagtail's routes: parameter, or (route, parameter) → the key
    editors: dict[Any, Any] = field(default_factory=dict)

    def add(self, noun: str, **by_object: object) -> None:
        """Underscores for colons: `hidden_block` is `hidden:block`."""
        known = self.keys.setdefault(noun, {"missing": MISSING})
        known |= {name.replace("_", ":", 1): key for name, key in by_object.items()}

    def key(self, noun: str, name: str) -> object:
        return self.keys[noun][name]


def create_conversations(
    things: Things, people: dict[str, User], volunteer: VolunteerRegistration
) -> None:
    def between(one: str, other: str, tree: str = "walnut") -> Conversation:
        return talk(grant(people[one], people[other]), people[one], tree)

    own = between("owner", "friend", "amber")
    ended = between("owner", "stranger", "amber")
    ContactGrant.objects.filter(conversation=ended).update(ended_at=timezone.now())
    left = between("owner", "public")
    Participant.objects.filter(conversation=left).update(left_at=timezone.now())
    Block.objects.filter(blocked=people["owner"]).delete()
    blocked = between("owner", "blocker")
    Block.objects.create(blocker=people["blocker"], blocked=people["owner"])
    with_volunteer = talk(
        grant(people["lead"], volunteer=volunteer), people["lead"], "cedar"
    )
    vetting = talk(
        grant(people["vetter"], people["applicant"], kind="vetting"),
        people["applicant"],
        "linden",
    )
    limited = between("guarded", "suspended")
    things.add(
        "conversation",
        own=own.pk,
        own_ended=ended.pk,
        own_volunteer=with_volunteer.pk,
        own_vetting=vetting.pk,
        own_suspended=limited.pk,
        other=between("stranger", "friend").pk,
        hidden=left.pk,
        hidden_block=blocked.pk,
    )
    things.add(
        "message",
        **{
            name.replace(":", "_"): Message.objects.get(conversation=key, seq=1).pk
            for name, key in things.keys["conversation"].items()
            if key != MISSING
        },
    )
    theirs = with_volunteer.participants.get(registration=volunteer)
    things.add("participant", own=theirs.pk)
    things.add(
        "conversation token",
        own=mailed_links.issue(
            purpose=CONVERSATION, subject=theirs.pk, lifetime=A_YEAR
        ),
        hidden=mailed_links.issue(
            purpose="another", subject=theirs.pk, lifetime=A_YEAR
        ),
        missing="nothing",
    )


def grant(
    person: User,
    other: User | None = None,
    *,
    volunteer: VolunteerRegistration | None = None,
    kind: str = "connection",
) -> ContactGrant:
    return ContactGrant.objects.create(
        kind="engagement" if volunteer else kind,
        source=uuid4(),
        person=person,
        other_person=other,
        other_registration=volunteer,
    )


def talk(granted: ContactGrant, person: User, tree: str) -> Conversation:
    """With one message, by the person, as number 1: see `secrets`."""
    conversation = messages.open_conversation(grant=granted)
    messages.send_message(
        participant=conversation.participants.select_related("person").get(
            person=person
        ),
        body=f"Only we two may read of the {tree} lighthouse.",
        client_uuid=uuid4(),
    )
    return conversation


def create_projects(
    things: Things, people: dict[str, User], volunteer: VolunteerRegistration
) -> None:
    def project(name: str, lead: str, state: str = Project.State.PUBLISHED) -> Project:
        row = Project.objects.create(
            slug=name, title=name.title(), summary=name, state=state
        )
        ProjectMember.objects.create(
            project=row, person=people[lead], role=ProjectMember.Role.LEAD
        )
        return row

    rows = {
        "own": project("own-work", "lead"),
        "own_draft": project("own-draft", "lead", Project.State.DRAFT),
        "other": project("other-work", "stranger"),
        "other_review": project("waiting-work", "stranger", Project.State.IN_REVIEW),
        "hidden": project("hidden-work", "stranger", Project.State.DRAFT),
        "hidden_block": project("walled-work", "blocker"),
    }
    things.add("project", **{name: row.slug for name, row in rows.items()})
    things.add("project", missing="no-such-work")
    things.add("project key", **{name: row.pk for name, row in rows.items()})
    needs = {name: create_need(row) for name, row in rows.items()}
    full = create_need(rows["own"], kind=Need.Kind.MONEY)
    things.add("need", own_money=full.pk, **{n: row.pk for n, row in needs.items()})
    create_answers(things, people, needs, volunteer, create_need(rows["own"]))
    create_appeals(things, rows["own"])


def create_need(project: Project, kind: str = Need.Kind.SKILL) -> Need:
    need = Need.objects.create(
        project=project,
        kind=kind,
        title=f"Hands for {project.slug}",
        languages=["en"],
        seats=5,
        is_remote=True,
        meeting_detail=f"At the violet kiosk at {project.slug}, 7 o'clock.",
    )
    if kind == Need.Kind.SKILL:
        need.skills.create(skill="first-aid", weight=1)
    return need


def create_answers(
    things: Things,
    people: dict[str, User],
    needs: dict[str, Need],
    volunteer: VolunteerRegistration,
    past: Need,
) -> None:
    """`own` is the owner's (or the volunteer's) and at the same time to the lead."""

    def answer(need: Need, state: str, **party: object) -> Answer:
        return Answer.objects.create(need=need, state=state, **party)  # type: ignore[misc]

    invited, applied = Answer.State.INVITED, Answer.State.APPLIED
    accepted = answer(needs["own"], Answer.State.ACCEPTED, person=people["public"])
    Engagement.objects.create(answer=accepted, lead=people["lead"])
    agreed = answer(needs["other"], Answer.State.ACCEPTED, person=people["owner"])
    Engagement.objects.create(answer=agreed, lead=people["stranger"])
    done = answer(past, Answer.State.ACCEPTED, person=people["owner"])
    Engagement.objects.create(answer=done, lead=people["lead"], ended_at=timezone.now())
    waiting = create_registration("waiting", is_confirmed=False)
    walled = answer(needs["hidden_block"], invited, person=people["owner"])
    things.add(
        "answer",
        own=answer(needs["own"], invited, person=people["owner"]).pk,
        own_agreed=agreed.pk,
        own_ended=done.pk,
        other=accepted.pk,
        hidden=answer(needs["hidden"], invited, person=people["owner"]).pk,
        hidden_block=walled.pk,
    )
    things.add(
        "offer",
        own=answer(needs["own"], applied, person=people["member"]).pk,
        other=answer(needs["other"], applied, person=people["member"]).pk,
        hidden=answer(needs["own"], applied, registration=waiting).pk,
        hidden_block=answer(needs["own"], applied, person=people["blocker"]).pk,
    )
    theirs = answer(needs["own"], invited, registration=volunteer)
    another = create_registration("another")
    things.add(
        "volunteer answer",
        own=theirs.pk,
        other=answer(needs["own"], invited, registration=another).pk,
        hidden=answer(needs["hidden"], invited, registration=volunteer).pk,
    )


def create_appeals(things: Things, project: Project) -> None:
    rows = {
        name: Appeal.objects.create(
            slug=f"{name}-appeal",
            title=name.title(),
            region="Coast",
            country="BE",
            state=state,
        )
        for name, state in (("own", "open"), ("hidden", "draft"))
    }
    rows["own"].projects.add(project)
    things.add("appeal", missing="no-appeal", **{n: r.slug for n, r in rows.items()})


def create_papers(
    things: Things, people: dict[str, User], volunteer: VolunteerRegistration
) -> None:
    """Consents, and the links that volunteers are mailed."""
    text = ConsentText.objects.create(
        purpose=Purpose.MATCHING, language="en", number=1, title="A text", body="Text."
    )

    def consent(person: str, **fields: Any) -> ConsentRecord:
        return ConsentRecord.objects.create(
            person=people[person], purpose=text.purpose, text=text, **fields
        )

    things.add(
        "consent",
        own=consent("owner").pk,
        other=consent("stranger").pk,
        hidden=consent("member", withdrawn_at=timezone.now()).pk,
    )

    def link(subject: VolunteerRegistration | User, purpose: str = REGISTRATION) -> str:
        return mailed_links.issue(purpose=purpose, subject=subject.pk, lifetime=A_YEAR)

    things.add(
        "registration token",
        own=link(volunteer),
        other=link(create_registration("a-further-one")),
        hidden=link(volunteer, "another"),
        missing="nothing",
    )
    things.add(
        "account token",
        own=link(volunteer, ACCOUNT_WISH),
        hidden=link(volunteer, "another"),
        missing="nothing",
    )
    things.add(
        "mails token",
        own=link(people["owner"], STOP_MAILS),
        hidden=link(people["owner"], "another"),
        missing="nothing",
    )


def create_persons(things: Things, people: dict[str, User]) -> None:
    things.add(
        "person",
        own=people["owner"].pk,
        other=people["stranger"].pk,
        other_connected=people["friend"].pk,
        other_public=people["public"].pk,
        other_guarded=people["guarded"].pk,
        own_asker=people["asker"].pk,
        own_applicant=people["applicant"].pk,
        own_suspended=people["suspended"].pk,
        hidden=people["unlisted"].pk,
        hidden_paused=people["paused"].pk,
        hidden_block=people["blocker"].pk,
        other_shunned=people["shunned"].pk,
    )
    things.add(
        "blocked person",
        own=people["shunned"].pk,
        other=people["friend"].pk,
        hidden=people["blocker"].pk,
    )
    between = ask(people["stranger"], people["public"], Connection.State.REQUESTED)
    walled = ask(people["blocker"], people["owner"], Connection.State.REQUESTED)
    own = Connection.objects.get(requester=people["asker"])
    create_introductions(things, people)
    things.add("connection", own=own.pk, other=between.pk, hidden_block=walled.pk)


def create_introductions(things: Things, people: dict[str, User]) -> None:
    """To the owner; of the owner; and lists of peers of the day."""

    def proposed(introducer: str, one: str, other: str, **fields: Any) -> UUID:
        row = Introduction.objects.create(
            introducer=people[introducer],
            one=people[one],
            other=people[other],
            note="Both of you keep the teal ledger.",
            **{"expires_at": timezone.now() + A_YEAR, **fields},
        )
        return row.pk

    things.add(
        "introduction",
        own=proposed("friend", "owner", "unlisted"),
        other=proposed("stranger", "public", "friend"),
        hidden=proposed("friend", "owner", "shunned"),
        hidden_block=proposed("friend", "owner", "blocker"),
        hidden_over=proposed("friend", "owner", "public", expires_at=timezone.now()),
    )
    Introduction.objects.filter(pk=things.key("introduction", "hidden")).update(
        one_answer=Introduction.Answer.NO
    )
    things.add(
        "proposed introduction",
        other=things.key("introduction", "other"),
        own=proposed("owner", "friend", "neighbour"),
        hidden=proposed("owner", "friend", "stranger"),
    )
    things.add("neighbour", own=people["neighbour"].pk)
    for viewer, person in (("owner", "public"), ("stranger", "friend")):
        PeerSuggestion.objects.create(viewer=people[viewer], person=people[person])
    things.add(
        "peer",
        own=people["public"].pk,
        other=people["friend"].pk,
        hidden=people["blocker"].pk,
    )


Part = Callable[[Things, dict[str, User], VolunteerRegistration], None]
PARTS: list[Part] = [create_conversations, create_projects, create_papers]
