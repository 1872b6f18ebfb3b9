"""What a lead writes about a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.countries import country_choices
from network.edition import EditedForm
from network.form_key import FormKey
from network.words import LineField, WordsField
from profiles import languages
from profiles.fields import here
from profiles.links import no_links
from projects.actions.projects import ProjectContent, edition_of
from projects.forms.fields import TownForm
from projects.models import Project
from projects.queries import cause_choices


def countries() -> list[tuple[str, str]]:
    return [("", "–"), *country_choices()]


def language_choices() -> list[tuple[str, str]]:
    return languages.choices(here())


class ProjectForm(EditedForm, TownForm):
    key = FormKey()
    title = LineField(
        label=_("Name of the project"), max_length=120, validators=[no_links]
    )
    summary = WordsField(
        label=_("In one sentence"),
        max_length=220,
        help_text=_("Who does what for whom. It stands on the card."),
        rows=2,
        validators=[no_links],
    )
    body = WordsField(
        label=_("What happens there"),
        required=False,
        max_length=8000,
        rows=8,
        help_text=_("Names of people who did not agree do not belong here."),
    )
    causes = forms.MultipleChoiceField(
        label=_("What it is about"),
        required=False,
        choices=cause_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    stage = forms.ChoiceField(
        label=_("How far it is"),
        choices=Project.Stage.choices,
        initial=Project.Stage.RUNNING,
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=countries)
    language = forms.ChoiceField(
        label=_("Language of the work"), choices=language_choices, initial=here
    )
    field_order = [
        "key", "title", "summary", "body", "causes", "town", "town_choice",
        "country", "language", "stage",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].help_text = _("Only if it happens in one place.")

    def content(self) -> ProjectContent:
        data = self.cleaned_data
        names = ("title", "summary", "body", "causes", "stage", "country", "language")
        return ProjectContent(town=data["town"], **{name: data[name] for name in names})

    @staticmethod
    def initial_from(project: Project) -> dict[str, Any]:
        names = ("causes", "stage", "country", "language")
        initial: dict[str, Any] = {name: getattr(project, name) for name in names}
        initial |= project.newest_words
        town, opened = project.town_id or "", edition_of(project)
        return initial | {"town": town, "key": project.pk, "opened": opened}


class ReadingForm(forms.Form):
    """An editor's word on a project that waits."""

    decision = forms.ChoiceField(
        choices=[("publish", ""), ("return", "")],
        error_messages={"required": _("Press one of the buttons.")},
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)  # see `mark_of`
    reason = WordsField(
        label=_("What has to change, if you give it back"),
        help_text=_("Its leads read this."),
        required=False,
        max_length=500,
        rows=2,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "return" and not data.get("reason"):
            self.add_error("reason", gettext("Say what has to change."))
        return data
