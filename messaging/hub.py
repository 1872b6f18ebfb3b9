"""The hub: which sockets of this process want which conversations.

Frames are encoded once for all readers. Each socket has a bounded queue: who reads too
slowly is closed and resumes from the rows. Channels' own groups are not used: they hop
through a thread for every recipient (see MESSAGING for the figures).
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from messaging import events
from messaging.bus import Bus, Notice, make_bus
from messaging.models import Message

QUEUE = 256  # frames a socket may lag behind
TRY_AGAIN_LATER = 1013
SIGNED_OUT = 4401


class Socket:
    """One open line of one person. `close_code` is set when it must end."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id
        self.conversations: set[str] = set()
        self.queue: asyncio.Queue[str] = asyncio.Queue(maxsize=QUEUE)
        self.close_code: int | None = None
        self.wake = asyncio.Event()

    def put(self, frame: str) -> None:
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.end(TRY_AGAIN_LATER)

    def end(self, code: int) -> None:
        self.close_code = code
        self.wake.set()


class Hub:
    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Queue[Notice] = asyncio.Queue()
        self._by_conversation: dict[str, set[Socket]] = defaultdict(set)
        self._by_person: dict[str, set[Socket]] = defaultdict(set)
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Ties the hub to the running loop, once; again when a new loop runs."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self._waiting = asyncio.Queue()
        self._by_conversation.clear()
        self._by_person.clear()
        self.bus.listen(self._waiting.put_nowait, self.close_all)
        self._writer = loop.create_task(self._write())

    def add(self, socket: Socket, conversations: set[str]) -> None:
        socket.conversations |= conversations
        self._by_person[socket.person_id].add(socket)
        for conversation in conversations:
            self._by_conversation[conversation].add(socket)

    def drop(self, socket: Socket, conversations: set[str] | None = None) -> None:
        """Ends the wish for some conversations, or for all and the socket itself."""
        for conversation in conversations or set(socket.conversations):
            socket.conversations.discard(conversation)
            _discard(self._by_conversation, conversation, socket)
        if conversations is None:
            _discard(self._by_person, socket.person_id, socket)

    def sockets_of(self, person_id: str) -> set[Socket]:
        return set(self._by_person.get(person_id, ()))

    def close_all(self) -> None:
        for sockets in list(self._by_person.values()):
            for socket in list(sockets):
                socket.end(TRY_AGAIN_LATER)

    def count(self) -> int:
        return sum(len(sockets) for sockets in self._by_person.values())

    async def _write(self) -> None:
        """The one writer: in the order in which the bus told of commits."""
        while True:
            notice = await self._waiting.get()
            if notice["type"] == "message":
                await self._deliver(notice)
            else:
                self._revoke(notice)

    async def _deliver(self, notice: Notice) -> None:
        sockets = self._by_conversation.get(notice["conversation"])
        if not sockets:
            return
        frame = await message_frame(notice["conversation"], notice["seq"])
        for socket in list(sockets) if frame else ():
            socket.put(frame)

    def _revoke(self, notice: Notice) -> None:
        people = {notice["person"], notice["other"] or notice["person"]}
        for person in people:
            for socket in self.sockets_of(person):
                # after a block both only reconnect: what they share is then gone
                socket.end(TRY_AGAIN_LATER if notice["other"] else SIGNED_OUT)


def _discard(index: dict[str, set[Socket]], key: str, socket: Socket) -> None:
    sockets = index.get(key)
    if sockets is None:
        return
    sockets.discard(socket)
    if not sockets:
        del index[key]


@sync_to_async
def message_frame(conversation: str, seq: int) -> str:
    close_old_connections()
    message = (
        Message.objects.select_related("conversation")
        .filter(conversation=UUID(conversation), seq=seq)
        .first()
    )
    if message is None:
        return ""
    return json.dumps(events.message_event(message.conversation, message))


hub = Hub(make_bus())


def announce(conversation: UUID, seq: int) -> None:
    """After commit, from any thread."""
    hub.bus.publish({"type": "message", "conversation": str(conversation), "seq": seq})


def revoke(*, person: UUID, other: UUID | None, reason: str) -> None:
    """The part that `network.parts.revokers` calls when rights end."""
    hub.bus.publish(
        {
            "type": "revoke",
            "person": str(person),
            "other": str(other) if other else None,
        }
    )
