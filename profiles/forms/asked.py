"""What staff ask applicants of a kind; answers keep the question as it stood."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypedDict

from django import forms

from network.words import WordsField
from profiles.actions.joining import ASKED_MORE
from profiles.fields import here
from profiles.links import no_links
from profiles.models import JoiningQuestion

PREFIX = "asked_"
LONGEST = 2000


class Asked(TypedDict):
    """A question as it was shown, in which language, and its answer."""

    question: str
    language: str
    answer: str


class WithQuestions(forms.Form):
    """Adds `asked_<id>` for each question to this kind of applicant. One that was taken
    away while they wrote is kept as long as there are words for it."""

    def add_questions(self, kind: str, answered: Collection[str]) -> None:
        sent = {name.removeprefix(PREFIX) for name in self.data if self.data.get(name)}
        kept = {*answered, *sent}
        agreed = JoiningQuestion.objects.filter(agreed_at__isnull=False)
        self.questions = [
            row
            for row in agreed
            if kind in row.kinds and (row.is_live or str(row.pk) in kept)
        ]
        for row in self.questions:
            self.fields[f"{PREFIX}{row.pk}"] = WordsField(
                label=row.text(here()),
                help_text=row.hint(here()),
                rows=4,
                max_length=LONGEST,
                required=row.is_required and row.is_live,
                validators=[no_links],
            )

    def asked(self) -> dict[str, Asked]:
        """By the question's id; what was left empty is not there."""
        found: dict[str, Asked] = {}
        for row in self.questions:
            words = self.cleaned_data.get(f"{PREFIX}{row.pk}")
            if words:
                text = row.text(here())
                found[str(row.pk)] = Asked(question=text, language=here(), answer=words)
        return found


def initial_of_asked(answers: dict[str, Any]) -> dict[str, str]:
    given: dict[str, Asked] = answers.get(ASKED_MORE, {})
    return {f"{PREFIX}{key}": one["answer"] for key, one in given.items()}
