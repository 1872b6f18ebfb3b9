"""What people write at length: nothing of it is cut, and it has to be seen."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


def is_seen(text: str) -> bool:
    """Whether a reader would see anything of it."""
    return any(category(sign) not in UNSEEN for sign in text)


class WordsField(forms.CharField):
    """Several lines. What is too long comes back whole, with the error beside it: a
    browser that knew the limit would cut a pasted text without a word."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_seen(value):
            raise ValidationError(_("Write something first."))
