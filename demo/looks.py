"""Some of the last weeks' openings of profiles, so that Leila sees who saw her."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from network.models import User
from profiles.models import ProfileView

# of the cast, and of the others by their number: those may be unlisted, so nameless
ONLOOKERS = (("tomas", 0), ("mirte", 0), (3, 1), ("samuel", 4), (7, 4), (11, 19))


def load_looks(cast: Mapping[str, User], members: list[User]) -> list[ProfileView]:
    today = timezone.localdate()
    return ProfileView.objects.bulk_create(
        ProfileView(
            viewer=cast[who] if isinstance(who, str) else members[who % len(members)],
            subject=cast["leila"].profile,
            day=today - timedelta(days=ago),
        )
        for who, ago in ONLOOKERS
    )
