"""Work in the background: functions that run every so often.

One-off work is a `django_tasks.task`; both are run by `network.worker`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from network.models import PeriodicRun

log = logging.getLogger("waymark.tasks")
LEASE = timedelta(minutes=10)
SKEW = timedelta(minutes=1)  # between the clocks of two workers
ATTEMPTS = 3


@dataclass(frozen=True)
class Periodic:
    name: str
    every: timedelta
    run: Callable[[], object]


registered: dict[str, Periodic] = {}


def periodic(
    name: str, every: timedelta
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Registers a function without arguments that must be safe to run twice."""

    def decorate(run: Callable[[], object]) -> Callable[[], object]:
        registered[name] = Periodic(name, every, run)
        return run

    return decorate


def run_due() -> int:
    """Runs what is due and not claimed by another worker; returns how many ran."""
    return sum(_run(task) for task in list(registered.values()) if _claim(task))


def _claim(task: Periodic) -> bool:
    now = timezone.now()
    # a clock that was set back must not make the task wait for it
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + task.every + SKEW)
    row = PeriodicRun.objects.filter(name=task.name)
    changed = row.filter(is_due).update(due_at=now + task.every)
    if changed or row.exists():
        return bool(changed)
    fresh = PeriodicRun(name=task.name, due_at=now + task.every)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:  # another worker was first
        return False
    return True


def _run(task: Periodic) -> bool:
    try:
        task.run()
    except Exception as error:  # one broken task must not stop the others
        log.exception(
            "periodic task failed",
            extra={"task": task.name, "error": type(error).__name__},
        )
        return False
    return True


def requeue_abandoned() -> int:
    """A worker that was killed leaves its task running for ever: put it back.

    A task that has taken three workers with it is given up. Returns how many were put
    back. Tasks must end within `LEASE`, or they are run twice.
    """
    abandoned = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - LEASE
    )
    put_back = 0
    for task in abandoned:
        row = abandoned.filter(pk=task.pk, started_at=task.started_at)
        if len(task.worker_ids) < ATTEMPTS:
            put_back += row.update(status=TaskResultStatus.READY, started_at=None)
        elif row.update(status=TaskResultStatus.FAILED, finished_at=timezone.now()):
            log.error("task given up", extra={"task": task.task_path})
    return put_back
