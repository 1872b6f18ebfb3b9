"""First words between strangers, and those of new members, lead nowhere else: no links,
no addresses, no names on other networks, no telephone numbers."""

import re

_LINK = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://\S|\bwww\.\S|\S@\S+\.\w"
    r"|\b[\w-]+\s?\.\s?[a-z]{2,}/\w"  # a host and a path, pulled apart or not
    # hosts alone; endings that are words ("it", "to") would stop honest sentences
    r"|\b[\w-]+\.(?:com|org|net|io|me|ru|info|app|gg|co|link|chat|ly|de|fr|es|nl|eu"
    r"|uk|ch|pl|se|dk|tn|dz|xyz|online|site|tv|cc|dev)\b"
    r"|(?<!\w)@\w{3,}"
)
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_FEWEST_DIGITS = 9  # of a telephone number; a date has eight


def holds_link(text: str) -> bool:
    if _LINK.search(text):
        return True
    numbers = _NUMBER.findall(text)
    return any(sum(map(str.isdigit, each)) >= _FEWEST_DIGITS for each in numbers)
