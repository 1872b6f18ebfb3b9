"""A member is erased: on the next request no page of anybody shows them, and the
engine finds nothing of them. Each page is looked at before, when it does."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cms.models import StoryPage
from demo.consents import load_consent_texts
from messaging import actions as messages
from messaging.models import Message, Participant
from network.models import Notice, OutgoingMail, User
from profiles.actions import connections, invitations, joining, vouching
from profiles.actions.erasing import erase_account
from profiles.models import Application, ContactGrant, Profile, Referee
from projects.actions import answers
from projects.models import Project, ProjectMember
from search import replica
from tests.cast import Cast, client_of, create_account
from tests.cms.conftest import told
from tests.profiles.conftest import ANSWERS
from tests.search.conftest import create_need, offer

pytestmark = pytest.mark.django_db
NAME = "Quillwort"
WAY = "I keep bees behind the old lock."
NOTE = "We met at the winter school."
SAID = "The lamp is in the second drawer."
FOR_A_NEED = "I can bring two burners."
VOUCHED = "Steady since the first day."
STORY = "Leaving twice"
CANARIES = (NAME, WAY, NOTE, SAID, FOR_A_NEED, VOUCHED, STORY)
FOR_DAYS = timedelta(days=400)


@dataclass
class World:
    """Everything that a member leaves on the pages of others."""

    cast: Cast
    person: User
    pages: dict[str, tuple[Client, str]] = field(default_factory=dict)

    def page(self, name: str) -> tuple[int, str]:
        client, url = self.pages[name]
        answer = client.get(url)
        return answer.status_code, html.unescape(answer.content.decode())

    def traces(self, name: str) -> set[str]:
        """Which of the person's words, or keys, this page shows."""
        _status, text = self.page(name)
        looked_for = {*CANARIES, str(self.person.pk), self.person.email}
        plain = re.sub(r"</?mark[^>]*>", "", text)
        return {one for one in looked_for if one in plain}


@pytest.fixture
def world(cast: Cast) -> World:
    load_consent_texts()
    Profile.objects.filter(user=cast.former).update(
        pseudonym=NAME, vetted_at=timezone.now() - FOR_DAYS
    )
    profile = Profile.objects.get(user=cast.former)
    profile.audience = {"way": "members", "pseudonym": "public"}
    profile.way = WAY
    profile.save()
    world = World(cast, User.objects.get(pk=cast.former.pk))
    for leave in (profile_pages, contacts, a_conversation, a_project, vetting, a_story):
        leave(world)
    exports(world)
    return world


def profile_pages(world: World) -> None:
    member, key = client_of(world.cast.stranger), world.person.pk
    offer(world.person)
    world.pages |= {
        "profile": (member, f"/people/{key}/"),
        "block": (member, f"/people/{key}/block/"),
        "directory": (member, "/people/"),
    }


def contacts(world: World) -> None:
    cast, person = world.cast, world.person
    asked = connections.request_connection(
        by=person, recipient=cast.survivor.profile, note=NOTE
    )
    connections.accept_connection(connection=asked, by=cast.survivor)
    connections.request_connection(
        by=person, recipient=cast.stranger.profile, note=NOTE
    )
    connections.request_connection(by=cast.newcomer, recipient=person.profile)
    for name in ("survivor", "stranger", "newcomer"):
        client = client_of(getattr(cast, name))
        world.pages[f"connections of the {name}"] = (client, "/connections/")


def a_conversation(world: World) -> None:
    grant = ContactGrant.objects.get(ended_at=None)
    conversation = messages.open_conversation(grant=grant)
    mine = Participant.objects.get(conversation=conversation, person=world.person)
    messages.send_message(participant=mine, body=SAID, client_uuid=uuid4())
    client = client_of(world.cast.survivor)
    world.pages |= {
        "conversations": (client, "/messages/"),
        "conversation": (client, f"/messages/{conversation.pk}/"),
        "safety": (client, f"/messages/{conversation.pk}/safety/"),
    }


