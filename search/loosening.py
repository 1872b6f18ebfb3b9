"""When few fit a need: what else its lead could ask for, and how many that would
add."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from network.figures import count_of_more_people
from network.models import User
from projects.models import Need
from search import sources
from search.documents import NeedDocument
from search.live import live_people
from search.matching import candidates_for
from search.reasons import band_of

FEW = 3  # under so many results the page offers it


@dataclass(frozen=True)
class Loosening:
    """What would bring more people: said in words, counted with care."""

    label: str
    more: str


def loosenings(need: Need, viewer: User, shown: int) -> list[Loosening]:
    """What else to try when few fit, with what each would add."""
    if shown >= FEW:
        return []
    wanted = sources.need_document(need)
    before = count_shown(wanted, viewer)
    offers = []
    for label, other in variants(wanted):
        more = count_of_more_people(before, count_shown(other, viewer))
        if more is not None:
            offers.append(Loosening(label, more))
    return offers


def count_shown(wanted: NeedDocument, viewer: User) -> int:
    found = [one for one in candidates_for(wanted) if band_of(one.score)]
    return len(live_people(found, viewer, tier=wanted.safeguarding_tier))


def variants(wanted: NeedDocument) -> list[tuple[str, NeedDocument]]:
    found = []
    if not wanted.remote:
        found.append((_("Let it be done from anywhere"), replace(wanted, remote=True)))
    if wanted.min_experience:
        easier = replace(wanted, min_experience=0)
        found.append((_("Ask for no experience"), easier))
    if wanted.slots:
        found.append((_("Leave the time open"), replace(wanted, slots=frozenset())))
    return found
