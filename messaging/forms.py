from django import forms
from django.utils.translation import gettext_lazy as _

from network.form_key import FormKey
from network.words import WordsField


class MessageForm(forms.Form):
    """The composer. `uuid` makes a form that was sent twice one message."""

    body = WordsField(
        label=_("Your message"),
        rows=1,
        max_length=8192,
        strip=True,
        error_messages={"required": _("Write something first.")},
    )
    uuid = FormKey()
    is_sensitive = forms.BooleanField(
        label=_("Mentions an attack or violence"), required=False
    )
