from __future__ import annotations

from uuid import uuid4

import pytest

from messaging import actions
from messaging.models import Conversation, Participant
from network.models import User
from profiles.models import ContactGrant
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


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    """Between the former and the survivor, who both said yes."""
    grant = grant_contact(cast.former, cast.survivor)
    return actions.open_conversation(grant=grant)
