"""A block is complete: on every surface where one member is there for another, before
it, neither is there after it, at once, and whoever of the two has blocked.

Each surface first shows the other (or the test would prove nothing), then no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from messaging import actions as messages
from messaging.models import Conversation
from network.models import Notice, User
from profiles.actions import connections, introductions
from profiles.actions.blocks import block_person
from profiles.models import Connection, Introduction, Profile, ProfileSkill
from projects.actions import answers
from search.models import PeerSuggestion
from search.replica import replica
from tests.cast import client_of, create_member
from tests.messaging.conftest import participant
from tests.messaging.test_live import opened
from tests.search.conftest import create_need, offer

pytestmark = pytest.mark.django_db
SOON = 2.0  # seconds
NAME = "Quiet Harbour"
NOTE = "We both mend nets in winter."
WORDS = "The lamp is lit on the pier."


class Two:
    """`viewer` looks; `other` is whom they see before the block."""

    def __init__(self) -> None:
        self.viewer, self.other = create_member("viewer"), create_member("other")
        Profile.objects.filter(user=self.other).update(pseudonym=NAME)
        self.other = User.objects.get(pk=self.other.pk)
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        self._client = self._client or client_of(self.viewer)
        return self._client

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        return answer.content.decode() if answer.status_code == 200 else ""


Looking = Callable[[], bool]
Surface = Callable[[Two], Looking]


def named_on(two: Two, path: str, word: str = NAME) -> Looking:
    return lambda: word in two.page(path)


def there(two: Two, path: str) -> Looking:
    return lambda: two.client.get(path).status_code == 200


def connect(one: User, other: User) -> Connection:
    asked = connections.request_connection(by=one, recipient=other.profile)
    return connections.accept_connection(connection=asked, by=other)


# --- people ---------------------------------------------------------------------------


def profile_page(two: Two) -> Looking:
    return named_on(two, f"/people/{two.other.pk}/")


def profile_page_of_a_connection(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return named_on(two, f"/people/{two.other.pk}/")


def asking_for_contact(two: Two) -> Looking:
    return there(two, f"/people/{two.other.pk}/connect/")


def directory(two: Two) -> Looking:
    return named_on(two, "/people/")


def directory_by_name(two: Two) -> Looking:
    return lambda: str(two.other.pk) in two.page("/people/?q=quiet")


def directory_by_skill(two: Two) -> Looking:
    ProfileSkill.objects.create(profile=two.other.profile, skill="first-aid", level=9)
    return named_on(two, "/people/?skill=first-aid")


def mutual_connection(two: Two) -> Looking:
    """On the page of somebody whom both know."""
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.other, third)
    connect(two.viewer, two.other)
    Profile.objects.update(shows_mutual=True)
    two.viewer = User.objects.get(pk=two.viewer.pk)
    return named_on(two, f"/people/{third.pk}/")


def who_else_is_known(two: Two) -> Looking:
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.other, third)
    Profile.objects.update(shows_mutual=True)
    two.viewer = User.objects.get(pk=two.viewer.pk)
    return named_on(two, f"/people/{two.other.pk}/", "You both know")


# --- connections and introductions ----------------------------------------------------


def among_connections(two: Two) -> Looking:
    """Apart from the list of whom one has blocked, which is one's own."""

    def looks() -> bool:
        text, _sep, _blocked = two.page("/connections/").partition("People you blocked")
        return NAME in text

    return looks


def request_received(two: Two) -> Looking:
    connections.request_connection(by=two.other, recipient=two.viewer.profile)
    return among_connections(two)


def request_sent(two: Two) -> Looking:
    connections.request_connection(by=two.viewer, recipient=two.other.profile)
    return among_connections(two)


def request_sent_and_declined(two: Two) -> Looking:
    asked = connections.request_connection(by=two.viewer, recipient=two.other.profile)
    connections.decline_connection(connection=asked, by=two.other)
    return among_connections(two)


