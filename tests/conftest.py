from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation

from network import outbox, triggers
from network.models import OutboxEntry
from tests import template_database
from tests.cast import Cast, create_cast
from tests.scale import FULL, SCALE, is_one_of


def pytest_report_header() -> str:
    return f"scale: {SCALE}"


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """On PostgreSQL only what is another there; everything by `make test-full`."""
    if connection.vendor != "postgresql":
        return
    same = [item for item in items if not is_tried_there(item)]
    config.hook.pytest_deselected(items=same)
    items[:] = [item for item in items if is_tried_there(item)]


def is_tried_there(item: pytest.Item) -> bool:
    """Its own tests, what is done with real transactions, and some of the others that
    touch the database."""
    if item.get_closest_marker("sqlite"):
        return False
    if SCALE == FULL or item.get_closest_marker("services"):
        return True
    mark = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    is_real = mark is not None and mark.kwargs.get("transaction", False)
    if is_real or "transactional_db" in fixtures:
        return True
    touches = mark is not None or "db" in fixtures
    return touches and is_one_of(SCALE.postgresql, item.nodeid)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep what `django_db_modify_db_settings` has put there."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: Any,
) -> None:
    if connection.vendor == "sqlite":
        name = connections.settings["default"]["TEST"]["NAME"]
        template_database.copy_to(Path(name))
        return
    with django_db_blocker.unblock():
        template_database.copy_as(connection.creation._get_test_db_name())


@pytest.fixture
def cast(db: None) -> Cast:
    return create_cast()


@pytest.fixture(autouse=True)
def folders_of_the_test(settings: Any, tmp_path: Path) -> None:
    """Files and mails of a test go to its own folder; hashing costs a moment only."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_DIR = tmp_path / "mail"
    settings.TOMBSTONES = tmp_path / "tombstones.jsonl"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language the request of an earlier test has left behind."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def read_like_alone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a test's own open transaction, or that of the worker beside it,
    would hold the outbox's horizon down. The horizon itself is tried in
    tests/services, where nobody else writes."""
    if connection.vendor == "postgresql" and not is_of_services(request):
        monkeypatch.setattr(outbox, "committed", OutboxEntry.objects.all)


def is_of_services(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("services") is not None


@pytest.fixture(autouse=True, scope="session")
def emptying_the_audit_log() -> Iterator[None]:
    """Tests with real transactions empty every table: the triggers step aside."""
    case: Any = TransactionTestCase
    plain = case._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            plain(self)
        finally:
            triggers.install(connection)

    case._fixture_teardown = teardown
    yield
    case._fixture_teardown = plain
