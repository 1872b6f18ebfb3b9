"""Starts real PostgreSQL, Redis and Elasticsearch on loopback, runs a command, stops
them. `python -m tools.services pytest -m services`.

Everything lives in a temporary folder; only what was started here is ended. A service
that cannot be started ends the lane with an error: nothing is ever skipped for it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from tools.packages import ensure

HERE = Path(__file__).resolve().parent
# The rows last as long as the lane: waiting for the disk would double its time.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(answers: Callable[[], bool], name: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > deadline:
            sys.exit(f"{name} did not start within {seconds:.0f} s")
        time.sleep(0.1)


def takes_connections(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextlib.contextmanager
def process(
    name: str,
    command: list[str],
    log: Path,
    answers: Callable[[], bool],
    *,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    """Runs a server until the block ends; its output goes to the log."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            command, stdout=output, stderr=output, cwd="/", user=user
        )

    def is_up() -> bool:
        if running.poll() is not None:
            sys.exit(f"{name} did not start:\n{log.read_text(errors='replace')}")
        return answers()

    try:
        wait_until(is_up, name)
        print(f"{name} is up", flush=True)
        yield
    finally:
        end(running, stop)


def end(running: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    running.send_signal(stop)
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
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        folder.chmod(0o755)
        shutil.chown(data, user, user)
    make = [str(tools / "initdb"), "-D", str(data), "-U", "waymark", "-A", "trust"]
    make += ["-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    quiet = subprocess.DEVNULL
    subprocess.run(make, check=True, stdout=quiet, cwd="/", user=user)
    serve = [str(tools / "postgres"), "-D", str(data), "-p", str(port)]
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={data}")
    for setting in (*settings, *FORGETFUL):
        serve += ["-c", setting]
    ask = [str(tools / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
    with process(
        "PostgreSQL",
        serve,
        folder / "postgresql.log",
        lambda: subprocess.run(ask, check=False).returncode == 0,
        user=user,
        stop=signal.SIGINT,  # its fast stop: SIGTERM waits for every client
    ):
        yield f"postgres://waymark@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    server, port = ensure("redis-server", "redis-server"), free_port()
    command = [server, "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--dir", str(folder)]
    log = folder / "redis.log"
    with process("Redis", command, log, lambda: takes_connections(port)):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def elasticsearch() -> Iterator[str]:
    """Java, Maven and curl are needed: the server is fetched by package name."""
    ensure("javac", "default-jdk-headless")
    ensure("mvn", "maven")
    ensure("curl", "curl")
    script, port = str(HERE / "elasticsearch" / "elasticsearch"), str(free_port())
    place = ["--port", port]
    subprocess.run(["bash", script, "start", *place, "--fresh"], check=True)
    print("Elasticsearch is up", flush=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run(["bash", script, "stop", *place], check=False)
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        run = caches / "elasticsearch-single-node" / "run" / port
        shutil.rmtree(run, ignore_errors=True)  # every run has a port of its own


def leave(number: int, _frame: FrameType | None) -> None:
    """Ended from outside: what was started is stopped on the way out."""
    sys.exit(128 + number)


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, leave)
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
