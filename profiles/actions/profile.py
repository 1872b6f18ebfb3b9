"""A person's own profile: what stands in it, who sees it, and who looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from network import audit, edition, parts, places, ratelimit
from network.models import User
from profiles.actions import changes
from profiles.actions.consent import give_consent, stop_matching
from profiles.models import (
    Audience,
    Profile,
    ProfileSkill,
    ProfileView,
    Purpose,
    Standing,
)
from profiles.models.profile import DEFAULT_AUDIENCE

VIEWS_A_DAY = {Standing.PROBATION: 30, Standing.MEMBER: 150, Standing.TRUSTED: 150}
CELL_KM = 25

FIELDS = (
    "pseudonym",
    "way",
    "languages",
    "country",
    "travel_km",
    "is_remote_ok",
    "slots",
    "load_cap",
    "causes",
    "roles_offered",
    "experience_years",
    "is_listed",
    "is_open_to_contact",
    "shows_mutual",
    "accompanies",
    "contact_rules",
    "kind_until",
    "first_hand",
)


class OverBudget(Exception):
    """Too many different people looked at today."""


def cell_of(town: places.City | None) -> dict[str, Any]:
    """What is kept of a place: its town, and the centre of the cell it lies in."""
    if town is None:
        return {}
    lat, lon = places.cell_centre(town.lat, town.lon, km=CELL_KM)
    return {"town_id": town.id, "lat": lat, "lon": lon}


def save_profile(
    *,
    profile: Profile,
    by: User,
    values: Mapping[str, Any],
    skills: Mapping[str, int],
    town: places.City | None,
    is_matched: bool,
    audience: Mapping[str, str],
    language: str,
    opened: str = "",
) -> Profile:
    """`values` by the names in `FIELDS`; `skills` are ids and levels 8, 9 or 10.
    Raises `Overtaken` when it is not as it was `opened`: an older page must not show
    again what was hidden meanwhile.

    Turning matching on records the consent, turning it off withdraws it;
    `language` is the one in which its text was shown.
    """
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk, user=by)
        was_found = row.is_listed or row.is_matched
        was_matched = row.is_matched
        now = edition_of(row)
        for name in FIELDS:
            if name in values:
                setattr(row, name, values[name])
        row.place = cell_of(town)
        row.audience = checked_audience(audience)
        row.is_matched = is_matched
        edition.check(opened, now=now, wanted=edition_of(row, skills))
        row.last_active_on = timezone.localdate()
        row.save()
        replace_skills(row, skills)
        if is_matched and not was_matched:
            give_consent(purpose=Purpose.MATCHING, language=language, by=by)
        if was_matched and not is_matched:
            stop_matching(profile=row, by=by)
        audit.record(action="profile saved", by=by, subject=row)
        is_found = row.is_listed or row.is_matched
        changes.tell_person(row, withdrawn=was_found and not is_found)
    return row


def edition_of(profile: Profile, skills: Mapping[str, int] | None = None) -> str:
    """Of all that its form holds; `skills` in the place of those that are stored."""
    stored = dict(profile.skills.values_list("skill", "level"))
    values = {name: getattr(profile, name) for name in FIELDS}
    values |= {
        "town": profile.place.get("town_id"),
        "audience": checked_audience(profile.audience),
        "is_matched": profile.is_matched,
        "skills": stored if skills is None else dict(skills),
    }
    return edition.mark(values)


def checked_audience(audience: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the default is kept."""
    return {
        field: value
        for field, value in audience.items()
        if DEFAULT_AUDIENCE.get(field, value) != value and value in Audience.values
    }


def replace_skills(profile: Profile, skills: Mapping[str, int]) -> None:
    ProfileSkill.objects.filter(profile=profile).exclude(skill__in=skills).delete()
    ProfileSkill.objects.bulk_create(
        [
            ProfileSkill(profile=profile, skill=skill, level=level)
            for skill, level in skills.items()
        ],
        update_conflicts=True,
        unique_fields=["profile", "skill"],
        update_fields=["level"],
    )


def set_audience(*, profile: Profile, by: User, audience: Mapping[str, str]) -> Profile:
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk, user=by)
        row.audience = checked_audience(audience)
        row.save(update_fields=["audience"])
        audit.record(action="audience changed", by=by, subject=row)
        changes.tell_person(row, withdrawn=True)
    return row


def pause(*, profile: Profile, by: User, until: datetime | None) -> Profile:
    """Takes a person out of sight until then; None brings them back."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk, user=by)
        row.hidden_until = until
        row.save(update_fields=["hidden_until"])
        audit.record(action="paused" if until else "pause ended", by=by, subject=row)
        changes.tell_person(row, withdrawn=until is not None)
    return row


def record_view(*, profile: Profile, by: User) -> None:
    """Notes who looked at whom today. Raises `OverBudget` for one profile too many.

    The viewer's own row is locked, so that two at once cannot both be the last.
    Rooms above are told of a new one in the same transaction.
    """
    today = timezone.localdate()
    with transaction.atomic():
        viewer = Profile.objects.select_for_update().get(user=by)
        seen = ProfileView.objects.filter(viewer=by, day=today)
        if seen.filter(subject=profile).exists():
            return
        limit = VIEWS_A_DAY.get(Standing(viewer.standing), 0)
        if seen.count() >= limit:
            raise OverBudget
        ProfileView.objects.create(viewer=by, subject=profile, day=today)
        for look_watcher in parts.look_watchers:
            look_watcher(viewer=by, subject=profile.user_id)


def note_budget_reached(*, by: User) -> None:
    """Once a day the other rooms hear of it: it may be somebody collecting."""
    with transaction.atomic():
        first = ratelimit.hit(
            "view budget", key=str(by.pk), limit=1, per=timedelta(days=1)
        )
        if first.allowed:
            audit.record(action="view budget reached", by=by, subject=by)
            for watcher in parts.budget_watchers:
                watcher(by)
