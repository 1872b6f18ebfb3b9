"""Who may read and write where. Every way in (form, fetch, socket) asks here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from messaging.models import Conversation, Participant
from network import mailed_links
from network.access import NotFound, is_signed_in
from network.models import User
from profiles.access import CONFIRM_FIRST, is_overdue
from profiles.models import Block, ContactGrant, Standing
from profiles.models.profile import ACTIVE

LINK_PURPOSE = "conversation"
LINK_LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Verdict:
    is_ok: bool
    reason: str = ""


def participant_for(request: HttpRequest, conversation_id: UUID) -> Participant:
    """The reader as a participant: signed in, or by an opened mailed link, which opens
    its own conversation whoever is signed in beside it."""
    if is_signed_in(request.user):
        with suppress(NotFound):
            return participant_of(request.user, conversation_id)
    participant_id = mailed_links.current(request, LINK_PURPOSE)
    found = readable().filter(pk=participant_id, conversation=conversation_id).first()
    if found is None or found.registration is None or found.registration.erased_at:
        raise NotFound
    return found


def participant_of(person: User | AnonymousUser, conversation_id: UUID) -> Participant:
    """Raises `NotFound` for whoever is not, or no longer, in the conversation."""
    found = own_participation(person, conversation_id)
    if blocked_between(found):
        raise NotFound
    return found


def own_participation(
    person: User | AnonymousUser, conversation_id: UUID
) -> Participant:
    """In it whether or not a block hides it: enough to report what stands there, for
    a block must not end that either. Raises `NotFound`."""
    if not is_signed_in(person) or not may_use_messages(person):
        raise NotFound
    found = readable().filter(person=person, conversation=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def readable() -> QuerySet[Participant]:
    return Participant.objects.present().select_related(
        "conversation__grant", "person__profile", "registration"
    )


def may_use_messages(person: User) -> bool:
    """Active members, and applicants in their vetting thread."""
    profile = getattr(person, "profile", None)
    return (
        person.is_active
        and profile is not None
        and profile.standing in {*ACTIVE, Standing.APPLICANT}
    )


def others_in(participant: Participant) -> QuerySet[Participant]:
    return Participant.objects.filter(conversation=participant.conversation_id).exclude(
        pk=participant.pk
    )


def blocked_between(participant: Participant) -> bool:
    """Between the two of a direct conversation; a block hides it from both."""
    others = others_in(participant).values("person")
    me = participant.person_id
    return Block.objects.filter(
        Q(blocker=me, blocked__in=others) | Q(blocked=me, blocker__in=others)
    ).exists()


def can_write(participant: Participant) -> Verdict:
    """Asked inside the transaction that stores the message."""
    conversation = Conversation.objects.select_related("grant").get(
        pk=participant.conversation_id
    )
    if conversation.data_key is None or participant.left_at is not None:
        return Verdict(False, _("This conversation has ended."))
    if not _grant_is_live(conversation) or blocked_between(participant):
        return Verdict(False, _("You can no longer write here."))
    if participant.person is not None and not may_use_messages(participant.person):
        return Verdict(False, _("You can no longer write here."))
    if participant.person is not None and is_overdue(participant.person):
        return Verdict(False, str(CONFIRM_FIRST))
    if not others_in(participant).filter(left_at=None).exists():
        return Verdict(False, _("The other person has left this conversation."))
    return Verdict(True)


def _grant_is_live(conversation: Conversation) -> bool:
    if conversation.kind == Conversation.Kind.GROUP:
        return True
    grant = conversation.grant
    return grant is not None and grant.ended_at is None


def grant_between(person: User, other_id: UUID) -> ContactGrant:
    """The yes that lets these two write. Raises `NotFound` without one, and for a
    person whose standing keeps them from all messages."""
    if not may_use_messages(person):
        raise NotFound
    pair = Q(person=person, other_person=other_id) | Q(
        person=other_id, other_person=person
    )
    found = ContactGrant.objects.filter(pair, ended_at=None).first()
    is_blocked = Block.objects.filter(
        Q(blocker=person, blocked=other_id) | Q(blocked=person, blocker=other_id)
    ).exists()
    if found is None or is_blocked:
        raise NotFound
    return found
