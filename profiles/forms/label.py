"""What a person was, and what they know at first hand: shown for a time, or never."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.backgrounds import Background
from profiles.models import Profile


class WithLabel(forms.Form):
    """Asked only of whoever has told us how they came to the network: what they know
    at first hand rests on the same consent."""

    profile: Profile

    kind_until = forms.DateField(
        label=gettext_lazy("Shown until"),
        help_text=gettext_lazy(
            "From the day after nobody sees it any more: you are more than what you "
            "were. Leave it empty for no end."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    backgrounds = forms.MultipleChoiceField(
        label=gettext_lazy("Which kind of violence you know at first hand"),
        help_text=gettext_lazy(
            "Nobody ever sees it. It is stored encrypted, stands in no index, and "
            "serves for the wish below and nothing else. You can leave it empty."
        ),
        widget=forms.CheckboxSelectMultiple,
        choices=Background.choices,
        required=False,
    )
    is_across = forms.BooleanField(
        label=gettext_lazy("Suggest members to me whose background is another one"),
        help_text=gettext_lazy("Only to those who wish for it too."),
        required=False,
    )

    def fit_to_label(self) -> None:
        if not self.profile.kind:
            for name in ("kind_until", "backgrounds", "is_across"):
                del self.fields[name]

    def label_fields(self) -> list[forms.BoundField]:
        names = ("kind_until", "backgrounds", "is_across")
        return [self[name] for name in names if name in self.fields]

    def clean_kind_until(self) -> date | None:
        until: date | None = self.cleaned_data["kind_until"]
        if until is not None and until < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or a later one."))
        return until

    def label_values(self) -> dict[str, Any]:
        if not self.label_fields():
            return {}
        data = self.cleaned_data
        known = {"known": data["backgrounds"], "is_across": data["is_across"]}
        return {"kind_until": data["kind_until"], "first_hand": known}


def initial_of_label(profile: Profile) -> dict[str, Any]:
    known = profile.first_hand
    return {
        "kind_until": profile.kind_until,
        "backgrounds": known.get("known", []),
        "is_across": known.get("is_across", False),
    }
