"""Points in plain words: why a person and a need are shown to each other.

Never a percentage, a distance in kilometres or anything that the person did not give
for matching.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from profiles import languages, taxonomy
from search.documents import NeedDocument, PersonDocument

MOST = 3
SKILL = "skill:"  # before the id, in the points of a score


class Band(IntEnum):
    """How well two fit, by the score before fairness; lower than POSSIBLE is hidden."""

    POSSIBLE = 2
    GOOD = 3
    STRONG = 4

    @property
    def label(self) -> str:
        return {
            Band.POSSIBLE: _("Possible match"),
            Band.GOOD: _("Good match"),
            Band.STRONG: _("Strong match"),
        }[self]


def band_of(score: float) -> Band | None:
    if score >= 0.75:
        return Band.STRONG
    if score >= 0.55:
        return Band.GOOD
    return Band.POSSIBLE if score >= 0.35 else None


def reasons(
    need: NeedDocument,
    person: PersonDocument,
    points: Mapping[str, float],
    *,
    to_person: bool,
) -> list[str]:
    """At most three sentences, the weightiest first, each about something else."""
    found = [
        (weight, _sentence(key, need, person, to_person))
        for key, weight in _told_once(points, person).items()
    ]
    found.append((0.12, _languages(need, person, to_person)))
    found.sort(key=lambda pair: -pair[0])
    return [sentence for _weight, sentence in found if sentence][:MOST]


def _told_once(points: Mapping[str, float], person: PersonDocument) -> dict[str, float]:
    """What somebody offers is named once: as what was asked for, before as close to
    something else; else where it weighs most."""
    kept: dict[str, float] = {}
    offered = set()
    for key in sorted(points, key=lambda key: (_is_near(key, person), -points[key])):
        about = label(_offered(key, person)) if key.startswith(SKILL) else key
        if about not in offered:
            offered.add(about)
            kept[key] = points[key]
    return kept


def _is_near(key: str, person: PersonDocument) -> bool:
    return key.startswith(SKILL) and key.removeprefix(SKILL) not in person.skills


def _offered(key: str, person: PersonDocument) -> str:
    """The skill of theirs that serves the one asked for: the same, or the closest."""
    wanted = key.removeprefix(SKILL)
    if wanted in person.skills:
        return wanted
    return max(
        person.skills,
        key=lambda held: taxonomy.sim(wanted, held) * person.skills[held],
        default=wanted,
    )


def _sentence(
    key: str, need: NeedDocument, person: PersonDocument, to_person: bool
) -> str:
    if key.startswith(SKILL):
        return _skill(key, person, to_person)
    if key == "place":
        return _place(need, to_person)
    if key == "time":
        return _time(need, person, to_person)
    if key == "cause":
        return _cause(need, person, to_person)
    if key == "experience" and person.experience_years > 1:
        return _experience(person.experience_years, to_person)
    return ""


def _skill(key: str, person: PersonDocument, to_person: bool) -> str:
    wanted = label(key.removeprefix(SKILL))
    if not _is_near(key, person):
        if to_person:
            return _("It asks for %(skill)s, which you offer") % {"skill": wanted}
        return _("Offers %(skill)s, which you asked for") % {"skill": wanted}
    names = {"near": label(_offered(key, person)), "skill": wanted}
    if to_person:
        return _("Your %(near)s is close to %(skill)s") % names
    return _("Offers %(near)s, which is close to %(skill)s") % names


def _place(need: NeedDocument, to_person: bool) -> str:
    if need.remote:
        return _("It can be done from anywhere")
    if to_person:
        return _("Within the distance you travel")
    return _("Within the distance they travel")


def both(names: list[str]) -> str:
    """One or two names as a part of a sentence."""
    if len(names) < 2:
        return "".join(names)
    return _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}


def _time(need: NeedDocument, person: PersonDocument, to_person: bool) -> str:
    shared = [slot for slot in SLOT_ORDER if slot in need.slots & person.slots]
    if not shared:
        return ""
    when = {"when": both([slot_label(slot) for slot in shared[:2]])}
    if to_person:
        return _("On %(when)s, when you are free") % when
    return _("Free on %(when)s") % when


def _cause(need: NeedDocument, person: PersonDocument, to_person: bool) -> str:
    shared = sorted(need.causes & person.causes)
    if not shared:
        return ""
    cause = {"cause": label(shared[0])}
    if to_person:
        return _("About %(cause)s, which you care about") % cause
    return _("Cares about %(cause)s") % cause


def _experience(years: int, to_person: bool) -> str:
    if to_person:
        return ""
    text = ngettext(
        "%(years)s year of experience", "%(years)s years of experience", years
    )
    return text % {"years": years}


def _languages(need: NeedDocument, person: PersonDocument, to_person: bool) -> str:
    shared = sorted(need.languages & person.languages)
    here = get_language() or "en"
    names = both([languages.name(code, here) for code in shared[:2]])
    if not shared:
        return ""
    if to_person:
        return _("In %(languages)s, which you speak") % {"languages": names}
    return _("Speaks %(languages)s, which you asked for") % {"languages": names}


def label(identifier: str) -> str:
    try:
        return taxonomy.label(identifier, get_language() or "en")
    except KeyError:
        return identifier.replace("-", " ")


SLOT_ORDER = [
    f"{day}-{part}"
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for part in ("am", "pm", "eve")
]


def slot_label(slot: str) -> str:
    day, _sep, part = slot.partition("-")
    days = {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }
    parts = {"am": _("mornings"), "pm": _("afternoons"), "eve": _("evenings")}
    return f"{days[day]} {parts[part]}"
