"""One migrated SQLite file, made once for each state of the migrations and copied for
every worker: running all migrations takes half a minute, copying nothing."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.conf import settings

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


def template() -> Path:
    """The migrated file; whoever comes second waits until the first has made it."""
    folder = Path(settings.VAR_DIR) / "test-templates"
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / f"{fingerprint()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            _migrate(folder / "making", ready)
    return ready


def _migrate(folder: Path, ready: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(Path(settings.VAR_DIR) / "keys.json", folder)
    environment = {**os.environ, "WAYMARK_VAR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    made = folder / "waymark.sqlite3"
    with contextlib.closing(sqlite3.connect(made)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    made.rename(ready)
    shutil.rmtree(folder, ignore_errors=True)


def copy_to(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(template(), path)
