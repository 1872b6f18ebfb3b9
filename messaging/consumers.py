"""The socket: one coroutine a line, calling the same actions as the views.

Not a Channels consumer class: its dispatch hops through a thread for every delivery.
Channels has checked the Origin and read the session before this is called.

From the browser: `hello` {have: {conversation: seq}}, `send` {conversation, uuid, body,
sensitive, language}, `read` {conversation, seq}. To it: `message`, `ack`, `refused`,
`ready`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import access, actions, events, queries
from messaging.hub import SIGNED_OUT, Socket, hub
from messaging.models import Participant
from network import factors
from network.access import NotFound, Refused, is_signed_in
from network.models import User
from network.sessions import SessionStore

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

FRAME_BYTES = 16 * 1024
UNREADABLE = 1003
TOO_BIG = 1009
NOT_HERE = 4404
RECHECK = 2.0  # seconds that an answer about somebody's rights may be old


async def unknown_line(scope: Scope, receive: Receive, send: Send) -> None:
    """Accepted first: a close before that reaches the browser as 403."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_HERE})


async def live_messages(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    line = Line(scope, send)
    if not await line.is_allowed():
        await send({"type": "websocket.close", "code": SIGNED_OUT})
        return
    await line.run(receive)


class Line:
    """What one open socket knows. Rights are asked again on every frame, and before a
    delivery when the last answer is over two seconds old."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self.person: User | None = None
        self.checked_at = -RECHECK
        self.socket = Socket("")

    async def is_allowed(self) -> bool:
        loop = asyncio.get_running_loop()
        self.person = await person_of(self.scope)
        self.checked_at = loop.time()
        return self.person is not None

    async def run(self, receive: Receive) -> None:
        assert self.person is not None
        hub.start()
        self.socket = Socket(str(self.person.pk))
        hub.add(self.socket, await conversations_of(self.person))
        tasks = {
            asyncio.create_task(self._read(receive)),
            asyncio.create_task(self._write()),
            asyncio.create_task(self.socket.wake.wait()),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hub.drop(self.socket)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.socket.close_code is not None:
                # the browser may have gone already
                with contextlib.suppress(Exception):
                    code = self.socket.close_code
                    await self._send({"type": "websocket.close", "code": code})

    async def _write(self) -> None:
        while True:
            frame = await self.socket.queue.get()
            if not await self._may_still():
                return
            await self._send({"type": "websocket.send", "text": frame})

    async def _may_still(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self.checked_at < RECHECK:
            return self.socket.close_code is None
        if not await self.is_allowed() or self.person is None:
            self.socket.end(SIGNED_OUT)
            return False
        allowed = await conversations_of(self.person)
        hub.drop(self.socket, self.socket.conversations - allowed or {""})
        hub.add(self.socket, allowed)
        return True

    async def _read(self, receive: Receive) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            frame = read_frame(event.get("text"))
            if isinstance(frame, int):
                self.socket.end(frame)
                return
            if not await self.is_allowed() or self.person is None:
                self.socket.end(SIGNED_OUT)
                return
            for answer in await answers_to(self.person, frame):
                self.socket.put(json.dumps(answer))
            if frame.get("type") == "hello":
                hub.add(self.socket, await conversations_of(self.person))


def read_frame(text: str | None) -> dict[str, Any] | int:
    """The frame, or the code to close with."""
    if text is None:
        return UNREADABLE
    if len(text) > FRAME_BYTES:
        return TOO_BIG
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return UNREADABLE
    return frame if isinstance(frame, dict) else UNREADABLE


@sync_to_async
def person_of(scope: Scope) -> User | None:
    """Reads session and account anew; the scope's own copies are as old as the line."""
    close_old_connections()
    request = HttpRequest()
    key = scope["session"].session_key if "session" in scope else None
    if key is None:
        return None
    request.session = SessionStore(key)
    person = get_user(request)
    if not is_signed_in(person) or not access.may_use_messages(person):
        return None
    return None if factors.is_missing(request, person) else person


@sync_to_async
def conversations_of(person: User) -> set[str]:
    mine = queries.my_participations(person).prefetch_related(None)
    return {str(pk) for pk in mine.values_list("conversation_id", flat=True)}


@sync_to_async
def answers_to(person: User, frame: dict[str, Any]) -> list[dict[str, Any]]:
    """Nothing that a browser sends may end in an error of the server."""
    close_old_connections()
    with translation.override(language_of(person, frame)):
        return answered(person, frame)


def language_of(person: User, frame: dict[str, Any]) -> str:
    """The page's, in which what is refused is told."""
    told = frame.get("language")
    is_known = isinstance(told, str) and told in dict(settings.LANGUAGES)
    return str(told) if is_known else person.language


def answered(person: User, frame: dict[str, Any]) -> list[dict[str, Any]]:
    kind = frame.get("type")
    try:
        if kind == "hello":
            return resume(person, frame.get("have"))
        mine = access.participant_of(person, as_uuid(frame.get("conversation")))
        if kind == "send":
            return [store(mine, frame)]
        if kind == "read":
            seq = frame.get("seq")
            if isinstance(seq, int) and 0 <= seq < 2**53:
                actions.mark_read(participant=mine, seq=seq)
        return []
    except (NotFound, ValueError):
        # one sentence for left, ended and blocked: it must not tell of a block
        message = _("This conversation is not open any more.")
        uuid = str(frame.get("uuid"))[:36]
        return [{"type": "refused", "uuid": uuid, "message": message}]


def store(mine: Participant, frame: dict[str, Any]) -> dict[str, Any]:
    uuid, body = as_uuid(frame.get("uuid")), frame.get("body")
    if not isinstance(body, str):
        raise ValueError
    try:
        message = actions.send_message(
            participant=mine,
            body=body,
            client_uuid=uuid,
            is_sensitive=frame.get("sensitive") is True,
        )
    except Refused as refusal:
        return {"type": "refused", "uuid": str(uuid), "message": str(refusal.message)}
    return {
        "type": "ack",
        "uuid": str(uuid),
        "conversation": str(mine.conversation_id),
        "seq": message.seq,
    }


def resume(person: User, have: object) -> list[dict[str, Any]]:
    """What was missed since, for each conversation that the browser names."""
    lines: list[dict[str, Any]] = []
    wanted = list(have.items())[:50] if isinstance(have, dict) else []
    for conversation, seq in wanted:
        if not isinstance(seq, int) or not 0 <= seq < 2**53:
            continue
        try:
            mine = access.participant_of(person, as_uuid(conversation))
        except (NotFound, ValueError):
            continue
        missed = queries.messages_after(mine, seq)
        lines += [
            dict(events.message_event(mine.conversation, message)) for message in missed
        ]
    return [*lines, {"type": "ready"}]


def as_uuid(value: object) -> UUID:
    """Raises ValueError for everything that is not a UUID."""
    if not isinstance(value, str):
        raise ValueError
    return UUID(value)
