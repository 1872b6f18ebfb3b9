"""allauth's forms for codes of a second factor, as people type them."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp


def plain_code(text: str) -> str:
    """Without the blank in its middle, with digits of any script as 0 to 9."""
    signs = "".join(text.split())
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in signs)


class TypedCode:
    """Mixed into a form with a field `code`."""

    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain_code(self.cleaned_data["code"])
        checked: str = super().clean_code()  # type: ignore[misc]
        return checked


class AuthenticateForm(TypedCode, base.AuthenticateForm):
    pass


class ReauthenticateForm(TypedCode, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(TypedCode, totp.ActivateTOTPForm):
    pass
