"""One migrated database, made once for each state of the migrations and copied for
every worker: running all migrations takes half a minute, copying next to nothing."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("network", "profiles", "projects", "messaging", "cms", "search", "moderation")


def fingerprint() -> str:
    """Of everything that decides what the tables look like."""
    files = [ROOT / "requirements.lock", ROOT / "network" / "triggers.py"]
    for room in ROOMS:
        files += sorted((ROOT / room / "migrations").glob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def one_maker() -> Iterator[Path]:
    """Whoever comes second waits until the first has made the template."""
    folder = Path(settings.VAR_DIR) / "test-templates"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def migrate(folder: Path, **variables: str) -> None:
    """Runs the migrations as a program of its own, with the same keys."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(Path(settings.VAR_DIR) / "keys.json", folder)
    environment = {**os.environ, "WAYMARK_VAR": str(folder), **variables}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


# --- SQLite ---


def copy_to(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(_sqlite_template(), path)


def _sqlite_template() -> Path:
    with one_maker() as folder:
        ready = folder / f"{fingerprint()}.sqlite3"
        if not ready.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            _migrate_file(folder / "making", ready)
    return ready


def _migrate_file(folder: Path, ready: Path) -> None:
    migrate(folder)
    made = folder / "waymark.sqlite3"
    with contextlib.closing(sqlite3.connect(made)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    made.rename(ready)
    shutil.rmtree(folder, ignore_errors=True)


# --- PostgreSQL ---


def copy_as(name: str) -> None:
    """Makes the database `name` anew, in the cluster of DATABASE_URL."""
    template = f"template_{fingerprint()}"
    with one_maker() as folder:
        if not _is_template(template):
            _execute(f'DROP DATABASE IF EXISTS "{template}"')
            _execute(f'CREATE DATABASE "{template}"')
            place = urlsplit(os.environ["DATABASE_URL"])
            url = urlunsplit(place._replace(path=f"/{template}"))
            migrate(folder / "making", DATABASE_URL=url)
            # only now: what was cut off half-way is no template
            _execute(f'ALTER DATABASE "{template}" IS_TEMPLATE true')
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _is_template(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]
        )
        return cursor.fetchone() is not None


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
