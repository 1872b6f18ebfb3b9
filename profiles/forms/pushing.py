"""What a browser says of itself when it is switched on for notices."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from network import push_service


class PushForm(forms.Form):
    """Filled in by the script of the page: nobody types an address, so what is wrong
    with it stands at no field."""

    endpoint = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        endpoint = self.cleaned_data.get("endpoint")
        if not endpoint:
            raise ValidationError(
                _("This browser gave no address. Press the button once more.")
            )
        if not push_service.is_push_service(endpoint):
            raise ValidationError(
                _(
                    "This browser wants to be told over a server that we do not know. "
                    "We only use those of the makers of browsers: Apple, Google, "
                    "Microsoft and Mozilla."
                )
            )
