from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from moderation.forms.desk import LONGEST, VerdictForm
from network.models import User
from network.words import WordsField


class LostAccessForm(forms.Form):
    address = forms.EmailField(
        label=_("The address you sign in with"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write the address that you signed in with."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    reach = forms.EmailField(
        label=_("Where we can reach you now, if that has changed"),
        help_text=_(
            "Another e-mail address. In the end it takes the place of the old one."
        ),
        required=False,
        error_messages={"invalid": _("This does not look like an e-mail address.")},
    )

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).lower()

    def clean_reach(self) -> str:
        return str(self.cleaned_data["reach"]).lower()


class WordsForm(forms.Form):
    words = WordsField(
        label=_("What can you tell us by which we know it is you?"),
        help_text=_(
            "What only you and the network know: whom you write with, what you wrote "
            "in your application, which projects you are in. Please send no identity "
            "papers and no password."
        ),
        rows=6,
        max_length=LONGEST,
        error_messages={"required": _("Write a few lines first.")},
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters, and none of the well-known ones."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.person)
        return password


class RecoveryVerdictForm(VerdictForm):
    """As with applications; reasons go with the person's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "The person sees a question. Reasons are shown to vetters only, and are "
            "blanked 30 days after the end."
        )
