"""Why a member is proposed to another, in plain words; only of what was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profiles import languages, taxonomy
from search.documents import PersonDocument
from search.reasons import MOST, SKILL, both, label


def why(
    mine: PersonDocument,
    theirs: PersonDocument,
    points: Mapping[str, float],
    sought: Iterable[str],
) -> list[str]:
    """At most three sentences: up to two of skills, the weightiest first."""
    keys = [key for key in points if key.startswith(SKILL)]
    keys.sort(key=lambda key: (-points[key], key))
    said = [of_skill(key.removeprefix(SKILL), mine, theirs, sought) for key in keys]
    found = [*dict.fromkeys(filter(None, said))][: MOST - 1]
    found += [of_causes(mine, theirs), of_languages(mine, theirs)]
    return [sentence for sentence in found if sentence][:MOST]


def of_skill(
    skill: str, mine: PersonDocument, theirs: PersonDocument, sought: Iterable[str]
) -> str:
    names = {"skill": label(skill)}
    if skill not in theirs.skills:
        near = max(theirs.skills, key=lambda held: taxonomy.sim(skill, held))
        return _("Can do %(near)s, which is close to %(skill)s") % {
            **names,
            "near": label(near),
        }
    if skill in sought:
        return _("Can do %(skill)s, which your project looks for") % names
    if theirs.skills[skill] > mine.skills.get(skill, 0):
        return _("Is further along in %(skill)s") % names
    return _("Does %(skill)s, as you do") % names


def of_causes(mine: PersonDocument, theirs: PersonDocument) -> str:
    shared = sorted(mine.causes & theirs.causes)
    if not shared:
        return ""
    return _("Cares about %(cause)s, as you do") % {"cause": label(shared[0])}


def of_languages(mine: PersonDocument, theirs: PersonDocument) -> str:
    here = get_language() or "en"
    shared = sorted(mine.languages & theirs.languages)
    names = both([languages.name(code, here) for code in shared[:2]])
    return _("You both speak %(languages)s") % {"languages": names} if names else ""
