"""The demonstration on a free port of loopback, for what needs a real browser.

    with served() as site:
        page.goto(site.url)

It is loaded once for each state of the sources and copied for every run, so that a
run may change what it likes. Only the server that was started here is ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOADED = ROOT / "var" / "demo-loaded"
ROOMS = ("network", "profiles", "projects", "messaging", "cms", "search", "moderation")
PEOPLE = (
    *("tomas", "leila", "mirte", "samuel", "pernille", "eszter"),
    *("amina", "ruben", "hanne", "camille", "katrin", "devon"),
)
SESSIONS = """
import json, sys, django
django.setup()
from network.models import User
from tests.cast import client_of
name = lambda key: f"{key}@demo.waymark.example"
people = {key: User.objects.get(email=name(key)) for key in sys.argv[1:]}
keys = {key: client_of(user).cookies["sessionid"].value for key, user in people.items()}
print(json.dumps(keys))
"""


@dataclass(frozen=True)
class Site:
    url: str
    folder: Path
    sessions: dict[str, str]  # signed in, second factor included: first name → cookie

    @property
    def password(self) -> str:
        return (self.folder / "demo_password").read_text().strip()

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(self.folder),
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout.strip()

    def fresh_sessions(self, *names: str) -> dict[str, str]:
        """Others than `sessions`, for whoever ends theirs."""
        return signed_in(names, environment(self.folder, WAYMARK_BASE_URL=self.url))

    def code(self, name: str) -> str:
        """The second factor's code of this half minute; each works once."""
        return self.manage("demo_code", address(name))

    def mails_to(self, recipient: str, *, wait: float = 15) -> list[EmailMessage]:
        """The newest first; waits for one to come, since the worker sends them."""
        deadline = time.monotonic() + wait
        while True:
            found = [mail for mail in self.mails() if recipient in str(mail["to"])]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.2)

    def mails(self) -> list[EmailMessage]:
        paths = sorted((self.folder / "mail").glob("*.eml"), reverse=True)
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in paths
        ]


def address(name: str) -> str:
    return f"{name}@demo.waymark.example"


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return {
        **kept,
        "WAYMARK_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "network.settings",
        **more,
    }


def fingerprint() -> str:
    """Of the content and the tables. A change of code alone does not load it anew:
    remove `var/demo-loaded/` when it should."""
    digest = hashlib.sha256((ROOT / "cms" / "loading.py").read_bytes())
    folders = [ROOT / "demo", ROOT / "profiles" / "data"]
    for folder in folders + [ROOT / room / "migrations" for room in ROOMS]:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def loaded() -> Path:
    """The folder of a loaded demonstration, made when the sources have changed."""
    ready = LOADED / fingerprint()
    LOADED.mkdir(parents=True, exist_ok=True)
    with (LOADED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two lanes may begin at once
        if not ready.exists():
            load(ready)
    return ready


def load(ready: Path) -> None:
    for old in LOADED.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    making = LOADED / "making"
    making.mkdir()
    print("Loading the demonstration …", flush=True)
    for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(making),
            check=True,
            stderr=subprocess.DEVNULL,
        )
    making.rename(ready)


def signed_in(names: Iterable[str], given: dict[str, str]) -> dict[str, str]:
    made = subprocess.run(
        [sys.executable, "-c", SESSIONS, *names],
        cwd=ROOT,
        env=given,
        check=True,
        stdout=subprocess.PIPE,
    )
    keys: dict[str, str] = json.loads(made.stdout)
    return keys


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(application: str = "network.asgi:application") -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="waymark-demo-") as name:
        folder = Path(name) / "var"
        shutil.copytree(loaded(), folder)
        port = free_port()
        url = f"http://localhost:{port}"
        given = environment(folder, WAYMARK_BASE_URL=url)
        sessions = signed_in(PEOPLE, given)
        command = [sys.executable, "-m", "uvicorn", application]
        command += ["--host", "127.0.0.1", "--port", str(port), "--lifespan", "off"]
        command += ["--ws-max-size", "65536", "--log-level", "warning"]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                command, cwd=ROOT, env=given, stdout=log, stderr=log
            )
            try:
                wait_until_up(url, server, folder / "server.log")
                yield Site(url, folder, sessions)
            finally:
                server.terminate()
                server.wait(timeout=20)


def wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{url}/health/", timeout=5),  # noqa: S310
        ):
            return
        if server.poll() is not None:
            break
        time.sleep(0.2)
    sys.exit(f"The demonstration did not start:\n{log.read_text()}")


if __name__ == "__main__":
    loaded()
