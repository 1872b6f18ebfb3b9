"""A block is complete: on every surface where one member is there for another, before
it, neither is there after it, at once, and whoever of the two has blocked.

Each surface first shows the other (or the test would prove nothing), then no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from messaging import actions as messages
from profiles.actions.blocks import block_person
from search.replica import replica
from tests.access.seen_people import NAME, PEOPLE, Two, there
from tests.access.seen_work import WORK, talk
from tests.messaging.conftest import participant
from tests.messaging.test_live import opened

pytestmark = pytest.mark.django_db
SOON = 2.0  # seconds
SURFACES = {surface.__name__: surface for surface in [*PEOPLE, *WORK]}


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
