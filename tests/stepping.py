"""Steps in any order against the database: each run in a savepoint, on its own clock.

A step that is refused may change no row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import ClassVar

import time_machine
from django.db import connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from network.access import NotFound, Refused
from network.models import (
    AuditEntry,
    MailedLink,
    Notice,
    OutboxEntry,
    OutgoingMail,
    User,
)
from tests.scale import SCALE

Rows = dict[str, set[tuple[object, ...]]]
EVERYWHERE = (AuditEntry, MailedLink, Notice, OutboxEntry, OutgoingMail)


class Stepping(RuleBasedStateMachine):
    """`tables` are compared where a step is refused, those of `EVERYWHERE` too. What
    counts hits is not: a refused try may count."""

    tables: ClassVar[Collection[type[models.Model]]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.now = self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was allowed."""
        before = rows_of(self.tables)
        try:
            act()
        except (NotFound, Refused):
            assert rows_of(self.tables) == before, "refused, and yet changed"
            return False
        return True

    def wait(self, time: timedelta) -> None:
        self.now.shift(time)


def rows_of(tables: Collection[type[models.Model]]) -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in (*tables, *EVERYWHERE):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            found[model.__name__] = {tuple(map(str, row)) for row in cursor.fetchall()}
    return found


def afresh(person: User) -> User:
    """As a new request sees them: nothing is remembered of roles or standing."""
    return User.objects.select_related("profile").get(pk=person.pk)


def run(machine: type[Stepping]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=SCALE.runs,
            stateful_step_count=SCALE.steps,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