def connected(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return among_connections(two)


def requests_counted(two: Two) -> Looking:
    connections.request_connection(by=two.other, recipient=two.viewer.profile)
    return named_on(two, "/me/", "One member asks you for contact")


def introduced_to(two: Two) -> Looking:
    third = create_member("third")
    connect(third, two.viewer)
    connect(third, two.other)
    introductions.introduce(
        by=third, one=two.viewer.profile, other=two.other.profile, note=NOTE
    )
    return named_on(two, "/connections/", NOTE)


def introduced_to_and_said_yes(two: Two) -> Looking:
    look = introduced_to(two)
    introductions.say_yes(introduction=Introduction.objects.get(), by=two.viewer)
    return look


def introduced_by(two: Two) -> Looking:
    third = create_member("third")
    connect(two.other, two.viewer)
    connect(two.other, third)
    introductions.introduce(
        by=two.other, one=two.viewer.profile, other=third.profile, note=NOTE
    )
    return named_on(two, "/connections/", NOTE)


def introducing(two: Two) -> Looking:
    """Whom one chooses from."""
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.viewer, two.other)
    return named_on(two, f"/people/{third.pk}/introduce/")


def introductions_proposed(two: Two) -> Looking:
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.viewer, two.other)
    introductions.introduce(
        by=two.viewer, one=third.profile, other=two.other.profile, note=NOTE
    )
    return named_on(two, "/connections/", "waiting until")


