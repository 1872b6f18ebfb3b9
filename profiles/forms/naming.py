"""The name that a person goes by: nobody is found by it, nor taken for the team."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from network.folding import fold, without_article
from profiles.links import holds_link

SHORTEST, LONGEST = 2, 60
_JOINERS = {"\u200c", "\u200d"}  # letters of Persian and others are joined by them
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
# folded, in the five languages of the site: whoever bears one speaks for the network
_OF_THE_TEAM = frozenset(
    (
        "admin", "administrator", "administratorin", "administrateur",
        "administratrice", "administrador", "administradora", "vetter", "vetters",
        "vetting", "staff", "support", "prufteam", "مشرف", "مشرفه",
    )
)  # fmt: skip
_ANYWHERE = ("waymark", "moderator", "moderateur", "moderatrice", "moderador")


class PseudonymField(forms.CharField):
    """Cleans to a name of letters that are seen, in one alphabet a word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=SHORTEST, max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> str:
        """Without signs that nobody sees: one of them turns what follows around."""
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        seen = "".join(
            sign
            for sign in text
            if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN
        )
        return " ".join(seen.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        if holds_link(value):
            raise ValidationError(_("A name, please, no address or link."))
        if not any(sign.isalpha() for sign in value):
            raise ValidationError(_("A name needs letters."))
        if any(len(alphabets(word)) > 1 for word in value.split()):
            raise ValidationError(
                _("Please write each word of the name in one alphabet.")
            )
        if sounds_like_the_team(value):
            raise ValidationError(taken_by_the_team())


def taken_by_the_team() -> str:
    return _("This name could be taken for the network's team. Choose another.")


def alphabets(word: str) -> set[str]:
    """Of a word's letters; those that Unicode gives to several are left out."""
    names = (unicodedata.name(sign, "") for sign in word if sign.isalpha())
    return {name.split()[0] for name in names} - {"MODIFIER", "FEMININE", "MASCULINE"}


def sounds_like_the_team(name: str) -> bool:
    """As one of its words or all of them together; names like Stafford are nobody's."""
    words = [without_article(word) for word in fold(name).split()]
    joined = "".join(words)
    if any(part in joined for part in _ANYWHERE):
        return True
    return not _OF_THE_TEAM.isdisjoint([*words, joined])
