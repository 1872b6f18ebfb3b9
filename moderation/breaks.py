"""A reminder to rest: after twenty decisions, or forty minutes at the desk.

It only asks. Fifteen minutes away from the desk count as a break taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

KEY = "desk"
MOST_ITEMS = 20
LONGEST = timedelta(minutes=40)
REST = timedelta(minutes=15)


def is_due(request: HttpRequest, *, decided: bool = False) -> bool:
    """Notes that the person is at the desk now; whether a break is due."""
    now = timezone.now()
    stint = request.session.get(KEY)
    if stint is None or now - _time(stint["last"]) >= REST:
        stint = {"since": now.isoformat(), "items": 0}
    items = stint["items"] + decided
    request.session[KEY] = {**stint, "items": items, "last": now.isoformat()}
    return bool(items >= MOST_ITEMS or now - _time(stint["since"]) >= LONGEST)


def start_anew(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
