"""The cache as rows of the database: signing in and its limits need no cache server.

allauth writes addresses and codes into its keys, so only keyed hashes of them are kept.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

from network.cipher import blind_index

USED_CODE = "allauth.mfa.totp.used"
# allauth remembers a used code for one period, but takes it for three (the tolerance)
USED_CODE_KEPT = 120  # seconds


def hidden_key(key: str, key_prefix: str, version: int) -> str:
    return blind_index(f"{key_prefix}:{version}:{key}", purpose="cache")


class RowCache(DatabaseCache):
    _table: str  # set by Django, told to the type checker

    def add(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        if key.startswith(USED_CODE):
            timeout = USED_CODE_KEPT
        return super().add(key, value, timeout=timeout, version=version)

    def forget_expired(self) -> int:
        """Django deletes expired rows only when the table is full; returns how many."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = connection.ops.adapt_datetimefield_value(
            timezone.now().replace(microsecond=0)
        )
        table = connection.ops.quote_name(self._table)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608
            return int(cursor.rowcount)
