"""The worker: one loop for periodic functions and queued tasks.

In the embedded default it is a thread of the serving process; in production
`manage.py run_worker`. Killing it at any moment loses nothing: every piece of work is
claimed in the database and taken up again.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from time import monotonic
from uuid import uuid4

from django.core.cache import cache
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from network import tasks

log = logging.getLogger("waymark.worker")
TICK = 1.0  # seconds
PULSE = "worker pulse"
PULSE_EVERY = 15.0  # seconds


class Worker:
    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.name = uuid4().hex
        self.told_at = -PULSE_EVERY

    def run(self) -> None:
        """Loops until `stop`; an error of the database is waited out."""
        pause = TICK
        while not self.stopped.wait(pause):
            close_old_connections()
            try:
                self.tick()
                pause = TICK
            except Exception as error:  # the database may be away for a while
                log.warning("worker tick", extra={"error": type(error).__name__})
                pause = min(pause * 2, 30.0)
            finally:
                close_old_connections()

    def tick(self) -> None:
        tasks.run_due()
        run_queued(self.name)
        if monotonic() - self.told_at >= PULSE_EVERY:
            cache.set(PULSE, timezone.now().isoformat(), timeout=300)
            self.told_at = monotonic()

    def stop(self) -> None:
        self.stopped.set()


def run_queued(name: str = "worker") -> None:
    """Runs the tasks that wait now, one after the other."""
    TaskWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    ).run()


def last_pulse() -> datetime | None:
    text = cache.get(PULSE)
    return datetime.fromisoformat(text) if text else None


def start_thread() -> Worker:
    worker = Worker()
    threading.Thread(target=worker.run, name="worker", daemon=True).start()
    return worker
