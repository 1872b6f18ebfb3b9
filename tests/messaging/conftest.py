from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from messaging import actions
from messaging.models import Conversation, Participant
from network.models import User
from profiles.models import ContactGrant, VolunteerRegistration
from tests.cast import Cast


def grant_contact(person: User, other: User) -> ContactGrant:
    return ContactGrant.objects.create(
        kind=ContactGrant.Kind.CONNECTION,
        source=uuid4(),
        person=person,
        other_person=other,
    )


def participant(conversation: Conversation, person: User) -> Participant:
    return Participant.objects.select_related(
        "conversation__grant", "person__profile", "registration"
    ).get(conversation=conversation, person=person)


def participant_of_volunteer(cast: Cast) -> Participant:
    """Who writes with the lead by a mailed link."""
    registration = VolunteerRegistration.objects.create(
        email="vol@example.org",
        email_index="x",
        confirmed_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=300),
    )
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=uuid4(),
        person=cast.lead,
        other_registration=registration,
    )
    actions.open_conversation(grant=grant)
    return Participant.objects.select_related("conversation__grant").get(
        registration=registration
    )


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    """Between the former and the survivor, who both said yes."""
    grant = grant_contact(cast.former, cast.survivor)
    return actions.open_conversation(grant=grant)
