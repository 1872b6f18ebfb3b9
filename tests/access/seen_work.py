"""Where one member sees another at work: matching, projects, search, messages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from messaging import actions as messages
from messaging.models import Conversation
from profiles.models import ProfileSkill
from projects.actions import answers
from search.models import PeerSuggestion
from search.replica import replica
from tests.access.seen_people import (
    Looking,
    Surface,
    Two,
    connect,
    named_on,
    there,
)
from tests.messaging.conftest import participant
from tests.search.conftest import create_need, offer

WORDS = "The lamp is lit on the pier."


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


def notices_of_a_task(two: Two) -> Looking:
    need = led_by_other(two)
    answer = answers.invite(need=need, by=two.other, whom=two.viewer)
    return named_on(two, "/me/notices/", f"/answers/{answer.pk}/")


WORK: list[Surface] = [
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
    notices_of_a_task,
]
