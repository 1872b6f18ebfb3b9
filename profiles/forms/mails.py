"""How mails about what is new come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network import notify
from network.models import Pace, User
from network.zones import zone_choices


class MailsForm(forms.Form):
    pace = forms.ChoiceField(
        label=_("When should a mail tell you of it?"),
        help_text=_(
            "By the day or by the week it is one mail, and only when something new has "
            "come."
        ),
        widget=forms.RadioSelect,
        choices=Pace.choices,
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_(
            "So that eight in the morning is your morning. The times on this site "
            "follow it too."
        ),
    )

    def __init__(self, data: Any, *, person: User) -> None:
        chosen = {"pace": notify.pace_of(person), "time_zone": person.time_zone}
        super().__init__(data, initial=chosen)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = zone_choices(person.time_zone)
