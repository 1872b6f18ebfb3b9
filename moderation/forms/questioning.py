from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from moderation.actions.questioning import MOST, Wording
from network.words import WordsField
from profiles.models import JoiningQuestion, Kind

LONGEST = 300


class JoiningQuestionForm(forms.Form):
    """In each language of the site a question and, if wished, a word of help."""

    kinds = forms.MultipleChoiceField(
        label=_("Who is asked"),
        widget=forms.CheckboxSelectMultiple,
        choices=Kind.choices,
        error_messages={"required": _("Choose at least one.")},
    )
    is_required = forms.BooleanField(
        label=_("They have to answer it"),
        help_text=_("Better not: who leaves something open tells us something too."),
        required=False,
    )
    position = forms.IntegerField(
        label=_("Place among the questions"), min_value=1, max_value=MOST, initial=1
    )

    def __init__(
        self, *args: Any, question: JoiningQuestion | None = None, **kwargs: Any
    ) -> None:
        if question is not None:
            kwargs["initial"] = initial_of(question)
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            is_first = code == settings.LANGUAGE_CODE
            self.fields[f"text_{code}"] = WordsField(
                label=_("Question: %(language)s") % {"language": name},
                rows=2,
                max_length=LONGEST,
                required=is_first,
            )
            self.fields[f"hint_{code}"] = WordsField(
                label=_("Help: %(language)s") % {"language": name},
                rows=2,
                max_length=LONGEST,
                required=False,
            )

    def wording(self) -> Wording:
        data = self.cleaned_data
        return Wording(
            kinds=data["kinds"],
            texts=self.by_language("text_"),
            hints=self.by_language("hint_"),
            is_required=data["is_required"],
            position=data["position"],
        )

    def by_language(self, prefix: str) -> dict[str, str]:
        given = {
            name.removeprefix(prefix): words
            for name, words in self.cleaned_data.items()
            if name.startswith(prefix)
        }
        return {code: words for code, words in given.items() if words}


def initial_of(question: JoiningQuestion) -> dict[str, Any]:
    texts = {f"text_{code}": words for code, words in question.texts.items()}
    hints = {f"hint_{code}": words for code, words in question.hints.items()}
    fixed = {
        "kinds": question.kinds,
        "is_required": question.is_required,
        "position": question.position,
    }
    return {**fixed, **texts, **hints}
