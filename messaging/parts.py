"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from messaging import access, actions, crypt, hub, queries
from messaging.models import Message
from network import outbox, tasks
from network.access import NotFound
from network.exporting import LEFT_OUT, Word, Words, moment
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    Health,
    HomePanel,
    NoticeKind,
    Reportable,
    erasers,
    exporters,
    health_checks,
    home_panels,
    notice_kinds,
    reportables,
    revokers,
    tab_gates,
)
from profiles.models import ContactGrant

MODELS = ("messaging.Participant", "messaging.Message", "messaging.Conversation")
CONSUMER = "messaging"
CONTEXT = 5  # messages before a reported one that a moderator may read


def register() -> None:
    revokers.register("messaging", hub.revoke)
    exporters.register("messaging", Exporter(_("Messages"), MODELS, own_words, WORDS))
    erasers.register("messaging", Eraser(MODELS, erase))
    health_checks.register("live", live_layer)
    home_panels.register("messaging", HomePanel("messaging/_panel.html", panel))
    tab_gates.register("messaging:list", access.may_use_messages)
    notice_kinds.register(
        "message", NoticeKind(_("You have a new message"), "message-circle")
    )
    reportables.register(
        "message",
        Reportable(
            kind="message",
            title=_("A message"),
            find=message_for_reader,
            excerpt=excerpt,
            person_of=lambda message: message.sender.person,
            hide=hide,
            find_by_link=message_by_link,
            load=any_message,
            url=lambda message: reverse(
                "messaging:detail", args=[message.conversation_id]
            ),
        ),
    )


def close_sockets(user: User | None, **kwargs: Any) -> None:
    """Signing out ends the live lines too; other browsers of theirs come back."""
    if user is not None:
        hub.revoke(person=user.pk, other=None, reason="log-out")


WORDS: Words = {
    "conversation": LEFT_OUT,
    "which": Word(_("Conversation")),
    "number": Word(_("Number in the conversation")),
    "at": Word(_("When"), moment),
    "text": Word(_("What you wrote")),
    "is_sensitive": Word(_("Marked as sensitive")),
    "deleted_at": Word(_("Deleted"), moment),
}


def own_words(person: User) -> Iterable[dict[str, Any]]:
    """One's own side of every conversation. With whom is the other's: conversations
    have numbers, in the order in which they began."""
    mine = Message.objects.filter(sender__person=person).select_related("conversation")
    which: dict[UUID, int] = {}
    for message in mine.order_by(
        "conversation__created_at", "conversation_id", "seq"
    ).iterator():
        key = message.conversation_id
        yield {
            "conversation": str(key),
            "which": which.setdefault(key, len(which) + 1),
            "number": message.seq,
            "at": message.created_at.isoformat(),
            "text": crypt.text_of(message.conversation, message),
            "is_sensitive": message.is_sensitive,
            "deleted_at": message.deleted_at and message.deleted_at.isoformat(),
        }


def erase(person: User) -> None:
    actions.erase_words(person=person)


def live_layer() -> Health:
    return Health("live layer", is_ok=True, detail=f"{hub.hub.count()} sockets")


def panel(request: HttpRequest) -> dict[str, Any] | None:
    person = request.user
    if isinstance(person, AnonymousUser) or not access.may_use_messages(person):
        return None
    return {"unread": queries.unread_count(person)}


def message_for_reader(viewer: Any, key: str) -> Message:
    """Only a participant can report, and so find, a message. Raises `NotFound`."""
    message = any_message(key)
    access.own_participation(viewer, message.conversation_id)
    return message


def message_by_link(request: HttpRequest, key: str) -> Message:
    """For a volunteer, who is in the conversation by a mailed link."""
    message = any_message(key)
    access.participant_for(request, message.conversation_id)
    return message


def any_message(key: str) -> Message:
    """Whoever asks: only to act on what was reported. Raises `NotFound`."""
    try:
        return Message.objects.select_related("conversation", "sender__person").get(
            pk=key
        )
    except (Message.DoesNotExist, ValueError, ValidationError) as error:
        raise NotFound from error


def excerpt(message: Message) -> str:
    """The reported message and the five before it; all six are frozen."""
    window = Message.objects.filter(
        conversation=message.conversation_id,
        seq__lte=message.seq,
        seq__gte=message.seq - CONTEXT,
    ).select_related("sender__person__profile")
    lines = []
    for line in window:
        text = crypt.text_of(message.conversation, line) or "–"
        lines.append(f"{queries.name_of(line.sender)}: {text}")
    actions.freeze(messages=window)
    return "\n".join(lines)


def hide(message: Message, by: User) -> None:
    actions.hide_message(message=message, by=by)


@tasks.periodic("open conversations", timedelta(seconds=1))
def follow_grants() -> None:
    """A yes that was given in another room opens its conversation here."""
    entries = outbox.read(CONSUMER)
    keys = [entry.key for entry in entries if entry.kind == "grant"]
    for grant in ContactGrant.objects.filter(pk__in=keys, ended_at=None):
        actions.open_conversation(grant=grant)
    if entries:
        outbox.advance(CONSUMER, entries)
