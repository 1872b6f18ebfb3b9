"""First words between strangers carry no links and no addresses."""

import re

_LINK = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://\S|\bwww\.\S|\S@\S+\.\w"
    r"|\b[\w-]+\.(?:com|org|net|io|me|ru|info|app|gg|co|link|chat)\b"
)


def holds_link(text: str) -> bool:
    return _LINK.search(text) is not None
