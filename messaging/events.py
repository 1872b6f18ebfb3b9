"""What travels to open sockets. Always a hint: the database is the truth."""

from __future__ import annotations

from typing import Literal, TypedDict

from messaging import crypt
from messaging.models import Conversation, Message


class MessageEvent(TypedDict):
    type: Literal["message"]
    conversation: str
    seq: int
    sender: str
    uuid: str
    body: str
    at: str
    sensitive: bool
    deleted: bool


class RevokeEvent(TypedDict):
    """Rights of a person ended; with `other` only between these two."""

    type: Literal["revoke"]
    person: str
    other: str | None


def message_event(conversation: Conversation, message: Message) -> MessageEvent:
    return {
        "type": "message",
        "conversation": str(conversation.pk),
        "seq": message.seq,
        "sender": str(message.sender_id),
        "uuid": str(message.client_uuid),
        "body": crypt.text_of(conversation, message),
        "at": message.created_at.isoformat(),
        "sensitive": message.is_sensitive,
        "deleted": message.deleted_at is not None,
    }
