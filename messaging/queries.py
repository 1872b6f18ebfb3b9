"""Reads: the list of conversations, one window of messages, counts of unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from messaging import crypt
from messaging.models import Conversation, Message, Participant
from network.models import User
from profiles import access as profiles_access
from profiles.models import Block

CHOICE = 10  # messages to choose one from
WINDOW = 50  # messages shown at once
PAGE = 25  # conversations shown at once


@dataclass(frozen=True)
class ShownMessage:
    """A message as one reader sees it."""

    id: UUID
    seq: int
    text: str
    at: datetime
    is_mine: bool
    is_sensitive: bool
    is_deleted: bool
    who: str
    uuid: UUID


@dataclass(frozen=True)
class ShownConversation:
    id: UUID
    title: str
    art: UUID  # seed of the avatar
    last_at: datetime
    unread: int
    preview: str
    is_mine: bool


def my_participations(person: User) -> QuerySet[Participant]:
    """Conversations of a person, the newest first, without those behind a block."""
    blocked = Block.objects.filter(blocker=person).values("blocked")
    blockers = Block.objects.filter(blocked=person).values("blocker")
    hidden = Conversation.objects.filter(
        Q(participants__person__in=blocked) | Q(participants__person__in=blockers)
    )
    return (
        Participant.objects.present()
        .filter(person=person)
        .exclude(conversation__in=hidden)
        .select_related("conversation")
        .prefetch_related("conversation__participants__person__profile")
        .order_by("-conversation__last_message_at", "conversation_id")
    )


def conversation_list(participations: list[Participant]) -> list[ShownConversation]:
    """Rows for the list; one query for the last messages of all of them."""
    last = {
        message.conversation_id: message
        for message in Message.objects.filter(
            conversation__in=[mine.conversation_id for mine in participations],
            seq=F("conversation__last_seq"),
        )
    }
    return [shown(mine, last.get(mine.conversation_id)) for mine in participations]


def shown(mine: Participant, message: Message | None) -> ShownConversation:
    conversation = mine.conversation
    other = other_of(mine)
    return ShownConversation(
        id=conversation.pk,
        title=name_of(other),
        art=other.pk if other else conversation.pk,
        last_at=conversation.last_message_at,
        unread=conversation.last_seq - mine.last_read_seq,
        preview=preview_of(conversation, message),
        is_mine=message is not None and message.sender_id == mine.pk,
    )


def preview_of(conversation: Conversation, message: Message | None) -> str:
    if message is None:
        return ""
    if message.deleted_at is not None:
        return _("This message was deleted.")
    if message.is_sensitive:
        return _("Marked as sensitive")
    return Truncator(crypt.text_of(conversation, message)).words(20, truncate=" …")


def other_of(mine: Participant) -> Participant | None:
    """The other of two (or the first other of more), from what was prefetched."""
    others = [
        someone
        for someone in mine.conversation.participants.all()
        if someone.pk != mine.pk
    ]
    return others[0] if others else None


def name_of(participant: Participant | None) -> str:
    if participant is None or (
        participant.person_id is None and participant.registration_id is None
    ):
        return _("Somebody who has left")
    if participant.registration_id is not None:
        return _("A volunteer")
    profile = getattr(participant.person, "profile", None)
    if profile is None:
        return _("Staff")
    tier = profiles_access.Tier.CONNECTION
    return profiles_access.name_at(profile, tier)


def is_on_a_pause(participant: Participant | None) -> bool:
    person = participant.person if participant is not None else None
    profile = getattr(person, "profile", None)
    return profile is not None and profiles_access.is_on_a_pause(profile)


def message_window(
    mine: Participant, *, before: int | None = None, limit: int = WINDOW
) -> list[ShownMessage]:
    """The last messages up to (not with) number `before`, in order.

    By number, not by offset: as fast in a long conversation as in a short one.
    """
    messages = Message.objects.filter(conversation=mine.conversation_id)
    if before is not None:
        messages = messages.filter(seq__lt=before)
    window = list(messages.order_by("-seq")[:limit])[::-1]
    return _shown_messages(mine, window)


def messages_to(
    mine: Participant, *, before: int | None = None
) -> tuple[list[ShownMessage], int | None]:
    """The other side's messages that still say something, the newest first, and the
    number before which there are earlier ones."""
    messages = Message.objects.filter(conversation=mine.conversation_id)
    theirs = messages.filter(deleted_at=None).exclude(sender=mine)
    if before is not None:
        theirs = theirs.filter(seq__lt=before)
    found = list(theirs.order_by("-seq")[: CHOICE + 1])
    shown = _shown_messages(mine, found[:CHOICE])
    return shown, shown[-1].seq if len(found) > CHOICE else None


def messages_after(mine: Participant, have: int, limit: int = 200) -> list[Message]:
    return list(
        Message.objects.filter(
            conversation=mine.conversation_id, seq__gt=have
        ).order_by("seq")[:limit]
    )


def _shown_messages(mine: Participant, messages: list[Message]) -> list[ShownMessage]:
    everybody = mine.conversation.participants.select_related("person__profile")
    names = {someone.pk: name_of(someone) for someone in everybody}
    return [
        ShownMessage(
            id=message.pk,
            seq=message.seq,
            text=crypt.text_of(mine.conversation, message),
            at=message.created_at,
            is_mine=message.sender_id == mine.pk,
            is_sensitive=message.is_sensitive,
            is_deleted=message.deleted_at is not None,
            who=names[message.sender_id],
            uuid=message.client_uuid,
        )
        for message in messages
    ]


def unread_count(person: User) -> int:
    """Messages not read yet; a difference of numbers, never a count of rows."""
    total = my_participations(person).aggregate(
        unread=Sum(F("conversation__last_seq") - F("last_read_seq"))
    )["unread"]
    return int(total or 0)
