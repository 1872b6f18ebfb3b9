"""Who may look for whom."""

from enum import StrEnum

from network.access import NotFound
from network.models import User
from profiles.models import Profile
from profiles.models.profile import ACTIVE
from projects.models import Need, Project


def may_see_directory(person: User) -> bool:
    profile = getattr(person, "profile", None)
    return profile is not None and profile.standing in ACTIVE


def matched_profile(person: User) -> Profile:
    """Raises `NotFound` for whoever is not an active member."""
    if not may_see_directory(person):
        raise NotFound
    return person.profile


class Unranked(StrEnum):
    """Why nobody is ranked for a need."""

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


def unranked(need: Need) -> Unranked | None:
    """None: people are ranked for it."""
    if need.kind != Need.Kind.SKILL:
        return Unranked.OTHER_KIND
    why = BY_NEED.get(Need.State(need.state))
    why = why or BY_PROJECT.get(Project.State(need.project.state))
    return why or (None if need.is_open else Unranked.PAST)
