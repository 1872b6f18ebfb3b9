"""What somebody has filled in so far on the screens of an appeal.

It stays in the visitor's session, encrypted, and nowhere else until the last button.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from time import time
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest

from network import crypto
from projects.models import Appeal

SESSION_KEY = "offer"
KEPT = timedelta(hours=2)
STAMP_KEPT = timedelta(days=1)
QUICKEST = timedelta(seconds=3)  # nobody reads and fills three screens in less
STEPS = (1, 2, 3)


@dataclass
class Draft:
    """`key` becomes the id of what is stored, so that two sendings make one."""

    key: UUID
    started_at: float
    is_sent: bool = False
    answers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def fresh(cls) -> Draft:
        return cls(uuid4(), time())

    @property
    def reachable(self) -> int:
        """The first screen that still lacks its answers, at most the last."""
        if "offers" not in self.answers:
            return 1
        return 3 if "languages" in self.answers else 2

    @property
    def is_too_quick(self) -> bool:
        return time() - self.started_at < QUICKEST.total_seconds()


def stamp() -> str:
    """A signed key and time for the first screen: it needs no session to be shown."""
    return signing.dumps([str(uuid4()), time()], salt=SESSION_KEY)


def begun(stamped: str) -> Draft:
    """A forged or very old stamp begins anew; nobody is turned away for it."""
    try:
        key, at = signing.loads(stamped, salt=SESSION_KEY, max_age=STAMP_KEPT)
    except signing.BadSignature:
        return Draft.fresh()
    return Draft(UUID(key), at)


def current(request: HttpRequest, appeal: Appeal) -> Draft | None:
    sealed = request.session.get(SESSION_KEY)
    if not isinstance(sealed, str):
        return None
    try:
        row = json.loads(crypto.decrypt(sealed, aad=_aad(appeal)))
    except crypto.Tampered:  # of another appeal, or of an older key
        return None
    if time() - row["at"] > KEPT.total_seconds():
        return None
    return Draft(
        UUID(row["key"]), row["started_at"], row["is_sent"], answers=row["answers"]
    )


def keep(request: HttpRequest, appeal: Appeal, draft: Draft) -> None:
    row = {
        "key": str(draft.key),
        "started_at": draft.started_at,
        "is_sent": draft.is_sent,
        "answers": draft.answers,
        "at": time(),
    }
    request.session[SESSION_KEY] = crypto.encrypt(json.dumps(row), aad=_aad(appeal))


def close(request: HttpRequest, appeal: Appeal, draft: Draft) -> None:
    """Sent: the answers go, the key stays, for the same form sent once more."""
    keep(request, appeal, Draft(draft.key, draft.started_at, is_sent=True))


def _aad(appeal: Appeal) -> str:
    return f"offer|{appeal.pk}"
