"""Who may reach, ask and block whom."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from network.access import NotFound
from network.models import User
from profiles.access.seeing import Tier, find_profile, is_kept_from, tier_of
from profiles.access.standing import (
    CONFIRM_FIRST,
    Verdict,
    is_active_member,
    is_overdue,
    own_profile,
)
from profiles.access.ties import (
    asks_again_from,
    connection_between,
    is_blocked_between,
    request_sent,
)
from profiles.models import (
    Block,
    Connection,
    ContactGrant,
    Profile,
)


def can_contact(sender: User, recipient: User) -> Verdict:
    """Whether the two may write to each other now."""
    pair = Q(person=sender, other_person=recipient) | Q(
        person=recipient, other_person=sender
    )
    is_allowed = (
        is_active_member(sender)
        and is_active_member(recipient)
        and not is_overdue(sender)
        and not is_blocked_between(sender.pk, recipient.pk)
        and ContactGrant.objects.filter(pair, ended_at=None).exists()
    )
    return Verdict(is_allowed, "" if is_allowed else _("You have no contact yet."))


def can_request(sender: User, recipient: Profile) -> Verdict:
    """Whether `sender`, who may see this profile, may ask for contact.

    One reason for every wish not to be asked: which wish it is would tell a label.
    """
    if sender.pk == recipient.user_id or not is_active_member(sender):
        return Verdict(False, _("You cannot ask for this contact."))
    if is_overdue(sender):
        return Verdict(False, str(CONFIRM_FIRST))
    if connection_between(sender.pk, recipient.user_id) is not None:
        return Verdict(False, _("You are connected already."))
    if request_sent(sender.pk, recipient.user_id) is not None:
        return Verdict(False, _("You have asked. We tell you if the answer is yes."))
    again = asks_again_from(sender.pk, recipient.user_id)
    if again is not None:
        told = _("You took your request back. You can ask again from %(day)s on.")
        day = date_format(timezone.localtime(again), "DATE_FORMAT")
        return Verdict(False, told % {"day": day})
    if not takes_requests_of(sender, recipient):
        return Verdict(False, _("This member does not take requests at the moment."))
    return Verdict(True)


def takes_requests_of(sender: User, recipient: Profile) -> bool:
    rules = recipient.contact_rules
    if not recipient.is_open_to_contact or rules.get("facilitator"):
        return False
    return not is_kept_from(sender, recipient)


def connection_for(person: User, connection_id: UUID) -> Connection:
    """One that this person asked for or was asked. Raises `NotFound`."""
    mine = Q(requester=person) | Q(recipient=person)
    found = (
        Connection.objects.filter(mine, pk=connection_id)
        .select_related("requester__profile", "recipient__profile")
        .first()
    )
    if found is None or not is_active_member(person):
        raise NotFound
    if is_blocked_between(found.requester_id, found.recipient_id):
        raise NotFound
    return found


def blockable(person: User, user_id: UUID) -> User:
    """Somebody whom this person sees, or has to do with. Raises `NotFound`."""
    if own_profile(person) is None or person.pk == user_id:
        raise NotFound
    profile = find_profile(user_id)
    other = profile.user
    if Block.objects.filter(blocker=person, blocked=other).exists():
        return other
    if Block.objects.filter(blocker=other, blocked=person).exists():
        raise NotFound
    if tier_of(person, profile) in {Tier.MEMBER, Tier.CONNECTION}:
        return other
    if not have_to_do(person, other):
        raise NotFound
    return other


def have_to_do(person: User, other: User) -> bool:
    asked = Q(requester=person, recipient=other) | Q(requester=other, recipient=person)
    granted = Q(person=person, other_person=other) | Q(
        person=other, other_person=person
    )
    return (
        Connection.objects.filter(asked).exists()
        or ContactGrant.objects.filter(granted).exists()
    )
