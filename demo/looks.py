"""Some of the last weeks' openings of profiles, so that Leila sees who saw her."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from network.models import User
from profiles.models import ProfileView

ONLOOKERS = (("tomas", 0), ("mirte", 0), ("samuel", 4), ("tomas", 19))
UNLISTED_AGO = 4  # days: who keeps out of the list is not named


def load_looks(cast: Mapping[str, User], members: list[User]) -> list[ProfileView]:
    today = timezone.localdate()
    unlisted = [one for one in members if not one.profile.is_listed][:1]
    pairs = [(cast[who], ago) for who, ago in ONLOOKERS]
    pairs += [(who, UNLISTED_AGO) for who in unlisted]
    return ProfileView.objects.bulk_create(
        ProfileView(
            viewer=who,
            subject=cast["leila"].profile,
            day=today - timedelta(days=ago),
        )
        for who, ago in pairs
    )
