"""Two people change one thing at once: who stores second learns of the first, keeps
every word, and decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.access import Refused

OVERTAKEN = _(
    "Somebody else has changed this since you opened it. Below is what you wrote. Look "
    "at what stands now, in another tab; if you store yours, it takes its place."
)


class Overtaken(Refused):
    """What was opened is not what stands there now. `now` is the mark of that."""

    def __init__(self, now: str) -> None:
        super().__init__(OVERTAKEN)
        self.now = now


def mark(values: Mapping[str, Any]) -> str:
    """Another one as soon as a value is another. A row's `version` would not do: it
    rises with what nobody edits too."""
    text = json.dumps(values, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    """5 and 5.00 are one amount: as it was typed, and as it is stored."""
    return str(value.normalize() if isinstance(value, Decimal) else value)


def check(opened: str, *, now: str, wanted: str) -> None:
    """Three marks. Raises `Overtaken`, but not where nothing would change: a button
    pressed twice. Whoever does not say what they opened is taken at their word."""
    if opened and now not in {opened, wanted}:
        raise Overtaken(now)


class EditedForm(forms.Form):
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    overtaken_words: str | Promise = OVERTAKEN

    def come_back(self, overtaken: Overtaken) -> None:
        """Shown again with all words; sent once more it is meant."""
        self.data = MultiValueDict(self.data)
        self.data["opened"] = overtaken.now
        self.add_error(None, str(self.overtaken_words))
