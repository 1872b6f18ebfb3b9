from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.words import WordsField
from profiles.actions.consent import current_text
from profiles.fields import here
from profiles.forms.joining import check_seen
from profiles.links import no_links
from profiles.models import ConsentText, Purpose


class ReconfirmForm(forms.Form):
    """Shows the community agreement as it stands. Sent back with another text's hash,
    it asks again."""

    stays = forms.BooleanField(
        label=_("I stay a member, and keep to the community agreement."),
        error_messages={"required": _("Say that you stay, or leave below.")},
    )
    words = WordsField(
        label=_("Has anything changed that we should know?"),
        help_text=_(
            "Only the vetters read it. You can leave it empty. Please, no offences."
        ),
        rows=4,
        max_length=2000,
        required=False,
        validators=[no_links],
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.text: ConsentText = current_text(Purpose.COMMUNITY, here())
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.text.text_hash

    def clean_seen(self) -> str:
        return check_seen(self.cleaned_data["seen"], self.text.text_hash)
