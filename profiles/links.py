"""First words between strangers, and those of new members, lead nowhere else: no links,
no addresses, no names on other networks, no telephone numbers."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Endings of hosts. Of two letters, those that are no words as well: "it" and "to" would
# stop honest sentences without a space after the full stop. Longer ones are too many to
# list, and whoever means none adds the space.
_ENDINGS = (
    "[a-z]{3,}|io|me|ru|gg|co|ly|de|fr|es|nl|eu|uk|ch|pl|se|dk|tn|dz|tv|cc|gl|gd|ws|su"
    "|ua|tr|ir|ae|cz|sk|hu|ro|bg|gr|pt|jp|cn|br|mx|ca|au|nz|za|ke|ng|eg|lb|jo|tk|ml|ga"
    "|cf|рф|شبكة"
)
# read once from its beginning: a text of nothing but hyphens must not cost seconds
_HOST = r"(?<![\w-])[\w-]++"
_LINK = re.compile(
    r"(?i)[a-z]://\S|\bwww\.\S|\S@\S+\.\w"
    rf"|{_HOST}\s?\.\s?[a-z]{{2,}}/\w"  # a host and a path, pulled apart or not
    rf"|{_HOST}\.(?-i:(?![A-Z][a-z]))(?:{_ENDINGS})\b"  # "Es" begins a sentence
    rf"|{_HOST}\s++\.\s+(?:com|org|net|me|gg|io|ru|info|biz)\b"
    rf"|{_HOST}\s*+[\[({{]\s*(?:dot|punkt|point|punto|نقطة)\s*[\])}}]\s*\w"
    rf"|{_HOST}\s*+\bdot\b\s*(?:com|org|net|me|gg|io|ru|info|biz|live|group|onion)\b"
    r"|\w\s*[\[({]\s*(?:at|@)\s*[\])}]\s*\w"
    r"|\b(?:telegram|whatsapp|signal|discord|instagram|insta|snapchat|skype|tiktok"
    r"|facebook|threema|wickr)\s*[:=@]\s*\w"
    r"|(?<!\w)@\s?\w{3,}"
    r"|\w#\d{3,}"  # a name on a network for players
)
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_FEWEST_DIGITS = 9  # of a telephone number; a date has eight
_FULL_STOPS = str.maketrans({"。": ".", "｡": ".", "․": ".", "‧": "."})


def holds_link(text: str) -> bool:
    """However it is written: in wide letters, with signs between that nobody sees."""
    plain = unicodedata.normalize("NFKC", text.translate(_FULL_STOPS))
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    if _LINK.search(seen):
        return True
    numbers = _NUMBER.findall(seen)
    return any(sum(map(str.isdigit, each)) >= _FEWEST_DIGITS for each in numbers)


def no_links(text: str) -> None:
    """For a form's field. Raises `ValidationError`."""
    if holds_link(text):
        raise ValidationError(
            _(
                "No links, addresses or telephone numbers here, please. If it is none, "
                "a space after the full stop helps."
            )
        )
