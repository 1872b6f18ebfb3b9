"""A form that was sent twice has the effect of one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django import forms


class FormKey(forms.UUIDField):
    """Made with the page and sent with its form; what the form makes gets this key.
    A form without one, or with something else in its place, is taken as it is, under a
    new key: nobody who writes it could mend that."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=uuid4, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _key_of(data) or initial

    def clean(self, value: Any) -> UUID:
        return _key_of(value) or uuid4()


def _key_of(text: Any) -> UUID | None:
    with suppress(ValueError, AttributeError, TypeError):
        return UUID(str(text))
    return None
