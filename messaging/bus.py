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
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger("waymark.bus")
Notice = dict[str, Any]  # {"type": "message", "conversation", "seq"} or a revoke event
CHANNEL = "waymark:live"
QUIET = 15.0  # seconds without a word after which the server is asked whether it lives


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
    """Redis pub/sub: nothing is stored there.

    The client's own retries are off. They would keep a sender waiting for seconds while
    Redis is away, and a listener would be joined up again in silence: what was
    published in between would be missed and no socket told to resume.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        # one more try at once: after a restart of Redis the pool's connections are dead
        once_more = Retry(NoBackoff(), 1)
        self._client = redis.Redis.from_url(url, socket_timeout=1, retry=once_more)
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
        pause, is_first = 0.5, True
        while True:
            client = redis.asyncio.Redis.from_url(
                self.url,
                retry=AsyncRetry(NoBackoff(), 0),
                socket_connect_timeout=2,
                health_check_interval=QUIET,
            )
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    await channel.get_message(timeout=2)  # the answer: we are joined
                    if not is_first:
                        on_loss()  # whoever came meanwhile has missed what went by
                    pause, is_first = 0.5, False
                    await self._read(channel, deliver)
            except (redis.RedisError, OSError) as error:
                log.warning("bus lost", extra={"error": type(error).__name__})
                on_loss()
            finally:
                await client.aclose()
            is_first = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def _read(
        self, channel: redis.asyncio.client.PubSub, deliver: Callable[[Notice], None]
    ) -> None:
        """Until the line is lost; a frozen server is found out by its silence."""
        while True:
            line = await channel.get_message(timeout=QUIET)
            if line is not None and line["type"] == "message":
                deliver(json.loads(line["data"]))


def make_bus() -> Bus:
    if settings.MESSAGING_BUS == "redis":
        return RedisBus(settings.REDIS_URL)
    return LocalBus()
