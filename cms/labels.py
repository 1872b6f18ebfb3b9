"""Words for what editors and authors chose from few, in the reader's language.

What is in none of the tables is somebody's own wording, and is shown as it stands.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = dict[str, "_StrPromise"]

SUBJECTS: Words = {
    "Citizenship": _("Citizenship"),
    "History": _("History"),
    "Media literacy": _("Media literacy"),
    "Ethics": _("Ethics"),
    "Language arts": _("Language arts"),
    "Social studies": _("Social studies"),
    "Tutor time": _("Tutor time"),
}
THEMES: Words = {
    "leaving": _("Leaving"),
    "recruitment": _("Recruitment"),
    "family": _("Family"),
    "grief": _("Grief"),
    "forgiveness-not-required": _("Forgiveness is not required"),
    "anger": _("Anger"),
    "belonging": _("Belonging"),
    "online": _("Online"),
    "prison": _("Prison"),
    "faith": _("Faith"),
    "school": _("School"),
    "work": pgettext_lazy("theme of a story", "Work"),
    "shame": _("Shame"),
    "rebuilding": _("Rebuilding"),
    "friendship": _("Friendship"),
}
APPROACHES: Words = {
    "Creating CVE infrastructure": _("Creating CVE infrastructure"),
    "Community engagement/empowerment": _("Community engagement/empowerment"),
    "Multi-agency approach": _("Multi-agency approach"),
    "Training for first-line practitioners": _("Training for first-line practitioners"),
    "Training for first-line practitioners and managerial level": _(
        "Training for first-line practitioners and managerial level"
    ),
    "Family support": _("Family support"),
}
AUDIENCES: Words = {
    "Local community organisations/NGOs": _("Local community organisations/NGOs"),
    "Law enforcement officers": _("Law enforcement officers"),
    "Health practitioners": _("Health practitioners"),
    "Youth/pupils/students": _("Youth/pupils/students"),
    "Authorities": _("Authorities"),
    "General public": _("General public"),
    "First responders or practitioners": _("First responders or practitioners"),
    "Formers": _("Formers"),
    "Victims of terrorism": _("Victims of terrorism"),
    "Online": _("Online"),
    "Educators/academics": _("Educators/academics"),
    "Families": _("Families"),
    "Violent extremists": _("Violent extremists"),
}
REGIONS = (
    _("Africa"),
    _("Asia"),
    _("Central America"),
    _("Central Asia"),
    _("Central Europe"),
    _("East Africa"),
    _("East Asia"),
    _("Eastern Europe"),
    _("Europe"),
    _("Latin America"),
    _("North Africa"),
    _("North America"),
    _("Northern Europe"),
    _("Oceania"),
    _("South America"),
    _("South Asia"),
    _("Southeast Asia"),
    _("Southern Africa"),
    _("Southern Europe"),
    _("The Caribbean"),
    _("The Levant"),
    _("The Mashriq"),
    _("The Middle East"),
    _("West Africa"),
    _("Western Europe"),
)


def subject_label(value: str) -> str:
    return str(SUBJECTS.get(value, value))


def theme_label(value: str) -> str:
    return str(THEMES.get(value, value))


def approach_label(value: str) -> str:
    return str(APPROACHES.get(value, value))


def audience_label(value: str) -> str:
    return str(AUDIENCES.get(value, value))


def region_label(value: str) -> str | None:
    """A part of the world that its author named in any language of the site; None for
    one that is in no table."""
    named = known_regions().get(folded(value))
    return gettext(named) if named else None


@cache
def known_regions() -> dict[str, str]:
    """What a region is called in each language -> its name in the catalogue."""
    found: dict[str, str] = {}
    with override("en"):
        names = [str(region) for region in REGIONS]
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {folded(gettext(name)): name for name in names}
    return found


def folded(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
