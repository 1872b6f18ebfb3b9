"""What one asks the directory. The choices are all there are, whoever is here: choices
made from the members would tell that somebody chose them."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.countries import country_choices
from network.widgets import PARTS_OF_DAY, TypeAhead
from profiles import languages, taxonomy
from profiles.fields import SkillsField, label_of_term
from profiles.roles import RoleOffered
from search.reasons import label

Choices = list[tuple[str, object]]


def cause_choices() -> Choices:
    return [("", _("All")), *((each.id, label(each.id)) for each in taxonomy.causes())]


def role_choices() -> Choices:
    return [("", _("All")), *RoleOffered.choices]


def language_choices() -> Choices:
    return [("", _("All")), *languages.choices(get_language() or "en")]


def countries() -> Choices:
    return [("", _("All")), *country_choices()]


def time_choices() -> Choices:
    return [("", _("All")), *PARTS_OF_DAY, ("weekend", _("At the weekend"))]


class DirectoryForm(forms.Form):
    """Neither what somebody was nor what nobody shows can be asked for: there is no
    field for being a former or survivor, and none for a town or help from afar."""

    use_required_attribute = False

    q = forms.Field(required=False)  # text of any kind: what is in no name finds nobody
    skill = SkillsField(
        label=_("What they can do"),
        kinds=("skill",),
        required=False,
        widget=TypeAhead(
            suggest="profiles:suggest", label_of=label_of_term, multiple=False
        ),
    )
    cause = forms.ChoiceField(
        label=_("What they care about"), choices=cause_choices, required=False
    )
    role = forms.ChoiceField(
        label=_("What they offer"), choices=role_choices, required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, required=False
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
    free = forms.ChoiceField(
        label=_("Usually free"), choices=time_choices, required=False
    )

    @property
    def fields_to_filter(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "q"]

    @property
    def chosen(self) -> list[tuple[str, object, object]]:
        """Name, label and words of what is asked for and understood."""
        return [
            (field.name, field.label, self.words_of(field))
            for field in self.fields_to_filter
            if self.cleaned_data.get(field.name)
        ]

    def words_of(self, field: forms.BoundField) -> object:
        value = self.cleaned_data[field.name]
        choices = getattr(field.field, "choices", None)
        return dict(choices)[value] if choices else label(value)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"] or "").replace("\x00", "").strip()[:60]

    def clean_skill(self) -> str:
        """The first: the other fields take one, too."""
        return next(iter(self.cleaned_data["skill"].skills), "")
