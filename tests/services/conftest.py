"""The lane of real servers. A test that lands on another database fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from search.elastic import ElasticEngine
from search.elastic.connection import asking_client, engine_on, feeding_client
from search.replica import related_skills, replica
from search.serving import Guarded, guarded
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


@pytest.fixture
def on_cluster(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[list[str]], ElasticEngine]]:
    """Lets the site ask and feed these servers; gives the engine that feeds."""
    settings.ELASTICSEARCH_PREFIX = f"test-{uuid4().hex[:12]}"
    monkeypatch.setattr(Guarded, "_keep_warm", lambda _self: None)  # no second thread
    forget_clients()
    replica.reset()

    def use(urls: list[str]) -> ElasticEngine:
        settings.ELASTICSEARCH_URLS = urls
        return engine_on(feeding_client(), related_skills())

    yield use
    replica.reset()
    forget_clients()


@pytest.fixture
def cluster(
    on_cluster: Callable[[list[str]], ElasticEngine],
) -> Iterator[ElasticEngine]:
    """The lane's own server, with nothing in it yet."""
    engine = on_cluster([os.environ["ELASTICSEARCH_URL"]])
    yield engine
    engine.drop()


def forget_clients() -> None:
    for made in (asking_client, feeding_client, guarded):
        made.cache_clear()
