"""A form that was sent twice has the effect of one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


class FormKey(forms.UUIDField):
    """Made with the page and sent with its form; what the form makes gets this key.
    A form without one is taken as it is, and shown again with a key."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=uuid4, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial
