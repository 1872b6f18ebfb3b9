from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from search.replica import replica
from tests.access.world import World

A_DAY = 86_400  # in seconds: a slow machine must not make people's proof grow old


@pytest.fixture(autouse=True)
def folders_of_the_test() -> None:
    """The world's files outlive one test: see `world`."""


@pytest.fixture(scope="module")
def world(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[World]:
    """Built once for a module, in a transaction that is never committed."""
    folder: Path = tmp_path_factory.mktemp("world")
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        django_db_blocker.unblock(),
        override_settings(
            MEDIA_ROOT=folder / "media",
            MAIL_DIR=folder / "mail",
            TOMBSTONES=folder / "tombstones.jsonl",
            PASSWORD_HASHERS=quick,
            ACCOUNT_REAUTHENTICATION_TIMEOUT=A_DAY,
        ),
    ):
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            replica.reset()
            yield World()
            transaction.set_rollback(True)
        replica.reset()
