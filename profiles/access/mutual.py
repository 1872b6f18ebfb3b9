"""Whom two people both know."""

from __future__ import annotations

from network.models import User
from profiles.access.seeing import AUDIENCES, Tier
from profiles.access.standing import own_profile
from profiles.access.ties import friends_of
from profiles.models import Profile


def mutual_connections(viewer: User, profile: Profile) -> list[Profile]:
    """Accepted connections of both who are there and are named to the viewer; only
    between three who all switched it on. Whoever is left out is not counted either.

    Off until it is switched on: who knows whom is what somebody collects who wants to
    harm a network, and a tie tells of two people, so one of them cannot give it away
    alone.
    """
    own = own_profile(viewer)
    if own is None or not (own.shows_mutual and profile.shows_mutual):
        return []
    both = friends_of(viewer.pk) & friends_of(profile.user_id)
    known = Profile.objects.active().filter(user__in=both, shows_mutual=True)
    found = known.apart_from_blocks(viewer.pk).apart_from_blocks(profile.user_id)
    seen = AUDIENCES[Tier.CONNECTION]
    rows = found.order_by("pseudonym", "pk")
    return [row for row in rows if row.audience_of("pseudonym") in seen]
