"""Writes. A message is numbered under the row lock of its conversation, so that there
is one order for everybody; a repeated `client_uuid` returns what was stored first."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging import access, crypt, hub
from messaging.models import Conversation, Message, Participant
from network import audit, crypto, mailed_links, notify, outbox, ratelimit
from network.access import Refused
from network.models import Lane, User
from network.words import is_seen, straight
from profiles.links import holds_link
from profiles.models import ContactGrant, Standing

TRUSTED_WITH_LINKS = (Standing.MEMBER, Standing.TRUSTED)
MAX_BYTES = 8 * 1024
BURST, BURST_IN = 20, timedelta(seconds=10)


class Unsendable(Refused):
    """The text cannot be sent as it is; `message` says what to change."""


def open_conversation(*, grant: ContactGrant) -> Conversation:
    """The conversation of a grant; made at the first call, found at every later one."""
    with transaction.atomic():
        locked = ContactGrant.objects.select_for_update().get(pk=grant.pk)
        found = Conversation.objects.filter(grant=locked).first()
        if found is not None:
            return found
        conversation = Conversation.objects.create(
            kind=kind_of(locked), grant=locked, data_key=crypto.new_data_key()
        )
        Participant.objects.create(conversation=conversation, person=locked.person)
        other = Participant.objects.create(
            conversation=conversation,
            person=locked.other_person,
            registration=locked.other_registration,
        )
        audit.record(action="conversation opened", by=None, subject=conversation)
        if other.registration is not None:
            mail_link(participant=other)
    return conversation


def kind_of(grant: ContactGrant) -> str:
    kinds = {
        ContactGrant.Kind.ENGAGEMENT: Conversation.Kind.ENGAGEMENT,
        ContactGrant.Kind.VETTING: Conversation.Kind.VETTING,
        ContactGrant.Kind.CHECK: Conversation.Kind.CHECK,
    }
    return kinds.get(ContactGrant.Kind(grant.kind), Conversation.Kind.DIRECT)


def mail_link(*, participant: Participant) -> None:
    """Mails a volunteer the way into their thread; the link only opens a page."""
    registration = participant.registration
    if registration is None or not registration.email:
        return
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE,
        subject=participant.pk,
        lifetime=access.LINK_LIFETIME,
    )
    url = notify.absolute(reverse("messaging:open", args=[token]))
    notify.send_mail(
        to=registration.email,
        template="conversation_opened",
        context={"url": url},
        language=registration.language,
    )


def send_message(
    *,
    participant: Participant,
    body: str,
    client_uuid: UUID,
    is_sensitive: bool = False,
) -> Message:
    """Stores and numbers one message, then tells open sockets.

    Raises `Unsendable` (empty, over 8 KB, a link from a new member, too fast) and
    `Refused` (the right to write here has ended).
    """
    body = checked_body(participant, body)
    repeated = stored_message(participant, client_uuid)
    if repeated is not None:
        return repeated
    check_pace(participant)
    with transaction.atomic():
        # the row lock: whoever comes second waits here, and gets the next number
        moved = Conversation.objects.filter(pk=participant.conversation_id)
        conversation = moved.select_for_update().get()
        repeated = stored_message(participant, client_uuid)
        if repeated is not None:
            return repeated
        verdict = access.can_write(participant)
        if not verdict.is_ok:
            raise Refused(verdict.reason)
        moved.update(last_seq=F("last_seq") + 1, last_message_at=timezone.now())
        conversation.last_seq += 1
        message = Message(
            conversation=conversation,
            seq=conversation.last_seq,
            sender=participant,
            client_uuid=client_uuid,
            is_sensitive=is_sensitive,
        )
        message.ciphertext = crypt.seal(conversation, message, body)
        message.save(force_insert=True)
        own = Participant.objects.filter(pk=participant.pk)
        own.update(last_read_seq=message.seq)
        outbox.append(
            lane=Lane.REST, kind="message", key=conversation.pk, version=message.seq
        )
        seq = message.seq
        transaction.on_commit(lambda: hub.announce(conversation.pk, seq))
    return message


def stored_message(participant: Participant, client_uuid: UUID) -> Message | None:
    return Message.objects.filter(
        conversation=participant.conversation_id,
        sender=participant,
        client_uuid=client_uuid,
    ).first()


STORABLE = re.compile("[^\x00\ud800-\udfff]*")  # a half of an emoji is none


def checked_body(participant: Participant, body: str) -> str:
    body = straight(body.replace("\r\n", "\n").strip())
    if not is_seen(body):
        raise Unsendable(_("Write something first."))
    if len(body.encode(errors="replace")) > MAX_BYTES:
        raise Unsendable(_("This message is too long. Send it in two or three parts."))
    if not STORABLE.fullmatch(body):
        raise Unsendable(_("This text holds a character that cannot be stored."))
    profile = getattr(participant.person, "profile", None)
    is_trusted = profile is not None and profile.standing in TRUSTED_WITH_LINKS
    if not is_trusted and holds_link(body):
        raise Unsendable(_("Links cannot be sent here yet. Take the link out, please."))
    return body


def check_pace(participant: Participant) -> None:
    decision = ratelimit.hit(
        "message", key=str(participant.pk), limit=BURST, per=BURST_IN
    )
    if not decision.allowed:
        raise Unsendable(
            _("You are writing very fast. Wait a few seconds, then send it again.")
        )


def mark_read(*, participant: Participant, seq: int) -> None:
    """Moves the mark ahead, never back, never past the last message."""
    seq = min(seq, participant.conversation.last_seq)
    Participant.objects.filter(pk=participant.pk, last_read_seq__lt=seq).update(
        last_read_seq=seq
    )


def leave_conversation(*, participant: Participant, by: User | None) -> None:
    with transaction.atomic():
        changed = Participant.objects.filter(pk=participant.pk, left_at=None).update(
            left_at=timezone.now()
        )
        if not changed:
            return
        audit.record(
            action="conversation left", by=by, subject=participant.conversation
        )
        person = participant.person_id
        if person is not None:
            transaction.on_commit(
                lambda: hub.revoke(person=person, other=person, reason="left")
            )


def erase_words(*, person: User) -> None:
    """Blanks what a person wrote and takes them out; the numbers stay whole.

    What was reported (`frozen_at`) is held until its case is closed.
    """
    mine = Message.objects.filter(sender__person=person, frozen_at=None)
    mine.update(ciphertext="", deleted_at=timezone.now())
    Participant.objects.filter(person=person).update(
        left_at=timezone.now(), person=None
    )


def delete_message(*, message: Message, participant: Participant) -> None:
    """Takes one's own words back, for everybody; a tombstone keeps the number."""
    if message.sender_id != participant.pk or message.frozen_at is not None:
        raise Refused(_("This message can no longer be deleted."))
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            ciphertext="", deleted_at=timezone.now()
        )
        audit.record(action="message deleted", by=participant.person, subject=message)
        transaction.on_commit(
            lambda: hub.announce(message.conversation_id, message.seq)
        )


def freeze(*, messages: QuerySet[Message]) -> None:
    """Holds reported messages: neither deleted nor erased until the case is closed."""
    messages.filter(frozen_at=None).update(frozen_at=timezone.now())


def hide_message(*, message: Message, by: User) -> None:
    """A moderator takes a message out of everybody's sight."""
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(deleted_at=timezone.now())
        audit.record(action="message hidden", by=by, subject=message)
        transaction.on_commit(
            lambda: hub.announce(message.conversation_id, message.seq)
        )
