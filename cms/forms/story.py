"""The steps of telling a story. Each may be left half done and is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models import Story, Use
from network.form_key import FormKey
from network.http import posted
from network.words import LineField, WordsField

KINDS = [
    ("former", _("I left a violent group")),
    ("survivor", _("I survived violence")),
]
PERIODS = [
    ("1", _("One year")),
    ("3", _("Three years")),
    ("", _("Until I withdraw it")),
]


class StepForm(forms.Form):
    """With `partial`, what is empty may stay so: the person takes a break."""

    def __init__(self, *args: Any, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partial:
            for field in self.fields.values():
                field.required = False

    def to_keep(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class WriteForm(StepForm):
    title = LineField(
        label=_("A title"),
        max_length=120,
        help_text=_("You can change it later."),
    )
    language = forms.ChoiceField(label=_("I write in"), choices=settings.LANGUAGES)
    body = WordsField(
        label=_("Your story"),
        max_length=30_000,
        help_text=_(
            "Begin where you like. Leave out names of people and streets, and whatever "
            "you do not wish to tell. An empty line makes a new paragraph."
        ),
        rows=14,
    )


class BeginForm(WriteForm):
    """The first step of a story that is not there yet."""

    key = FormKey()

    def to_keep(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WriteForm.base_fields}


class NoteForm(StepForm):
    mentions = WordsField(
        label=_("What does your story mention?"),
        max_length=400,
        help_text=_("One or two sentences that everybody reads before the story."),
        rows=3,
    )
    kind = forms.ChoiceField(
        label=_("You tell it as somebody who says"),
        choices=KINDS,
        widget=forms.RadioSelect,
    )
    pseudonym = LineField(
        label=_("The name under the story"),
        max_length=60,
        help_text=_("Not your own, and not the one of your profile."),
    )
    region = LineField(
        label=_("Part of the world"),
        max_length=80,
        help_text=_("As wide as you like: Northern Europe, East Africa."),
    )
    summary = WordsField(
        label=_("In two sentences, for the lists"),
        max_length=220,
        required=False,
        rows=2,
    )


class ConsentForm(StepForm):
    uses = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        choices=Use.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick each use that you want. Each can be left out but the first."),
    )
    period = forms.ChoiceField(
        label=_("For how long?"),
        choices=PERIODS,
        required=False,
        widget=forms.RadioSelect,
    )
    agrees = forms.BooleanField(
        label=_("I have read the text above and agree that my story is published so.")
    )

    def clean_uses(self) -> list[str]:
        uses: list[str] = self.cleaned_data["uses"]
        if uses and Use.SITE.value not in uses:
            raise forms.ValidationError(
                _("Without “On this site” there is nowhere to show it.")
            )
        return uses

    def to_keep(self) -> dict[str, Any]:
        years = self.cleaned_data.get("period")
        until = ""
        if years:
            days = timedelta(days=365 * int(years))
            until = (timezone.localdate() + days).isoformat()
        return {
            "uses": self.cleaned_data["uses"],
            "period": years,
            "consent_until": until,
        }


class ReviewForm(StepForm):
    """What an editor may propose. An unchanged form publishes what was agreed to."""

    FIELDS: ClassVar[tuple[str, ...]] = ("title", "mentions", "summary", "body")
    title = LineField(label=_("Title"), max_length=120)
    mentions = WordsField(
        label=_("Content note"),
        max_length=400,
        rows=3,
    )
    summary = WordsField(
        label=_("Summary"),
        max_length=240,
        rows=2,
    )
    body = WordsField(
        label=_("Story"),
        max_length=30_000,
        rows=20,
    )

    def to_keep(self) -> dict[str, Any]:
        text = self.cleaned_data
        return {name: text[name].replace("\r\n", "\n") for name in self.FIELDS}


STEPS: dict[str, type[StepForm]] = {
    "write": WriteForm,
    "note": NoteForm,
    "consent": ConsentForm,
}


def form_for(
    step: str, request: HttpRequest, story: Story | None, *, partial: bool
) -> StepForm:
    initial = dict(story.draft) if story else {"language": request.LANGUAGE_CODE}
    step_form = STEPS[step] if story else BeginForm
    return step_form(posted(request), initial=initial, partial=partial)
