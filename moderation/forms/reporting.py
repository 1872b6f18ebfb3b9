from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.models import Report
from network.form_key import FormKey
from network.words import LineField, WordsField

LONGEST = 4000
BY_THE_SITE = {Report.Reason.CANARY.value, Report.Reason.COLLECTING.value}
# what people say
REASONS = [pair for pair in Report.Reason.choices if pair[0] not in BY_THE_SITE]


class ReportForm(forms.Form):
    """At most three fields. `uuid` makes a form that was sent twice one report."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best.")},
    )
    words = WordsField(
        label=_("What should we know?"),
        help_text=_("A few words are enough."),
        rows=3,
        max_length=LONGEST,
        required=False,
    )
    contact = LineField(
        label=_("How can we reach you?"),
        help_text=_("Only if we may ask you something. You need not give a name."),
        max_length=200,
        required=False,
    )
    block = forms.BooleanField(
        label=_("Block this person too: neither of you sees the other any more"),
        required=False,
    )
    uuid = FormKey()

    def __init__(
        self, *args: Any, can_block: bool = False, is_known: bool = False, **kwargs: Any
    ) -> None:
        """Who is signed in can be reached already; who is not has nobody to block."""
        super().__init__(*args, **kwargs)
        if not can_block:
            del self.fields["block"]
        if is_known:
            del self.fields["contact"]


class DangerForm(forms.Form):
    words = WordsField(
        label=_("What do you know?"),
        help_text=_("Who, what, since when, and where you read or heard it."),
        rows=5,
        max_length=LONGEST,
        error_messages={"required": _("Write what you know, in a few words.")},
    )
    contact = LineField(
        label=_("How can we reach you?"),
        help_text=_("Only if we may ask you something. You need not give a name."),
        max_length=200,
        required=False,
    )
    uuid = FormKey()
