"""Several people, or one finger, press at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from network.access import NotFound, Refused


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs each call in a thread of its own; what it returned, or the no it raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except (NotFound, Refused) as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
