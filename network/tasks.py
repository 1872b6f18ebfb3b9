"""Work in the background: functions that run every so often.

One-off work is a `django_tasks.task`; both are run by `network.worker`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from network.models import PeriodicRun

log = logging.getLogger("waymark.tasks")
LEASE = timedelta(minutes=10)


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
    changed = PeriodicRun.objects.filter(name=task.name, due_at__lte=now).update(
        due_at=now + task.every
    )
    if changed or PeriodicRun.objects.filter(name=task.name).exists():
        return bool(changed)
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=task.name, due_at=now + task.every)
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
    """A worker that was killed leaves its task running for ever: put it back."""
    return DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - LEASE
    ).update(status=TaskResultStatus.READY, started_at=None)
