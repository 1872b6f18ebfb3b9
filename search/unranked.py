"""Why nobody is ranked for a need, as its leads are told."""

from __future__ import annotations

from enum import StrEnum

from projects.models import Need, Project


class Unranked(StrEnum):
    OTHER_KIND = "other-kind"
    CLOSED = "closed"
    FULL = "full"
    PAST = "past"
    DRAFT = "draft"
    IN_REVIEW = "in-review"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


BY_PROJECT = {
    Project.State.DRAFT: Unranked.DRAFT,
    Project.State.IN_REVIEW: Unranked.IN_REVIEW,
    Project.State.HIDDEN: Unranked.HIDDEN,
    Project.State.ARCHIVED: Unranked.ARCHIVED,
}
BY_NEED = {
    Need.State.CLOSED: Unranked.CLOSED,
    Need.State.FILLED: Unranked.FULL,
    Need.State.EXPIRED: Unranked.PAST,
}


def reason(need: Need) -> Unranked | None:
    """None: people are ranked for it."""
    if need.kind != Need.Kind.SKILL:
        return Unranked.OTHER_KIND
    why = BY_NEED.get(Need.State(need.state))
    why = why or BY_PROJECT.get(Project.State(need.project.state))
    return why or (None if need.is_open else Unranked.PAST)
