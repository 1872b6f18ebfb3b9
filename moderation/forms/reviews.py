from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.forms.desk import LONGEST
from network.words import WordsField
from profiles.links import no_links


class ReviewForm(forms.Form):
    """Stays or ends, each for a reason; an end is told in kind words."""

    reason = WordsField(
        label=_("Your reason"),
        help_text=_("Kept with the decision, and shown to vetters only."),
        rows=4,
        max_length=LONGEST,
        error_messages={"required": _("A reason is needed.")},
    )
    told = WordsField(
        label=_("If you say that it ends: what the member reads"),
        help_text=_(
            "Kind and plain: why, and what they can do now. They read it only once a "
            "second person says so too, without your name."
        ),
        rows=3,
        max_length=LONGEST,
        required=False,
        validators=[no_links],
    )
    answer = forms.ChoiceField(choices=[("stay", ""), ("end", "")])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_told = data.get("told") or self.errors.get("told")
        if data.get("answer") == "end" and not is_told:
            self.add_error("told", _("Write some words that the member reads."))
        return data
