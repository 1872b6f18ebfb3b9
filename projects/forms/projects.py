"""What a lead writes about a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.countries import country_choices
from network.form_key import FormKey
from profiles import languages
from profiles.fields import here
from projects.actions.projects import ProjectContent
from projects.forms.fields import TownForm
from projects.models import Project
from projects.queries import cause_choices


def countries() -> list[tuple[str, str]]:
    return [("", "–"), *country_choices()]


def language_choices() -> list[tuple[str, str]]:
    return languages.choices(here())


class ProjectForm(TownForm):
    key = FormKey()
    title = forms.CharField(label=_("Name of the project"), max_length=120)
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=220,
        help_text=_("Who does what for whom. It stands on the card."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.CharField(
        label=_("What happens there"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
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
        names = ("title", "summary", "body", "causes", "stage", "country", "language")
        initial = {name: getattr(project, name) for name in names}
        return initial | {"town": project.town_id or "", "key": project.pk}
