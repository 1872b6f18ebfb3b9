"""The lane of real servers. A test that lands on another database fails."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from tools.packages import ensure
from tools.services import end, free_port, takes_connections, wait_until


@pytest.fixture
def postgresql(db: None) -> None:
    assert connection.vendor == "postgresql", "run by `make test-services`"


@dataclass
class Redis:
    """A server of the test's own, which it may kill and start again."""

    port: int
    folder: Path
    running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [ensure("redis-server", "redis-server"), "--port", str(self.port)]
        command += ["--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        wait_until(lambda: takes_connections(self.port), "Redis")

    def kill(self) -> None:
        assert self.running is not None
        self.running.kill()
        self.running.wait()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(free_port(), tmp_path)
    server.start()
    yield server
    if server.running is not None and server.running.poll() is None:
        end(server.running, subprocess.signal.SIGTERM)
