from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import client as test_client
from django.test import override_settings
from django_tasks_db.management.commands import db_worker

from demo import content
from demo.content import Row
from search.replica import replica
from tests.journeys.reading import Visitor


@pytest.fixture(autouse=True)
def folders_of_the_test() -> None:
    """The demonstration's files outlive one test: see `demonstration`."""


@pytest.fixture(scope="package", autouse=True)
def demonstration(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[None]:
    """A small one, loaded once in a transaction that is never committed."""
    folder = tmp_path_factory.mktemp("demonstration")
    with (
        django_db_blocker.unblock(),
        override_settings(
            VAR_DIR=folder,
            MEDIA_ROOT=folder / "media",
            MAIL_DIR=folder / "mail",
            TOMBSTONES=folder / "tombstones.jsonl",
            DEBUG=True,
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(db_worker, "close_old_connections", lambda: None)
        # nobody here looks at a template's context, and copying them takes most time
        patch.setattr(test_client, "store_rendered_templates", lambda *_a, **_k: None)
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            with pytest.MonkeyPatch.context() as shorter:
                shorter.setattr(content, "every", few_packs(content.every))
                call_command("load_demo", members=12, volunteers=20, projects=18)
            yield
            transaction.set_rollback(True)
        replica.reset()


def few_packs(every: Callable[[str], list[Row]]) -> Callable[[str], list[Row]]:
    """Putting packs together takes most of the time; tests/demo loads them all."""
    return lambda folder: every(folder)[: 4 if folder == "packs" else None]


@pytest.fixture(autouse=True)
def database_of_the_test(db: None) -> Iterator[None]:
    """What a journey wrote is gone after it, from the engine's memory too."""
    replica.reset()
    yield
    replica.reset()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """People take their time: `clock.shift(20)` lets them read for 20 seconds."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def visitor() -> Visitor:
    """A stranger before the front page."""
    visitor = Visitor()
    visitor.opens("/")
    return visitor
