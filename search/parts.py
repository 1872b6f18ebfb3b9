"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network.access import is_signed_in
from network.exporting import LEFT_OUT, Word, Words, day
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    Health,
    HomePanel,
    erasers,
    exporters,
    health_checks,
    home_panels,
    tab_gates,
)
from search import access, matching, replica
from search.models import Recommendation

MODELS = ("search.Recommendation",)


def register() -> None:
    exporters.register(
        "search", Exporter(_("Where I was proposed"), MODELS, rows, WORDS)
    )
    erasers.register("search", Eraser(MODELS, erase))
    health_checks.register("engine", engine_health)
    home_panels.register("search", HomePanel("search/_panel.html", panel))
    tab_gates.register("search:matches", access.may_see_directory)


WORDS: Words = {
    "need": LEFT_OUT,
    "need_title": Word(_("What was needed")),
    "day": Word(_("Day"), day),
}


def rows(person: User) -> Iterable[dict[str, Any]]:
    mine = Recommendation.objects.filter(person=person).order_by("day")
    for row in mine.select_related("need"):
        yield {
            "need": str(row.need_id),
            "need_title": row.need.title,
            "day": row.day.isoformat(),
        }


def erase(person: User) -> None:
    Recommendation.objects.filter(person=person).delete()


def engine_health() -> Health:
    counts = replica.engine().count()
    detail = f"{counts.people} people, {counts.needs} needs, {counts.texts} texts"
    return Health("search engine", is_ok=True, detail=detail)


def panel(request: HttpRequest) -> dict[str, Any] | None:
    if not is_signed_in(request.user) or not access.may_see_directory(request.user):
        return None
    profile = request.user.profile
    matches = matching.needs_for_person(profile, limit=2) if profile.is_matched else []
    return {"matches": matches, "profile": profile}