def notices(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return named_on(two, "/me/notices/", f"/people/{two.other.pk}/")


def notices_of_a_task(two: Two) -> Looking:
    need = led_by_other(two)
    answer = answers.invite(need=need, by=two.other, whom=two.viewer)
    return named_on(two, "/me/notices/", f"/answers/{answer.pk}/")


def notices_for_the_digest(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return lambda: Notice.objects.filter(person=two.viewer).exists()


# --- matching and search --------------------------------------------------------------


def peers(two: Two) -> Looking:
    for person in (two.viewer, two.other):
        ProfileSkill.objects.create(profile=person.profile, skill="first-aid", level=9)
    replica.reset()
    return named_on(two, "/peers/")


def peers_of_a_new_day(two: Two) -> Looking:
    look = peers(two)

    def looks() -> bool:
        PeerSuggestion.objects.all().delete()
        return look()

    return looks


def people_for_a_need(two: Two) -> Looking:
    need = create_need(two.viewer)
    offer(two.other)
    replica.reset()
    return named_on(two, f"/needs/{need.pk}/matches/")


def led_by_other(two: Two) -> Any:
    need = create_need(two.other, title="Hands at Quiet Harbour")
    need.project.summary = "Quiet Harbour mends nets."
    need.project.published_at = timezone.now()
    need.project.save()
    offer(two.viewer)
    replica.reset()
    return need


def needs_for_a_person(two: Two) -> Looking:
    led_by_other(two)
    return named_on(two, "/matches/")


def needs_on_ones_own_page(two: Two) -> Looking:
    led_by_other(two)
    return named_on(two, "/me/")


def list_of_projects(two: Two) -> Looking:
    led_by_other(two)
    return named_on(two, "/projects/", "Steady hands")


def project_page(two: Two) -> Looking:
    return there(two, f"/projects/{led_by_other(two).project.slug}/")


def need_page(two: Two) -> Looking:
    return there(two, f"/needs/{led_by_other(two).pk}/")


def site_search(two: Two) -> Looking:
    led_by_other(two)
    return named_on(two, "/search/?q=steady", "Steady hands</a>")


def invitation_to_a_task(two: Two) -> Looking:
    need = led_by_other(two)
    answers.invite(need=need, by=two.other, whom=two.viewer)
    return named_on(two, "/answers/")


def offers_for_ones_need(two: Two) -> Looking:
    need = create_need(two.viewer)
    offer(two.other)
    answers.apply(need=need, by=two.other)
    return named_on(two, f"/needs/{need.pk}/answers/")


# --- messages -------------------------------------------------------------------------


def talk(two: Two) -> Conversation:
    found = connect(two.viewer, two.other)
    grant = two.viewer.grants.get(source=found.pk)
    conversation = messages.open_conversation(grant=grant)
    messages.send_message(
        participant=participant(conversation, two.other),
        body=WORDS,
        client_uuid=uuid4(),
    )
    return conversation


def conversations(two: Two) -> Looking:
    talk(two)
    return named_on(two, "/messages/")


def conversation(two: Two) -> Looking:
    return named_on(two, f"/messages/{talk(two).pk}/", WORDS)


def messages_after(two: Two) -> Looking:
    return there(two, f"/messages/{talk(two).pk}/after/?seq=0")


def way_to_write(two: Two) -> Looking:
    talk(two)
    return lambda: two.client.get(f"/messages/with/{two.other.pk}/").status_code != 404


def unread_messages(two: Two) -> Looking:
    talk(two)
    return named_on(two, "/me/", "1 new message")


SURFACES: dict[str, Surface] = {
    one.__name__: one
    for one in (
        profile_page,
        profile_page_of_a_connection,
        asking_for_contact,
        directory,
        directory_by_name,
        directory_by_skill,
        mutual_connection,
        who_else_is_known,
        request_received,
        request_sent,
        request_sent_and_declined,
        connected,
        requests_counted,
        introduced_to,
        introduced_to_and_said_yes,
        introduced_by,
        introducing,
        introductions_proposed,
        notices,
        notices_of_a_task,
        notices_for_the_digest,
        peers,
        peers_of_a_new_day,
        people_for_a_need,
        needs_for_a_person,
        needs_on_ones_own_page,
        list_of_projects,
        project_page,
        need_page,
        site_search,
        invitation_to_a_task,
        offers_for_ones_need,
        conversations,
        conversation,
        messages_after,
        way_to_write,
        unread_messages,
    )
}


@pytest.fixture(autouse=True)
def fresh_replica() -> Iterator[None]:
    replica.reset()
    yield
    replica.reset()


def block(two: Two, *, is_viewer: bool) -> None:
    by, person = (two.viewer, two.other) if is_viewer else (two.other, two.viewer)
    block_person(by=by, person=person)


@pytest.mark.parametrize("is_viewer", [True, False], ids=["blocking", "blocked"])
@pytest.mark.parametrize("name", SURFACES)
def test_neither_is_there_for_the_other(
    name: str,
    is_viewer: bool,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    two = Two()
    looks = SURFACES[name](two)
    assert looks(), "not there before: this surface proves nothing"
    begun = monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        block(two, is_viewer=is_viewer)
    assert not looks()
    assert monotonic() - begun < SOON


@pytest.mark.parametrize(
    "path", ["/suggest/skills/?q=quiet", "/suggest/places/?q=quiet", "/search/?q=quiet"]
)
def test_no_suggestion_and_no_search_names_a_person(path: str) -> None:
    two = Two()
    assert NAME not in two.page(path)


@pytest.mark.parametrize("is_viewer", [True, False], ids=["blocking", "blocked"])
def test_only_who_blocked_can_still_report_the_other(is_viewer: bool) -> None:
    two = Two()
    path = f"/report/profile/{two.other.pk}/"
    assert there(two, path)()
    block(two, is_viewer=is_viewer)
    assert there(two, path)() is is_viewer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_viewer", [True, False], ids=["blocking", "blocked"])
async def test_an_open_line_brings_nothing_more(is_viewer: bool) -> None:
    sync = sync_to_async
    two = await sync(Two)()
    held = await sync(talk)(two)
    line = await opened(two.viewer)
    theirs = await sync(participant)(held, two.other)

    async def say(words: str) -> None:
        await sync(messages.send_message)(
            participant=theirs, body=words, client_uuid=uuid4()
        )

    await say("Heard.")
    assert (await line.receive_json_from())["body"] == "Heard."
    begun = monotonic()
    await sync(block)(two, is_viewer=is_viewer)
    event = await line.receive_output(timeout=SOON)
    assert event["type"] == "websocket.close"
    assert monotonic() - begun < SOON
    again = await opened(two.viewer, {str(held.pk): 0})
    with pytest.raises(Exception, match="no longer"):
        await say("Not heard.")
    assert await again.receive_nothing(timeout=0.5)
    await again.disconnect()
    await asyncio.sleep(0)
