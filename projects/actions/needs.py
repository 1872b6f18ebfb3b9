"""Writes on needs: what a project asks for, until it is met, closed or over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit, edition, outbox, tasks
from network.access import Refused
from network.models import Lane, User
from network.places import City
from projects.models import WAITING, Answer, Need, NeedSkill, Project


@dataclass(frozen=True, kw_only=True)
class NeedContent:
    """What a lead asks for. `skills` maps skill ids to weights of any size."""

    title: str
    kind: str = Need.Kind.SKILL
    description: str = ""
    skills: Mapping[str, float] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    is_remote: bool = False
    town: City | None = None
    slots: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    seats: int = 1
    hours_per_week: int = 2
    min_experience: int = 0
    safeguarding_tier: int = 0
    starts_on: date | None = None
    until: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    quantity: int | None = None
    meeting_detail: str = ""

    def columns(self) -> dict[str, Any]:
        """Values of the row; coordinates are those of the town's centre."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__}
        town = row.pop("town")
        del row["skills"]
        row["town_id"] = town.id if town else None
        row["town"] = town.name if town else ""
        row["country"] = town.country if town else ""
        row["lat"], row["lon"] = (town.lat, town.lon) if town else (None, None)
        return row


def normalised(weights: Mapping[str, float]) -> dict[str, float]:
    """The same proportions with a sum of 1; what weighs nothing is left out."""
    total = sum(weight for weight in weights.values() if weight > 0)
    return {skill: weight / total for skill, weight in weights.items() if weight > 0}


def post_need(
    *, project: Project, content: NeedContent, by: User, key: UUID | None = None
) -> Need:
    """The same `key` again finds what was posted first."""
    key = key or uuid4()
    try:
        with transaction.atomic():
            need = Need.objects.create(pk=key, project=project, **content.columns())
            _set_skills(need, content.skills)
            audit.record(action="need posted", by=by, subject=need)
            tell_index(need)
    except IntegrityError:
        found = Need.objects.filter(pk=key, project=project).first()
        if found is None:
            raise
        return found
    return need


def edit_need(*, need: Need, content: NeedContent, by: User, opened: str = "") -> Need:
    """Never fewer seats than people who were already told yes, and no check that one
    of them has not had. Raises `Overtaken` when it is not as it was `opened`, `Refused`
    for such a check."""
    with transaction.atomic():
        row = Need.objects.select_for_update().get(pk=need.pk)
        columns = content.columns()
        wanted = _edition(columns, normalised(content.skills))
        edition.check(opened, now=edition_of(row), wanted=wanted)
        if content.safeguarding_tier > row.safeguarding_tier:
            check_engaged(row, content.safeguarding_tier)
        for name, value in columns.items():
            setattr(row, name, value)
        row.seats = max(row.seats, row.seats_filled)
        if row.state not in {Need.State.CLOSED, Need.State.EXPIRED}:
            row.state = state_by_seats(row)
        row.save()
        row.skills.all().delete()
        _set_skills(row, content.skills)
        audit.record(action="need edited", by=by, subject=row)
        tell_index(row)
    return row


def check_engaged(need: Need, tier: int) -> None:
    """Whoever has been told the place and the hour has had the check of this tier."""
    lower = Q(person__profile__safeguarding_tier__lt=tier) | Q(
        registration__safeguarding_tier__lt=tier
    )
    engaged = Answer.objects.filter(need=need, state=Answer.State.ACCEPTED)
    if engaged.filter(lower, engagement__ended_at=None).exists():
        raise Refused(
            _(
                "Somebody who has said yes has not had this check. End that first, "
                "under “Offers and invitations”, or post a need of its own."
            )
        )


def edition_of(need: Need) -> str:
    """Of all that its leads write."""
    skills = {row.skill: row.weight for row in need.skills.all()}
    return _edition({name: getattr(need, name) for name in _WRITTEN}, skills)


_WRITTEN = NeedContent.__dataclass_fields__.keys() - {"skills", "town"} | {"town_id"}


def _edition(columns: Mapping[str, Any], skills: Mapping[str, float]) -> str:
    values = {name: columns[name] for name in _WRITTEN}
    return edition.mark(values | {"skills": skills})


def state_by_seats(need: Need) -> str:
    if need.seats_filled >= need.seats:
        return Need.State.FILLED
    return Need.State.PART_FILLED if need.seats_filled else Need.State.OPEN


def close_need(*, need: Need, by: User) -> None:
    """Nobody is looked for any more; offers that waited are let go."""
    with transaction.atomic():
        current = Need.objects.filter(pk=need.pk).exclude(
            state__in=[Need.State.CLOSED, Need.State.EXPIRED]
        )
        if not current.update(state=Need.State.CLOSED):
            return
        need.refresh_from_db()
        release_waiting(need)
        audit.record(action="need closed", by=by, subject=need)
        tell_index(need)


@tasks.periodic("expire needs", timedelta(minutes=10))
def expire_needs() -> int:
    """Needs whose last day is over; returns how many."""
    over = Need.objects.filter(
        until__lt=timezone.localdate(),
        state__in=[Need.State.OPEN, Need.State.PART_FILLED],
    )
    return sum(_expire(need) for need in over[:500])


def _expire(need: Need) -> int:
    with transaction.atomic():
        current = Need.objects.filter(pk=need.pk, state=need.state)
        if not current.update(state=Need.State.EXPIRED):
            return 0
        need.refresh_from_db()
        release_waiting(need)
        audit.record(action="need expired", by=None, subject=need)
        tell_index(need)
    return 1


def release_waiting(need: Need) -> None:
    """Invitations and offers that nobody answered end without an answer."""
    waiting = Answer.objects.filter(need=need, state__in=WAITING)
    waiting.update(state=Answer.State.CLOSED, answered_at=timezone.now())


def tell_index(need: Need) -> None:
    """One outbox line; what is no longer looked for is withdrawn first."""
    is_shown = need.is_open and need.project.state == Project.State.PUBLISHED
    outbox.append(
        lane=Lane.NEEDS if is_shown else Lane.WITHDRAWALS,
        kind="need",
        key=need.pk,
        version=need.version,
    )


def _set_skills(need: Need, weights: Mapping[str, float]) -> None:
    NeedSkill.objects.bulk_create(
        NeedSkill(need=need, skill=skill, weight=weight)
        for skill, weight in normalised(weights).items()
    )
