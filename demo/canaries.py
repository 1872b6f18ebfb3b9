"""Three members whom nobody is behind."""

from __future__ import annotations

from demo import content
from moderation.actions.canaries import Invented, create_canary
from moderation.models import Canary


def load_canaries() -> list[Canary]:
    rows = content.one("people/canaries")["canaries"]
    return [create_canary(invented=Invented(**row)) for row in rows]
