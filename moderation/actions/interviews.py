"""A vetter's sheet of the conversation with an applicant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from moderation import access
from moderation.actions.vetting import locked
from moderation.models import Interview
from network import audit
from network.access import Refused
from network.models import User
from profiles.actions import joining
from profiles.models import Application


def own_interview(application: Application, by: User) -> Interview | None:
    return Interview.objects.filter(application=application, interviewer=by).first()


def hand_in_interview(
    *,
    application: Application,
    by: User,
    held_on: date,
    scores: Mapping[str, int],
    notes: str,
) -> Interview:
    """One sheet for each vetter: while the application waits a second one changes the
    first, and the same one again changes nothing.

    Raises `NotFound` for who may not read the application, `Refused` once it is
    decided.
    """
    with transaction.atomic():
        row = locked(access.application_for_vetter(by, application.pk))
        if not row.is_waiting:
            raise Refused(_("This application is decided."))
        known = own_interview(row, by)
        sheet = known or Interview(application=row, interviewer=by)
        said = (held_on, dict(scores), notes)
        if known is not None and said == (known.held_on, known.scores, known.notes):
            return known
        sheet.held_on, sheet.scores, sheet.notes = said
        sheet.save()
        joining.assign_application(row, by)  # there was a word: the time begins anew
        if known is None:
            audit.record(action="interview handed in", by=by, subject=row)
        else:
            audit.record(action="interview changed", by=by, subject=row)
    return sheet
