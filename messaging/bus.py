"""Between processes: who tells the others that something was committed.

A bus carries ids, never texts: each process reads the message itself. Losing a bus
loses nothing but the hint; `on_loss` is called so that sockets resume from the rows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

import redis
import redis.asyncio
from django.conf import settings

log = logging.getLogger("waymark.bus")
Notice = dict[str, Any]  # {"type": "message", "conversation", "seq"} or a revoke event
CHANNEL = "waymark:live"


class Bus(Protocol):
    def publish(self, notice: Notice) -> None:
        """From any thread, after commit. Never raises."""

    def listen(
        self, deliver: Callable[[Notice], None], on_loss: Callable[[], None]
    ) -> None:
        """Starts listening on the running loop; `deliver` is called in that loop."""


class LocalBus:
    """One process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deliver: Callable[[Notice], None] | None = None

    def publish(self, notice: Notice) -> None:
        with self._lock:
            loop, deliver = self._loop, self._deliver
        if loop is None or deliver is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(deliver, notice)
        except RuntimeError:  # the loop closed in between: nobody is connected
            log.info("no live loop")

    def listen(
        self, deliver: Callable[[Notice], None], on_loss: Callable[[], None]
    ) -> None:
        with self._lock:
            self._loop, self._deliver = asyncio.get_running_loop(), deliver


class RedisBus:
    """Redis pub/sub: nothing is stored there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = redis.Redis.from_url(url, socket_timeout=2)
        self._listening: asyncio.Task[None] | None = None

    def publish(self, notice: Notice) -> None:
        try:
            self._client.publish(CHANNEL, json.dumps(notice))
        except redis.RedisError as error:
            log.warning("bus away", extra={"error": type(error).__name__})

    def listen(
        self, deliver: Callable[[Notice], None], on_loss: Callable[[], None]
    ) -> None:
        self._listening = asyncio.create_task(self._follow(deliver, on_loss))

    async def _follow(
        self, deliver: Callable[[Notice], None], on_loss: Callable[[], None]
    ) -> None:
        pause = 0.5
        while True:
            client = redis.asyncio.Redis.from_url(self.url)
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    pause = 0.5
                    async for line in channel.listen():
                        if line["type"] == "message":
                            deliver(json.loads(line["data"]))
            except (redis.RedisError, OSError) as error:
                log.warning("bus lost", extra={"error": type(error).__name__})
                on_loss()
            finally:
                await client.aclose()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)


def make_bus() -> Bus:
    if settings.MESSAGING_BUS == "redis":
        return RedisBus(settings.REDIS_URL)
    return LocalBus()
