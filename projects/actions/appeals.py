"""Calls for help after an attack, and what the public answers to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from network import audit, outbox
from network.models import Lane, User
from profiles.actions import volunteers
from profiles.actions.volunteers import Offer
from profiles.models import VolunteerRegistration
from projects.models import Appeal, AppealRegistration, Project


def open_appeal(
    *,
    by: User,
    slug: str,
    title: str,
    region: str,
    country: str,
    town_id: int | None = None,
    closes_on: date | None = None,
    projects: Iterable[Project] = (),
) -> Appeal:
    with transaction.atomic():
        appeal = Appeal.objects.create(
            slug=slug,
            title=title,
            region=region,
            country=country,
            town_id=town_id,
            closes_on=closes_on,
            state=Appeal.State.OPEN,
            opened_at=timezone.now(),
        )
        appeal.projects.set(projects)
        audit.record(action="appeal opened", by=by, subject=appeal)
        tell_index(appeal)
    return appeal


def close_appeal(*, appeal: Appeal, by: User) -> None:
    """No more registrations come through it; those that came stay."""
    with transaction.atomic():
        is_open = Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN)
        if not is_open.update(state=Appeal.State.CLOSED):
            return
        appeal.refresh_from_db()
        audit.record(action="appeal closed", by=by, subject=appeal)
        tell_index(appeal)


def register_for_appeal(
    *, appeal: Appeal, token: str, email: str, offer: Offer, language: str
) -> VolunteerRegistration:
    """Keeps what somebody offers. The same `token` again (a form sent twice, also at
    the same moment) finds the first registration and mails nothing more."""
    with transaction.atomic():
        registration = volunteers.register_volunteer(
            token=token, email=email, offer=offer, language=language
        )
        AppealRegistration.objects.get_or_create(
            appeal=appeal, registration=registration
        )
    return registration


def tell_index(appeal: Appeal) -> None:
    is_shown = appeal.state == Appeal.State.OPEN
    outbox.append(
        lane=Lane.REST if is_shown else Lane.WITHDRAWALS,
        kind="appeal",
        key=appeal.pk,
        version=appeal.version,
    )
