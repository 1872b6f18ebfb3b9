"""Contact by mutual yes. A no is silent: who asked goes on seeing "waiting"."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit, notify, ratelimit
from network.access import Refused
from network.models import Notice, User
from profiles import access
from profiles.actions import changes
from profiles.links import holds_link
from profiles.models import Connection, ContactGrant, Introduction, Profile, Standing
from profiles.models.connection import pair_of

LONGEST_NOTE = 500
REQUESTS_A_DAY = {Standing.PROBATION: 5}
REQUESTS_OF_MEMBERS = 30
State = Connection.State


def request_connection(
    *, by: User, recipient: Profile, note: str = "", is_buddy: bool = False
) -> Connection:
    """Asks for contact, or finds the request that waits already.

    Whoever was declined may ask again and hears the same nothing; the other is not
    asked twice. Raises `Refused` with the reason in plain words.
    """
    note = checked_note(note)
    waiting = access.request_sent(by.pk, recipient.user_id)
    if waiting is not None:
        return waiting
    verdict = access.can_request(by, recipient)
    if not verdict.ok:
        raise Refused(verdict.reason)
    try:
        with transaction.atomic():
            check_pace(by)  # not counted when the same request is there already
            return create_request(by, recipient, note, is_buddy)
    except IntegrityError:  # they asked each other at once, or one pressed twice
        pair = pair_of(by.pk, recipient.user_id)
        return Connection.objects.get(
            pair=pair, state__in=[State.REQUESTED, State.ACCEPTED]
        )


def create_request(
    by: User, recipient: Profile, note: str, is_buddy: bool
) -> Connection:
    is_unwanted = was_declined(by, recipient.user)
    forget_earlier_no(recipient.user, by)
    connection = Connection.objects.create(
        requester=by,
        recipient=recipient.user,
        note=note,
        is_buddy=is_buddy,
        state=State.DECLINED if is_unwanted else State.REQUESTED,
        answered_at=timezone.now() if is_unwanted else None,
    )
    audit.record(action="connection requested", by=by, subject=connection)
    if not is_unwanted:
        notify.notify(
            person=recipient.user,
            kind="connection_request",
            url=reverse("profiles:connections"),
        )
    return connection


def was_declined(requester: User, recipient: User) -> bool:
    """An earlier request of theirs was answered, and not by a yes."""
    return Connection.objects.filter(
        requester=requester,
        recipient=recipient,
        answered_at__isnull=False,
        state__in=[State.DECLINED, State.WITHDRAWN],
    ).exists()


def forget_earlier_no(requester: User, recipient: User) -> None:
    """Who asks somebody has changed their mind about that one's earlier request."""
    Connection.objects.filter(
        requester=requester,
        recipient=recipient,
        state__in=[State.DECLINED, State.WITHDRAWN],
    ).update(state=State.ENDED)


def checked_note(note: str) -> str:
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note is too long: 500 characters at most."))
    if holds_link(note):
        raise Refused(_("No links or addresses in a first note, please."))
    return note


def check_pace(by: User) -> None:
    profile = by.profile
    limit = REQUESTS_A_DAY.get(Standing(profile.standing), REQUESTS_OF_MEMBERS)
    decision = ratelimit.hit(
        "connection request", key=str(by.pk), limit=limit, per=timedelta(days=1)
    )
    if not decision.allowed:
        raise Refused(_("You have asked many people today. Please go on tomorrow."))


def accept_connection(*, connection: Connection, by: User) -> Connection:
    """The yes of the one who was asked opens the way to write to each other; to whoever
    is no active member meanwhile once they are back.

    Said twice it changes nothing. Raises `Refused` once the request was taken back.
    """
    with transaction.atomic():
        row = locked(connection)
        if row.recipient_id != by.pk or row.state == State.ACCEPTED:
            return row
        if row.state != State.REQUESTED:
            raise Refused(_("This request is no longer open."))
        connect(row)
        audit.record(action="connection accepted", by=by, subject=row)
        notify.notify(
            person=row.requester,
            kind="connection_accepted",
            url=reverse("profiles:profile_detail", args=[row.recipient_id]),
        )
    return row


def connect(row: Connection) -> None:
    """Both have said yes: nobody has to introduce them any more. With somebody who is
    suspended, or has left, it carries once they are back."""
    row.state, row.answered_at = State.ACCEPTED, timezone.now()
    row.save(update_fields=["state", "answered_at"])
    Introduction.objects.filter(pair=row.pair).end()
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.CONNECTION,
        source=row.pk,
        person=row.requester,
        other_person=row.recipient,
        ended_at=None if access.is_active_member(row.requester) else timezone.now(),
    )
    changes.tell_grant(grant)


def decline_connection(*, connection: Connection, by: User) -> Connection:
    """Tells nobody anything."""
    with transaction.atomic():
        row = locked(connection)
        if row.recipient_id == by.pk and row.state == State.REQUESTED:
            row.state, row.answered_at = State.DECLINED, timezone.now()
            row.save(update_fields=["state", "answered_at"])
            audit.record(action="connection declined", by=by, subject=row)
    return row


def withdraw_request(*, connection: Connection, by: User) -> Connection:
    """Looks the same whether the other has silently declined or not."""
    with transaction.atomic():
        row = locked(connection)
        silent = {State.REQUESTED, State.DECLINED}
        if row.requester_id == by.pk and row.state in silent:
            row.state = State.WITHDRAWN
            row.save(update_fields=["state"])
            forget_notices(row.recipient)
            audit.record(action="connection withdrawn", by=by, subject=row)
    return row


def forget_notices(recipient: User) -> None:
    """No notice says whose request it tells of: as many stay unread as still wait."""
    unread = Notice.objects.filter(
        person=recipient, kind="connection_request", read_at=None
    ).order_by("-created_at")
    waiting = Connection.objects.filter(recipient=recipient, state=State.REQUESTED)
    for notice in unread[waiting.count() :]:
        notice.delete()


def disconnect(*, connection: Connection, by: User) -> Connection:
    """Either of the two ends it, and with it the right to write."""
    with transaction.atomic():
        row = locked(connection)
        if row.state == State.ACCEPTED:
            end(row)
            audit.record(action="connection ended", by=by, subject=row)
            changes.revoke_on_commit(
                person=row.requester, other=row.recipient, reason="disconnected"
            )
    return row


def end(row: Connection) -> None:
    row.state = State.ENDED
    row.save(update_fields=["state"])
    end_grants(Q(kind=ContactGrant.Kind.CONNECTION, source=row.pk))
    end_introductions(row.requester_id, row.recipient_id)


def end_introductions(one: UUID, other: UUID) -> None:
    """In which both have a part: between the two, and of one by the other."""
    Introduction.objects.of(one).of(other).end()


def end_grants(which: Q) -> None:
    for grant in ContactGrant.objects.filter(which, ended_at=None):
        grant.ended_at = timezone.now()
        grant.save(update_fields=["ended_at"])
        changes.tell_grant(grant)


def locked(connection: Connection) -> Connection:
    return (
        Connection.objects.select_for_update(of=("self",))
        .select_related("requester", "recipient")
        .get(pk=connection.pk)
    )
