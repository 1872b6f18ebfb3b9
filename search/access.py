"""Who may look for whom."""

from network.access import NotFound
from network.models import User
from profiles.models import Profile
from profiles.models.profile import ACTIVE
from projects.models import Need
from search import unranked


def may_see_directory(person: User) -> bool:
    profile = getattr(person, "profile", None)
    return profile is not None and profile.standing in ACTIVE


def matched_profile(person: User) -> Profile:
    """Raises `NotFound` for whoever is not an active member."""
    if not may_see_directory(person):
        raise NotFound
    return person.profile


def seeks_peers(profile: Profile) -> bool:
    """Whoever looks can be found in the same way."""
    return profile.is_matched and profile.is_open_to_contact


def may_see_ranking(need: Need) -> bool:
    return unranked.reason(need) is None
