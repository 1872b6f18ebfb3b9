"""What people write at length: nothing of it is cut, and it has to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
# one that is never ended turns around what stands after it on the page
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def is_seen(text: str) -> bool:
    """Whether a reader would see anything of it."""
    return any(category(sign) not in UNSEEN for sign in text)


def straight(text: str) -> str:
    """Without signs that turn the direction of what follows."""
    return text.translate(_TURNING)


def isolated(text: object) -> str:
    """For a sentence that may run the other way: its signs stay at their ends."""
    return f"\u2068{text}\u2069"


def in_a_row(words: Iterable[object]) -> str:
    """With the comma of the reader's script."""
    return pgettext("between words in a row", ", ").join(map(str, words))


class LineField(forms.CharField):
    """One line, straight."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if text and not self.required and not is_seen(text):
            return ""
        return straight(text) if text else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_seen(value):
            raise ValidationError(_("Write something first."))


class WordsField(LineField):
    """Several lines. What is too long comes back whole, with the error beside it: a
    browser that knew the limit would cut a pasted text without a word."""

    is_required_sometimes = False  # by another answer: it is not called optional

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
