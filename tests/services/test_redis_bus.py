"""The bus between processes on a real Redis that is killed and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from messaging.bus import Notice, RedisBus
from tests.services.conftest import Redis

pytestmark = pytest.mark.services


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def joined(
    bus: RedisBus, deliver: Callable[[Notice], None], lost: list[int]
) -> None:
    """Returns when the listener hears what is published."""
    heard: list[Notice] = []

    def take(notice: Notice) -> None:
        heard.append(notice)
        if notice["type"] != "probe":
            deliver(notice)

    bus.listen(take, lambda: lost.append(1))
    deadline = time.monotonic() + 10
    while not heard:
        assert time.monotonic() < deadline
        bus.publish({"type": "probe"})
        await asyncio.sleep(0.05)


async def test_what_one_process_tells_another_hears(redis_server: Redis) -> None:
    found: list[Notice] = []
    listening, telling = RedisBus(redis_server.url), RedisBus(redis_server.url)
    await joined(listening, found.append, [])
    for seq in range(20):
        telling.publish({"type": "message", "conversation": "c", "seq": seq})
    await until(lambda: len(found) == 20)
    assert [notice["seq"] for notice in found] == list(range(20))


async def test_a_lost_redis_holds_nobody_up_and_sockets_are_told_to_resume(
    redis_server: Redis,
) -> None:
    found: list[Notice] = []
    lost: list[int] = []
    bus = RedisBus(redis_server.url)
    await joined(bus, found.append, lost)
    redis_server.kill()
    await until(lambda: lost)
    bus.publish({"type": "message", "conversation": "c", "seq": 1})  # and no error
    redis_server.start()
    before = len(lost)
    await until(lambda: len(lost) > before, 20)  # who came meanwhile resumes as well
    bus.publish({"type": "message", "conversation": "c", "seq": 2})
    await until(lambda: found)
    assert [notice["seq"] for notice in found] == [2]
