"""Words for the values of facets, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.labels import approach_label, audience_label, subject_label, theme_label
from network.countries import country_name
from profiles import languages
from search.reasons import label

WORDS = {
    "subject": subject_label,
    "theme": theme_label,
    "approach": approach_label,
    "audience": audience_label,
}


def facet_title(name: str) -> str:
    return {
        "kind": _("What"),
        "language": _("Language"),
        "teller": _("Told by"),
        "medium": _("As"),
        "theme": _("About"),
        "length": _("Length"),
        "subject": _("Subject"),
        "age": _("Age of pupils"),
        "format": _("Contains"),
        "lessons": _("Lessons"),
        "approach": _("Approach"),
        "audience": _("For"),
        "country": _("Country"),
        "cause": _("Cause"),
        "stage": _("Stage"),
    }.get(name, name)


def value_label(name: str, value: str) -> str:
    """The word for one value; what editors wrote themselves is shown as it is."""
    if name == "language":
        return languages.name(value, value) if languages.is_language(value) else value
    if name == "country":
        return country_name(value, get_language() or "en") or value
    if name == "cause":
        return label(value)
    if name in WORDS:
        return WORDS[name](value)
    return str(fixed().get((name, value), "")) or value


def fixed() -> dict[tuple[str, str], str]:
    return {
        ("kind", "story"): _("Stories"),
        ("kind", "pack"): _("Lesson packs"),
        ("kind", "practice"): _("Practices"),
        ("kind", "project"): _("Projects"),
        ("kind", "appeal"): _("Appeals"),
        ("kind", "page"): _("Pages"),
        ("teller", "former"): _("Formers"),
        ("teller", "survivor"): _("Survivors"),
        ("medium", "text"): _("Text"),
        ("medium", "audio"): _("Audio"),
        ("medium", "video"): _("Video"),
        ("length", "short"): _("Under 5 minutes"),
        ("length", "medium"): _("5 to 10 minutes"),
        ("length", "long"): _("Over 10 minutes"),
        ("format", "plan"): _("Lesson plan"),
        ("format", "slides"): _("Slides"),
        ("format", "exercises"): _("Exercises"),
        ("format", "story"): _("A story"),
        ("format", "pupils-sheet"): _("Pupils’ sheet"),
        ("stage", "idea"): _("An idea"),
        ("stage", "starting"): _("Starting"),
        ("stage", "running"): _("Running"),
        ("stage", "growing"): _("Growing"),
    }
