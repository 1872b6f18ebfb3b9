"""How the fields of a story are read out to its author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.differences import Line, changed_lines
from cms.forms.story import KINDS
from cms.labels import theme_label
from cms.models import Medium, Use
from cms.text import language_name
from network.exporting import LEFT_OUT, Word, Words, chosen, day, each

TOLD: Words = {
    "title": Word(_("Title")),
    "pseudonym": Word(_("The name under the story")),
    "kind": Word(_("You tell it as somebody who says"), dict(KINDS).get),
    "region": Word(_("Part of the world")),
    "background": Word(_("Background")),
    "language": Word(_("Language"), language_name),
    "medium": Word(_("As"), chosen(Medium)),
    "minutes": Word(_("Minutes")),
    "summary": Word(_("Summary")),
    "mentions": Word(_("What this story mentions")),
    "themes": Word(_("About"), each(theme_label)),
    "body": Word(_("Your story")),
    "pull_quote": Word(_("A sentence of it, set large")),
    "voice_note": Word(_("About the voice")),
    "uses": Word(_("What it may be used for"), each(chosen(Use))),
    "period": LEFT_OUT,  # in years; the day follows
    "consent_until": Word(_("Until"), day),
    "consent_text": LEFT_OUT,  # the text itself stands among the consents
}
# what everybody reads of a story beside its head, its note and its text
BESIDE = (
    "summary",
    "language",
    "themes",
    "pull_quote",
    "voice_note",
    "uses",
    "consent_until",
)

NOTHING = {"consent_until": _("I withdraw it")}


@dataclass(frozen=True)
class Change:
    """One field of a story: the lines of it that are not as they were."""

    label: str
    lines: list[Line]


def read(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None or value in ("", []):
        return str(NOTHING.get(name, ""))
    words = TOLD[name].read(value)
    return ", ".join(map(str, words)) if isinstance(words, list) else str(words)


def beside(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each that is there."""
    found = [(str(TOLD[name].label), read(fields, name)) for name in BESIDE]
    return [(label, words) for label, words in found if words]


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every field that reads otherwise, in the order of `TOLD`."""
    found = []
    for name, word in TOLD.items():
        old, new = read(before, name), read(after, name)
        if word.label and old != new:
            found.append(Change(str(word.label), changed_lines(old, new)))
    return found