def a_project(world: World) -> None:
    need = create_need(world.cast.lead)
    other = create_need(world.cast.lead, title="Cooks for the evening")
    answers.apply(need=other, by=world.person, note=FOR_A_NEED)
    project: Project = other.project
    ProjectMember.objects.create(project=project, person=world.person)
    client = client_of(world.cast.lead)
    world.pages |= {
        "project": (client, f"/projects/{project.slug}/"),
        "applications": (client, f"/needs/{other.pk}/answers/"),
        "people for a need": (client, f"/needs/{need.pk}/matches/"),
    }


def vetting(world: World) -> None:
    """They invited somebody, and spoke for them."""
    cast, person = world.cast, world.person
    applicant = create_account("guest")
    invitation = invitations.invite_person(by=person, email=applicant.email)
    draft = joining.save_draft(by=applicant, answers=ANSWERS)
    invitations.take_up(invitation=invitation, application=draft, by=applicant)
    Application.objects.filter(pk=draft.pk).update(
        state="submitted", submitted_at=timezone.now()
    )
    application = Application.objects.get(pk=draft.pk)
    joining.assign_application(application, cast.vetter)
    vouching.name_referee(
        application=application, by=applicant, email=person.email, known_as=NAME
    )
    referee = Referee.objects.get()
    vouching.answer_as_referee(
        referee=referee,
        answers={
            "relation": "member",
            "since": "over-three",
            "trust": "yes",
            "words": VOUCHED,
        },
    )
    dossier = f"/staff/vetting/{application.pk}/"
    world.pages |= {
        "dossier": (client_of(cast.vetter), dossier),
        "referees of the applicant": (client_of(applicant), "/join/referees/"),
    }


def a_story(world: World) -> None:
    told("leaving-twice", author=world.person)
    page = StoryPage.objects.get()
    reader = Client()
    world.pages |= {
        "story": (reader, page.url),
        "stories": (reader, "/stories/"),
        "search": (reader, "/search/?q=leaving"),
    }


def exports(world: World) -> None:
    """What others take along: their own side, of which a name may be a part."""
    for name in ("survivor", "stranger", "lead"):
        client = client_of(getattr(world.cast, name))
        world.pages[f"export of the {name}"] = (client, "/me/export/?format=json")
        world.pages[f"notices of the {name}"] = (client, "/me/notices/")
        world.pages[f"home of the {name}"] = (client, "/me/")


# pages that show nothing of another member, before either
SILENT = re.compile(r"(export|notices|home) of|referees of|block|safety|project")


def test_nothing_of_an_erased_member_is_shown_on_the_next_request(
    world: World,
) -> None:
    before = {name: world.traces(name) for name in world.pages}
    nowhere = {name for name, found in before.items() if not found}
    assert not {name for name in nowhere if not SILENT.search(name)}
    assert {one for found in before.values() for one in found} >= set(CANARIES)

    erase_account(person=world.person)

    after = {name: world.traces(name) for name in world.pages}
    assert {name: found for name, found in after.items() if found} == {}
    gone = {"profile": 404, "block": 404, "story": 410}
    for name in world.pages:
        assert world.page(name)[0] == gone.get(name, 200), name


def test_what_was_a_conversation_says_that_somebody_has_left(world: World) -> None:
    erase_account(person=world.person)
    for name in ("conversations", "conversation"):
        assert "Somebody who has left" in world.page(name)[1]
    assert not Message.objects.exclude(ciphertext="").exists()


def test_nothing_waits_that_would_name_them(world: World) -> None:
    key = str(world.person.pk)
    erase_account(person=world.person)
    for notice in Notice.objects.all():
        assert key not in notice.url
    for mail in OutgoingMail.objects.all():
        said = f"{mail.to} {mail.context}"
        for canary in (*CANARIES, key, world.person.email):
            assert canary not in said


def test_the_engine_has_forgotten_them_at_the_next_question(world: World) -> None:
    """Not only the lists that look each hit up in the database again."""
    before = replica.engine().count()
    erase_account(person=world.person)
    after = replica.engine().count()
    assert before.people - after.people == 1
    assert before.texts - after.texts == 1
