"""The socket, through the real ASGI application."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import translation

from messaging import actions, hub
from messaging.models import Conversation, Message
from network.asgi import application
from network.models import User
from network.sessions import SessionStore
from profiles.models import Block, Profile, Standing
from tests.cast import Cast, client_of, create_cast
from tests.messaging.conftest import grant_contact, participant

pytestmark = pytest.mark.django_db(transaction=True)
sync = sync_to_async


class Line(ApplicationCommunicator):
    """A browser's end of a socket."""

    def __init__(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        self.scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, self.scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        event = await self.receive_output(timeout=5)
        return bool(event["type"] == "websocket.accept")

    async def send_text(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def send_json_to(self, frame: dict[str, Any]) -> None:
        await self.send_text(json.dumps(frame))

    async def receive_json_from(self, timeout: float = 5) -> Any:
        event = await self.receive_output(timeout=timeout)
        assert event["type"] == "websocket.send", event
        return json.loads(event["text"])

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=5)


class Scene:
    cast: Cast
    conversation: Conversation


@sync
def set_scene() -> Scene:
    scene = Scene()
    scene.cast = create_cast()
    grant = grant_contact(scene.cast.former, scene.cast.survivor)
    scene.conversation = actions.open_conversation(grant=grant)
    return scene


async def line_of(person: User | None, path: str = "/ws/messages/") -> Line:
    headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
    if person is not None:
        client = await sync(client_of)(person)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        headers.append((b"cookie", cookie.encode()))
    return Line(path, headers)


async def opened(person: User, have: dict[str, int] | None = None) -> Line:
    line = await line_of(person)
    await line.connect()
    await line.send_json_to({"type": "hello", "have": have or {}})
    while (await line.receive_json_from(timeout=5))["type"] != "ready":
        pass
    return line


async def ends_with(line: Line, code: int) -> None:
    event = await line.receive_output(timeout=5)
    assert event == {"type": "websocket.close", "code": code}


async def test_a_message_reaches_the_other_at_once() -> None:
    scene = await set_scene()
    former = await opened(scene.cast.former)
    survivor = await opened(scene.cast.survivor)
    uuid = str(uuid4())
    frame = {
        "type": "send",
        "conversation": str(scene.conversation.pk),
        "uuid": uuid,
        "body": "Are you there?",
    }
    await former.send_json_to(frame)
    event = await survivor.receive_json_from(timeout=5)
    assert (event["type"], event["seq"], event["body"]) == (
        "message",
        1,
        "Are you there?",
    )
    kinds = {(await former.receive_json_from(timeout=5))["type"] for _ in range(2)}
    assert kinds == {"ack", "message"}
    await former.send_json_to(frame)  # sent again after a lost line
    again = await former.receive_json_from(timeout=5)
    assert (again["type"], again["seq"]) == ("ack", 1)
    await former.disconnect()
    await survivor.disconnect()


async def test_what_was_missed_comes_on_resuming() -> None:
    scene = await set_scene()
    mine = await sync(participant)(scene.conversation, scene.cast.former)
    for number in range(3):
        await sync(actions.send_message)(
            participant=mine, body=f"Line {number}", client_uuid=uuid4()
        )
    line = await line_of(scene.cast.survivor)
    await line.connect()
    have = {str(scene.conversation.pk): 1}
    await line.send_json_to({"type": "hello", "have": have})
    frames = [await line.receive_json_from(timeout=5) for _ in range(3)]
    assert [frame.get("seq") for frame in frames] == [2, 3, None]
    await line.disconnect()


async def test_a_stranger_hears_and_sends_nothing() -> None:
    scene = await set_scene()
    stranger = await opened(scene.cast.stranger, {str(scene.conversation.pk): 0})
    await stranger.send_json_to(
        {
            "type": "send",
            "conversation": str(scene.conversation.pk),
            "uuid": str(uuid4()),
            "body": "Let me in",
        }
    )
    assert (await stranger.receive_json_from(timeout=5))["type"] == "refused"
    mine = await sync(participant)(scene.conversation, scene.cast.former)
    await sync(actions.send_message)(
        participant=mine, body="Private", client_uuid=uuid4()
    )
    assert await stranger.receive_nothing(timeout=0.5)
    assert await sync(Message.objects.count)() == 1
    await stranger.disconnect()


async def refusal(line: Line, conversation: object, **more: str) -> Any:
    frame = {"type": "send", "conversation": str(conversation), "uuid": str(uuid4())}
    await line.send_json_to({**frame, "body": "Are you there?", **more})
    answer = await line.receive_json_from(timeout=5)
    assert (answer["type"], answer["uuid"]) == ("refused", frame["uuid"])
    return answer["message"]


async def test_writing_on_is_refused_alike_after_a_block_and_where_nothing_is() -> None:
    scene = await set_scene()
    line = await opened(scene.cast.former)
    nowhere = await refusal(line, uuid4())
    assert "not open" in nowhere
    await sync(Block.objects.create)(
        blocker=scene.cast.survivor, blocked=scene.cast.former
    )
    assert await refusal(line, scene.conversation.pk) == nowhere
    await line.disconnect()


async def test_what_is_refused_is_told_in_the_language_of_the_page() -> None:
    scene = await set_scene()
    await sync(User.objects.filter(pk=scene.cast.former.pk).update)(language="fr")
    line = await opened(scene.cast.former)
    long = "x" * 9000
    told = {
        code: await refusal(line, scene.conversation.pk, body=long, language=code)
        for code in ("en", "de", "tlh")
    }
    assert told["en"].startswith("This message is too long")
    with translation.override("de"):
        assert told["de"] == translation.gettext(told["en"])
    with translation.override("fr"):  # their own, where the page names none of ours
        assert told["tlh"] == translation.gettext(told["en"])
    assert len(set(told.values())) == 3
    await line.disconnect()


async def test_nobody_without_a_session_gets_a_line() -> None:
    await set_scene()
    line = await line_of(None)
    await line.connect()
    await ends_with(line, 4401)


async def test_a_foreign_origin_is_turned_away() -> None:
    scene = await set_scene()
    line = await line_of(scene.cast.former)
    line.scope["headers"] = [
        (name, b"https://evil.example" if name == b"origin" else value)
        for name, value in line.scope["headers"]
    ]
    assert not await line.connect()


async def test_an_unknown_path_is_closed_not_an_error() -> None:
    await set_scene()
    line = await line_of(None, "/ws/elsewhere/")
    await line.connect()
    await ends_with(line, 4404)


@pytest.mark.parametrize("how", ["log-out", "suspended", "session deleted"])
async def test_a_line_ends_within_two_seconds_of_losing_the_right(how: str) -> None:
    scene = await set_scene()
    survivor = await opened(scene.cast.survivor)
    await sync(take_right)(how, scene.cast.survivor, survivor)
    await asyncio.sleep(2.05)
    mine = await sync(participant)(scene.conversation, scene.cast.former)
    await sync(actions.send_message)(
        participant=mine, body="Secret", client_uuid=uuid4()
    ) if how != "suspended" else None
    if how == "suspended":
        await survivor.send_json_to({"type": "hello", "have": {}})
    event = await survivor.receive_output(timeout=5)
    assert event["type"] == "websocket.close"
    assert "Secret" not in json.dumps(event)


def take_right(how: str, person: User, line: Line) -> None:
    cookie = dict(line.scope["headers"])[b"cookie"].decode().partition("=")[2]
    if how == "suspended":
        Profile.objects.filter(user=person).update(standing=Standing.SUSPENDED)
    elif how == "session deleted":
        SessionStore(cookie).delete()
    else:
        request = HttpRequest()
        request.session = SessionStore(cookie)
        request.user = person
        logout(request)


async def test_a_block_ends_the_line_of_both() -> None:
    scene = await set_scene()
    former = await opened(scene.cast.former)
    await sync(hub.revoke)(
        person=scene.cast.survivor.pk, other=scene.cast.former.pk, reason="block"
    )
    await ends_with(former, 1013)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"type": 5}',
        "{",
        '{"type":"send"}',
        "1" * 20000,
        "[" * 9000,
        '{"type":"send","conversation":"x","uuid":"y","body":1}',
        '{"type":"hello","have":[1]}',
        '{"type":"read","conversation":null,"seq":-1}',
    ],
)
async def test_a_broken_frame_is_no_error_of_the_server(text: str) -> None:
    scene = await set_scene()
    line = await opened(scene.cast.former)
    await line.send_text(text)
    await line.receive_nothing(timeout=0.2)
    fresh = await opened(scene.cast.former)
    await fresh.disconnect()
