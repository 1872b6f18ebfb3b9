"""What a project asks for: six fields, the rest folded away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.edition import EditedForm
from network.form_key import FormKey
from network.widgets import WeekGrid, slot_choices
from network.words import LineField, WordsField
from profiles.fields import LanguagesField, SkillsField
from profiles.links import holds_link, no_links
from profiles.models import Meets
from projects.actions.needs import NeedContent, edition_of
from projects.forms.fields import TownForm
from projects.models import Answer, Need


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **kwargs)


class NeedForm(EditedForm, TownForm):
    use_required_attribute = False  # what is required hangs on the kind
    FIRST = (
        "title",
        "description",
        "skills",
        "languages",
        "town",
        "town_choice",
        "slots",
    )

    key = FormKey()
    title = LineField(
        label=gettext_lazy("What do you need?"),
        max_length=120,
        validators=[no_links],
        help_text=gettext_lazy("For example: interpreters at the hospital."),
    )
    description = WordsField(
        label=gettext_lazy("What is there to do?"),
        max_length=4000,
        validators=[no_links],
        rows=4,
        help_text=gettext_lazy("Two or three sentences. No addresses, no names."),
    )
    skills = SkillsField(
        kinds={"skill"},
        label=gettext_lazy("Skills"),
        required=False,
        help_text=gettext_lazy("With commas between, or choose from the list."),
        error_messages={
            "required": gettext_lazy("Name at least one skill: people are found by it.")
        },
    )
    languages = LanguagesField(
        label=gettext_lazy("Languages, one of which is enough"),
        help_text=gettext_lazy("With commas between."),
        error_messages={"required": gettext_lazy("Name at least one language.")},
    )
    slots = forms.MultipleChoiceField(
        label=gettext_lazy("When"),
        required=False,
        choices=slot_choices,
        widget=WeekGrid,
    )
    # folded
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of help"),
        choices=Need.Kind.choices,
        initial=Need.Kind.SKILL,
    )
    seats = forms.IntegerField(
        label=gettext_lazy("How many people"), min_value=1, max_value=500, initial=1
    )
    hours_per_week = forms.IntegerField(
        label=gettext_lazy("Hours a week"), min_value=1, max_value=60, initial=2
    )
    is_remote = forms.BooleanField(
        label=gettext_lazy("It can be done from anywhere"), required=False
    )
    min_experience = forms.IntegerField(
        label=gettext_lazy("Years of experience needed"),
        min_value=0,
        max_value=40,
        initial=0,
    )
    safeguarding_tier = forms.TypedChoiceField(
        label=gettext_lazy("Whom helpers meet"),
        coerce=int,
        choices=Meets.choices,
        initial=0,
    )
    starts_on = date_field(gettext_lazy("From"))
    until = date_field(gettext_lazy("Until"))
    meeting_detail = WordsField(
        label=gettext_lazy("Where and at what hour exactly"),
        required=False,
        max_length=1000,
        rows=2,
        help_text=gettext_lazy(
            "Stored encrypted, and shown only to people to whom you have both said yes."
        ),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        min_value=1,
        max_digits=10,
        decimal_places=2,
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"), required=False, max_length=3
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), required=False, min_value=1
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].help_text = _("Leave it empty if it can be done anywhere.")
        kind = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        self.fields["skills"].required = kind in {None, "", Need.Kind.SKILL}
        self.order_fields(["key", *self.FIRST])

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    def folded(self) -> list[forms.BoundField]:
        return [
            field for field in self.visible_fields() if field.name not in self.FIRST
        ]

    @property
    def is_unfolded(self) -> bool:
        """Whether an error hides in the folded part."""
        return any(name not in self.FIRST for name in self.errors)

    def clean_skills(self) -> dict[str, float]:
        """Each skill weighs the same."""
        return dict.fromkeys(self.cleaned_data["skills"].skills, 1.0)

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("Three letters, for example EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, sentence in self._missing(data):
            if name not in self.errors:
                self.add_error(name, sentence)
        begins, ends = data.get("starts_on"), data.get("until")
        if ends and begins and ends < begins:
            self.add_error("until", _("The last day lies before the first."))
        elif ends and ends < timezone.localdate():
            self.add_error("until", _("That day is over already."))
        return data

    @staticmethod
    def _missing(data: dict[str, Any]) -> list[tuple[str, str]]:
        """What each kind of need cannot be without."""
        kind = data.get("kind")
        if kind == Need.Kind.SKILL and not data.get("skills"):
            return [("skills", _("Name at least one skill: people are found by it."))]
        if kind == Need.Kind.MONEY and not (
            data.get("amount") and data.get("currency")
        ):
            return [("amount", _("How much, and in which currency?"))]
        if kind == Need.Kind.THING and not data.get("quantity"):
            return [("quantity", _("How many?"))]
        return []

    def content(self, causes: list[str]) -> NeedContent:
        data = dict(self.cleaned_data)
        for name in ("key", "opened", "town_choice"):
            data.pop(name, None)
        data["is_remote"] = data["is_remote"] or data["town"] is None
        return NeedContent(causes=causes, **data)

    @staticmethod
    def initial_from(need: Need) -> dict[str, Any]:
        names = (
            "title", "description", "slots", "kind", "seats", "hours_per_week",
            "is_remote", "min_experience", "safeguarding_tier", "starts_on", "until",
            "meeting_detail", "amount", "currency", "quantity",
        )  # fmt: skip
        initial = {name: getattr(need, name) for name in names}
        return initial | {
            "key": need.pk,
            "opened": edition_of(need),
            "skills": ", ".join(row.skill for row in need.skills.all()),
            "languages": ", ".join(need.languages),
            "town": need.town_id or "",
        }


class OfferHelpForm(forms.Form):
    """One line to the lead, when offering to help with one need."""

    note = WordsField(
        label=gettext_lazy("A line to the people who lead it"),
        required=False,
        max_length=500,
        rows=2,
    )

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"])
        if holds_link(note):
            raise ValidationError(_("No links or addresses in a first note, please."))
        return note


class AnswerForm(forms.Form):
    """Yes, or no with a reason that nobody else is told."""

    reply = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("yes", ""), ("no", ""), ("withdraw", "")],
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Press one of the buttons.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("If no, why?"),
        required=False,
        choices=Answer.Reason.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only used to find better tasks. Nobody is told."),
    )
