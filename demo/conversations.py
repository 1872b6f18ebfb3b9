"""Connections and conversations of the cast, as if they had written over some days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from demo import content
from demo.content import Row
from messaging import actions, crypt
from messaging.models import Conversation, Message, Participant
from network.models import User
from profiles.actions import introductions
from profiles.models import Connection, ContactGrant, Introduction, Profile


def connect(one: User, other: User) -> ContactGrant:
    found = Connection.objects.create(
        requester=one,
        recipient=other,
        state=Connection.State.ACCEPTED,
        answered_at=timezone.now(),
    )
    return ContactGrant.objects.create(
        kind=ContactGrant.Kind.CONNECTION,
        source=found.pk,
        person=one,
        other_person=other,
    )


def load_conversation(row: Row, by_name: Mapping[str, User]) -> Conversation:
    one, other = (by_name[name] for name in row["participants"])
    conversation = actions.open_conversation(grant=connect(one, other))
    people = {
        part.person_id: part
        for part in Participant.objects.filter(conversation=conversation)
    }
    at = timezone.now() - timedelta(days=row["started_days_ago"])
    with transaction.atomic():
        for seq, line in enumerate(row["messages"], start=1):
            at += timedelta(minutes=line["minutes_after"])
            put_message(conversation, people[by_name[line["from"]].pk], seq, line, at)
        conversation.last_seq = len(row["messages"])
        conversation.last_message_at = min(at, timezone.now())
        conversation.save()
        # everything read but the last line, which waits for its reader
        Participant.objects.filter(conversation=conversation).update(
            last_read_seq=conversation.last_seq - 1
        )
    return conversation


def put_message(
    conversation: Conversation,
    sender: Participant,
    seq: int,
    line: Row,
    at: datetime,
) -> None:
    message = Message(
        conversation=conversation,
        seq=seq,
        sender=sender,
        client_uuid=uuid4(),
        is_sensitive=line["sensitive"],
    )
    message.ciphertext = crypt.seal(conversation, message, line["text"].strip())
    message.save()
    Message.objects.filter(pk=message.pk).update(created_at=min(at, timezone.now()))


def load_conversations(cast: Mapping[str, User]) -> list[Conversation]:
    names = {
        row["pseudonym"]: cast[row["key"]] for row in content.one("people/cast")["cast"]
    }
    return [load_conversation(row, names) for row in content.every("conversations")]


def load_introductions(cast: Mapping[str, User]) -> list[Introduction]:
    """Beside the conversations: who else is connected, and who brings whom together."""
    matter = content.one("introductions")
    for one, other in matter["connected"]:
        connect(cast[one], cast[other])
    shown = [cast[key] for key in matter["shows_mutual"]]
    Profile.objects.filter(user__in=shown).update(shows_mutual=True)
    willing = [cast[key] for key in matter["accompanies"]]
    Profile.objects.filter(user__in=willing).update(accompanies=True)
    return [
        introductions.introduce(
            by=cast[row["by"]],
            one=Profile.objects.get(user=cast[row["one"]]),
            other=Profile.objects.get(user=cast[row["other"]]),
            note=row["note"],
        )
        for row in matter["introductions"]
    ]
