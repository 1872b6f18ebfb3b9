"""What is somebody's own: mails, registrations, consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from network import mailed_links
from network.access import NotFound
from network.models import User
from network.notify import STOP_MAILS
from profiles.models import (
    ConsentRecord,
    VolunteerRegistration,
)

# of mailed links
LINK_PURPOSE = "registration"


def consent_for(person: User, consent_id: UUID) -> ConsentRecord:
    """One that this person gave and has not withdrawn. Raises `NotFound`."""
    found = ConsentRecord.objects.filter(
        pk=consent_id, person=person, withdrawn_at=None
    ).first()
    if found is None:
        raise NotFound
    return found


def person_of_mails(request: HttpRequest) -> User:
    """Whose mails the link opened in this browser stops. Raises `NotFound`."""
    key = mailed_links.current(request, STOP_MAILS)
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def person_of_mail_token(token: str) -> User:
    """The same by the URL alone, as a mail client has it. Raises `LinkOver`."""
    key = mailed_links.subject_of(STOP_MAILS, token)
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        raise mailed_links.LinkOver
    return person


def registration_for(request: HttpRequest) -> VolunteerRegistration:
    """The registration of the mailed link opened in this browser, or the one that it
    was merged into. Raises `NotFound`."""
    row = live_registration(mailed_links.current(request, LINK_PURPOSE))
    if row is None:
        raise NotFound
    return row


def live_registration(key: Any) -> VolunteerRegistration | None:
    rows = VolunteerRegistration.objects.select_related("merged_into")
    row = rows.filter(pk=key).first()
    if row is not None and row.merged_into is not None:
        row = row.merged_into
    is_gone = row is None or row.erased_at is not None
    return None if is_gone else row
