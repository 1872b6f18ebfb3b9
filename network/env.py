"""Typed readers of the environment. Each raises `Missing` with the variable's name."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured


class Missing(ImproperlyConfigured):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Set {name}: {why}")


def text(name: str, default: str | None = None, *, why: str = "required") -> str:
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise Missing(name, why)
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number") from error


def words(name: str, default: str | None = None, *, why: str = "required") -> list[str]:
    """A comma-separated list without empty parts."""
    raw = text(name, default, why=why)
    return [part.strip() for part in raw.split(",") if part.strip()]


def https_url(name: str) -> str:
    """An address that begins with https, without a slash at its end."""
    value = text(name, why="the site's address, https://…")
    parts = urlparse(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must start with https://")
    return value.rstrip("/")


def contact(name: str, default: str) -> str:
    """Where a stranger's server may write to: `mailto:…` or `https://…`."""
    value = text(name, default)
    if not value.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured(f"{name} must start with mailto: or https://")
    return value


def hosts(name: str) -> list[str]:
    """Host names; not a wildcard, since links in mails are built from them."""
    found = words(name, why="the site's host names")
    if not found or "*" in found:
        raise ImproperlyConfigured(f"{name} must list host names")
    return found


def database(name: str, *, fallback: Path) -> dict[str, Any]:
    """`postgres://user:password@host:port/name`, else SQLite in the file `fallback`."""
    url = os.environ.get(name, "")
    if not url:
        return sqlite(fallback)
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            # libpq's own words: ?sslmode=verify-full&sslrootcert=…
            **dict(parse_qsl(parts.query)),
            # a connection per message costs ten times the pool's latency
            "pool": {"min_size": 2, "max_size": 16, "timeout": 10},
        },
    }


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # without IMMEDIATE a read that turns into a write fails at once as locked
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON; "
                # what was erased must not lie on in the file's free pages
                "PRAGMA secure_delete=ON;"
            ),
        },
        "TEST": {"NAME": path.with_name("test.sqlite3")},
    }
