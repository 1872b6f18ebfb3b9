"""Starts real PostgreSQL, Redis and Elasticsearch on loopback, runs a command, stops
them. `python -m tools.services pytest -m services`.

Everything lives in a temporary folder; only what was started here is ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.packages import ensure

HERE = Path(__file__).resolve().parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, name: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port)),
        ):
            print(f"{name} is up on 127.0.0.1:{port}", flush=True)
            return
        time.sleep(0.1)
    sys.exit(f"{name} did not start within {seconds:.0f} s")


@contextlib.contextmanager
def process(name: str, command: list[str], port: int, log: Path) -> Iterator[None]:
    """Runs a server until the block ends; its output goes to the log."""
    with log.open("wb") as output:
        running = subprocess.Popen(command, stdout=output, stderr=output, cwd="/")
        try:
            wait_for(port, name)
            yield
        finally:
            running.terminate()
            try:
                running.wait(timeout=20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def postgresql_tools() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next(
        (each for each in reversed(folders) if (each / "initdb").exists()), None
    )


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """As the user `postgres` when root, since the server refuses to run as root."""
    tools = postgresql_tools()
    if tools is None:
        ensure("pg_ctlcluster", "postgresql")
        tools = postgresql_tools()
    if tools is None:
        sys.exit("PostgreSQL is missing. Install it: apt-get install postgresql")
    data, port = folder / "postgresql", free_port()
    data.mkdir()
    prefix = []
    if os.geteuid() == 0:
        prefix = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o755)
        shutil.chown(data, "postgres", "postgres")
    make = [str(tools / "initdb"), "-D", str(data), "-U", "waymark", "-A", "trust"]
    quiet = subprocess.DEVNULL
    subprocess.run([*prefix, *make], check=True, stdout=quiet, cwd="/")
    serve = [str(tools / "postgres"), "-D", str(data), "-p", str(port)]
    serve += ["-c", "listen_addresses=127.0.0.1"]
    serve += ["-c", f"unix_socket_directories={data}"]
    with process("PostgreSQL", [*prefix, *serve], port, folder / "postgresql.log"):
        wait_until_ready(tools, port)
        yield f"postgres://waymark@127.0.0.1:{port}/postgres"


def wait_until_ready(tools: Path, port: int) -> None:
    ask = [str(tools / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
    for _ in range(100):
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(0.1)
    sys.exit("PostgreSQL takes no connections")


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    server, port = ensure("redis-server", "redis-server"), free_port()
    command = [server, "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--dir", str(folder)]
    with process("Redis", command, port, folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def elasticsearch() -> Iterator[str]:
    """Java, Maven and curl are needed: the server is fetched by package name."""
    ensure("javac", "default-jdk-headless")
    ensure("mvn", "maven")
    ensure("curl", "curl")
    script, port = str(HERE / "elasticsearch" / "elasticsearch"), str(free_port())
    subprocess.run(["bash", script, "start", "--port", port, "--fresh"], check=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run(["bash", script, "stop", "--port", port], check=False)


def main(command: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="waymark-"))
        folder = Path(name)
        environment = {
            **os.environ,
            "DATABASE_URL": stack.enter_context(postgresql(folder)),
            "REDIS_URL": stack.enter_context(redis(folder)),
            "ELASTICSEARCH_URL": stack.enter_context(elasticsearch()),
        }
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
