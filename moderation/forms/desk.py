from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.actions.decisions import Outcome
from network.words import LineField, WordsField
from profiles.links import no_links
from profiles.models import Decision

LONGEST = 4000


class DecisionForm(forms.Form):
    words = WordsField(
        label=_("What was done, and why"),
        help_text=_(
            "Kept with the report, encrypted. Who reported it does not see it."
        ),
        rows=2,
        max_length=LONGEST,
        required=False,
    )
    outcome = forms.ChoiceField(choices=Outcome.choices, required=True)


class WordForm(forms.Form):
    """One vetter's word: always for a reason, and a no with words for the member."""

    reason = WordsField(
        label=_("Your reason"),
        help_text=_("Kept with the decision, and shown to vetters only."),
        rows=4,
        max_length=LONGEST,
        error_messages={"required": _("A reason is needed.")},
    )
    told = WordsField(rows=3, max_length=LONGEST, required=False, validators=[no_links])
    no: ClassVar[str]  # the answer that says no

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_told = data.get("told") or self.errors.get("told")
        if data.get("answer") == self.no and not is_told:
            self.add_error("told", _("Write some words that the member reads."))
        return data


class StepForm(forms.Form):
    step = WordsField(
        label=_("A step you took"),
        rows=2,
        max_length=LONGEST,
        error_messages={"required": _("Write what you did.")},
    )


class WhyForm(forms.Form):
    """Matter that no longer waits is opened for a reason that is typed."""

    why = LineField(
        label=_("Why do you open this?"),
        help_text=_("Your reason is kept in the access log, with your name."),
        max_length=300,
        min_length=4,
        error_messages={
            "required": _("Give a reason."),
            "min_length": _("Give a reason in a few words."),
        },
    )


class VerdictForm(forms.Form):
    """Yes, no, or a question to the applicant: each with its words."""

    reason = WordsField(
        label=_("Your reason, or your question"),
        help_text=_(
            "The applicant sees a question. Reasons are kept for the appeal and are "
            "shown to vetters only."
        ),
        rows=4,
        max_length=LONGEST,
        error_messages={"required": _("A reason is needed, or a question.")},
    )
    answer = forms.ChoiceField(choices=Decision.Answer.choices)


class ApplicationVerdictForm(VerdictForm):
    """A no is heard by somebody: it has words for them too."""

    told = WordsField(
        label=_("If you say no: what the applicant reads"),
        help_text=_(
            "Kind and plain: what stood in the way, and what could change it. They "
            "read it only once a second person says no too, without your name."
        ),
        rows=3,
        max_length=LONGEST,
        required=False,
        validators=[no_links],
    )
    told.is_required_sometimes = True  # so it is not called optional
    field_order = ("reason", "told", "answer")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer") == Decision.Answer.DECLINE and not (
            data.get("told") or self.errors.get("told")
        ):
            needed = _("With a no, write some words that the applicant reads.")
            self.add_error("told", needed)
        return data


class ReplyForm(forms.Form):
    reply = WordsField(
        label=_("Your answer"),
        help_text=_("Only the vetters read it. You can leave a question unanswered."),
        rows=4,
        max_length=LONGEST,
        error_messages={"required": _("Write your answer first.")},
    )
