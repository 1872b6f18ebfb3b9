"""What vetters listen for in a conversation, by what the applicant comes as.

Nobody is pressed for detail: no criterion asks what was done, none what was suffered or
for proof of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.models import Application, Kind

APART = 2  # scores (1 to 4) so far from one another are spoken about


@dataclass(frozen=True)
class Criterion:
    key: str
    label: str | Promise
    low: str | Promise  # what 1 means
    high: str | Promise  # what 4 means


BOUNDARIES = Criterion(
    "boundaries",
    _("Respects the boundaries of others"),
    _("Passes over a no, or wants more closeness than is offered."),
    _("Asks first, and takes a no well."),
)
SAFETY = Criterion(
    "safety",
    _("Their own safety"),
    _("Somebody could harm them for being here, and there is no plan."),
    _("Knows the risks, has a plan, and somebody to call."),
)
FORMER = (
    Criterion(
        "responsibility",
        _("Takes responsibility"),
        _("Only others are to blame, or it is made small."),
        _("Says what was theirs, without being pressed for detail."),
    ),
    Criterion(
        "group",
        _("Speaks of the former group without glorifying it"),
        _("Still admires it, or draws others towards it."),
        _("Sober about it, and about what it does to people."),
    ),
    Criterion(
        "stability",
        _("Steady and supported today"),
        _("In the middle of a crisis, and alone with it."),
        _("Has a daily life that carries, and people to turn to."),
    ),
    Criterion(
        "survivors",
        _("Expects nothing of survivors"),
        _("Wants to be forgiven, or to explain themselves to survivors."),
        _("Leaves it to survivors whether there is any contact at all."),
    ),
    BOUNDARIES,
    SAFETY,
)
SURVIVOR = (
    Criterion(
        "hopes",
        _("Knows what they look for here"),
        _("Hopes for something that this network cannot give."),
        _("Can say what would do them good here, and what would not."),
    ),
    Criterion(
        "support",
        _("Has support"),
        _("Alone in bad hours."),
        _("Has people or professional help outside this network."),
    ),
    Criterion(
        "pace",
        _("Keeps to their own pace"),
        _("Feels that they owe others their story."),
        _("Says no, pauses or leaves when they want to."),
    ),
    BOUNDARIES,
    SAFETY,
)
OTHERS = (
    Criterion(
        "motive",
        _("Why they come"),
        _("Out of curiosity, or for a purpose of their own."),
        _("Wants to be of use, and can say how."),
    ),
    Criterion(
        "limits",
        _("Knows their own limits"),
        _("Wants to save or to heal others."),
        _("Knows what they cannot do, and hands it on."),
    ),
    Criterion(
        "safeguarding",
        _("Understands safeguarding"),
        _("Would keep a danger secret, or act alone."),
        _("Knows whom to tell and when, and does not act alone."),
    ),
    Criterion(
        "confidence",
        _("Keeps what they are told to themselves"),
        _("Tells of others so that they could be known."),
        _("Speaks of nobody in a way by which they could be known."),
    ),
    BOUNDARIES,
)
BY_KIND = {Kind.FORMER.value: FORMER, Kind.SURVIVOR.value: SURVIVOR}


def criteria_for(application: Application) -> tuple[Criterion, ...]:
    return BY_KIND.get(application.answers.get("kind", ""), OTHERS)
