from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.forms.desk import WordForm


class ReviewForm(WordForm):
    """Stays or ends."""

    no = "end"
    answer = forms.ChoiceField(choices=[("stay", ""), (no, "")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].label = _("If you say that it ends: what the member reads")
        self.fields["told"].help_text = _(
            "Kind and plain: why, and what they can do now. They read it only once a "
            "second person says so too, without your name."
        )
