"""The demonstration with what it leaves to its visitors to make: see `staging_rows`.

with staged() as stage:
    page.goto(stage.site.url + stage.places["application"])
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from tools.demo_site import Site, served

CREATE = """
import json
from tools.staging_rows import create
print(json.dumps(create()))
"""


@dataclass(frozen=True)
class Stage:
    """`places`: name → path. `sessions`: who → the key of a session."""

    site: Site
    places: dict[str, str]
    sessions: dict[str, str]


@contextlib.contextmanager
def staged() -> Iterator[Stage]:
    with served("tools.seen:application") as site:
        made = json.loads(
            site.manage("shell", "--no-imports", "-c", CREATE).splitlines()[-1]
        )
        sessions = {**site.sessions, **made["sessions"]}
        yield Stage(site, made["places"], sessions)
