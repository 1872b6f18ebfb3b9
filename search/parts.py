"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network.access import is_signed_in
from network.exporting import LEFT_OUT, Word, Words, day
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    HomePanel,
    NoticeKind,
    erasers,
    exporters,
    health_checks,
    home_panels,
    lead_previews,
    notice_kinds,
    tab_gates,
)
from search import access, arrivals, health, matching
from search.models import (
    Arrival,
    PeerPassedOver,
    PeerSuggestion,
    Recommendation,
    SeenCard,
)

MODELS = (
    "search.Arrival",
    "search.Recommendation",
    "search.SeenCard",
    "search.PeerSuggestion",
    "search.PeerPassedOver",
)


def register() -> None:
    exporters.register(
        "search", Exporter(_("Where I was proposed"), MODELS, rows, WORDS)
    )
    erasers.register("search", Eraser(MODELS, erase))
    health_checks.register("engine", health.engines)
    home_panels.register("search", HomePanel("search/_panel.html", panel))
    lead_previews.register("search", HomePanel("search/_lead_preview.html", preview))
    notice_kinds.register(
        arrivals.NOTICE,
        NoticeKind(_("Somebody new fits one of your needs"), "users", mails=True),
    )
    tab_gates.register("search:matches", access.may_see_directory)


WORDS: Words = {
    "need": LEFT_OUT,
    "need_title": Word(_("What was needed")),
    "day": Word(_("Day"), day),
    "to_members": Word(_("You were proposed to members to learn from")),
    "began_to_fit": Word(_("You began to fit a need")),
    "passed_over": Word(_("How many members you passed over")),
    "people_seen": Word(_("How many people you saw in lists")),
}


def rows(person: User) -> Iterable[dict[str, Any]]:
    mine = Recommendation.objects.filter(person=person).order_by("day")
    for row in mine.select_related("need"):
        yield {
            "need": str(row.need_id),
            "need_title": row.need.title,
            "day": row.day.isoformat(),
        }
    for one in Arrival.objects.filter(person=person).values("day").order_by("day"):
        yield {"began_to_fit": True, "day": one["day"].isoformat()}
    proposed = PeerSuggestion.objects.filter(person=person).values("day")
    for one in proposed.distinct().order_by("day"):
        yield {"to_members": True, "day": one["day"].isoformat()}
    over = PeerPassedOver.objects.filter(viewer=person).values("day").order_by("day")
    for one in over.annotate(times=Count("pk")):
        yield {"passed_over": one["times"], "day": one["day"].isoformat()}
    seen = SeenCard.objects.filter(viewer=person).values("day").order_by("day")
    for count in seen.annotate(people=Count("pk")):
        yield {"people_seen": count["people"], "day": count["day"].isoformat()}


def erase(person: User) -> None:
    Recommendation.objects.filter(person=person).delete()
    Arrival.objects.filter(person=person).delete()
    SeenCard.objects.filter(viewer=person).delete()
    PeerSuggestion.objects.filter(Q(viewer=person) | Q(person=person)).delete()
    PeerPassedOver.objects.filter(viewer=person).delete()


def panel(request: HttpRequest) -> dict[str, Any] | None:
    if not is_signed_in(request.user) or not access.may_see_directory(request.user):
        return None
    profile = request.user.profile
    matches = matching.needs_for_person(profile, limit=2) if profile.is_matched else []
    return {"matches": matches, "profile": profile}


def preview(request: HttpRequest) -> dict[str, Any] | None:
    """Asked for a member on their own page, who is matched."""
    if not is_signed_in(request.user):
        return None
    found = matching.as_a_lead_sees(request.user.profile)
    return {"need": found[0], "match": found[1]} if found else None
