"""Elasticsearch servers of a test's own, which it may kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.services import HERE, free_port, wait_until

SCRIPT = str(HERE / "elasticsearch" / "elasticsearch")
CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
RUNS = CACHES / "elasticsearch-single-node" / "run"


class Server:
    """One node; its data outlive a kill, not the test."""

    def __init__(self, settings: tuple[str, ...] = ()) -> None:
        self.port = free_port()
        self.settings = settings
        self.folder = RUNS / str(self.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> subprocess.Popen[bytes]:
        command = ["bash", SCRIPT, "start", "--port", str(self.port), "--heap", "512m"]
        for setting in self.settings:
            command += ["-E", setting]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)

    def start(self) -> None:
        assert self.begin().wait(timeout=120) == 0

    def kill(self) -> None:
        """At once, as when a machine loses its power."""
        pid = int((self.folder / "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid), "the end of a server")
        (self.folder / "pid").unlink()

    def leave(self) -> None:
        if (self.folder / "pid").exists():
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def servers(count: int) -> Iterator[list[Server]]:
    """One, or several that make one cluster."""
    made = [Server()] if count == 1 else in_one_cluster(count)
    try:
        for running in [one.begin() for one in made]:
            assert running.wait(timeout=180) == 0
        yield made
    finally:
        for one in made:
            one.leave()


def in_one_cluster(count: int) -> list[Server]:
    ports = [free_port() for _ in range(count)]
    names = ",".join(f"n{number}" for number in range(count))
    seeds = ",".join(f"127.0.0.1:{port}" for port in ports)
    return [
        Server(
            (
                "discovery.type=multi-node",
                f"node.name=n{number}",
                f"transport.port={port}",
                f"discovery.seed_hosts={seeds}",
                f"cluster.initial_master_nodes={names}",
                # a lost server is noticed within seconds
                "cluster.fault_detection.follower_check.interval=500ms",
                "cluster.fault_detection.leader_check.interval=500ms",
            )
        )
        for number, port in enumerate(ports)
    ]
