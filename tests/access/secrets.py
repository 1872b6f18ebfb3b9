"""Words that only some may read: an answer with one in it for anybody else is wrong."""

from __future__ import annotations

from tests.access.people import ROLES

NOBODY: frozenset[str] = frozenset()
# what is written where -> the roles for which an answer may show it
SECRETS: dict[str, frozenset[str]] = {
    # the text of messages: the two in each conversation
    "amber lighthouse": frozenset(
        {"owner", "lead", "volunteer", "vetter", "applicant"}
    ),
    # where a task meets: the lead's own form, and who has both yeses
    "violet kiosk": frozenset({"lead", "owner"}),
}


def leaked(role: str, body: bytes) -> str:
    """The first word that this role may not read, or nothing."""
    assert role in ROLES
    for secret, allowed in SECRETS.items():
        if role not in allowed and secret.encode() in body:
            return secret
    return ""
