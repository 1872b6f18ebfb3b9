"""A member brings two of their connections together; contact begins with their yes.

The one who introduces is told nothing of the answers, not even of two yeses: a yes that
is told makes a no of every silence, and a silence may be a block or a rule that says
what somebody is. Whether they met is for the two to tell.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit, notify, ratelimit
from network.access import Refused
from network.models import User
from profiles import access
from profiles.actions.connections import checked_note, connect, forget_earlier_no
from profiles.models import Connection, Introduction, Profile
from profiles.models.connection import pair_of

MONTH = timedelta(days=30)
MOST_OPEN = 5  # of one member
MOST_IN_A_WHILE, WHILE = 10, timedelta(days=3)
KEPT = timedelta(days=182)  # after it is over, so that nobody is asked twice
State, Answer = Introduction.State, Introduction.Answer


def introduce(*, by: User, one: Profile, other: Profile, note: str) -> Introduction:
    """Asks both, where they may be asked; else it waits and nobody hears of it. The
    same two a second time are the same introduction. Raises `Refused` for what the
    introducer may know."""
    note = checked_note(note)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two forms at once
        pair = pair_of(one.user_id, other.user_id)
        known = Introduction.objects.filter(introducer=by, pair=pair).first()
        if known is not None:
            return still_open(known)
        check_may_introduce(by)
        return create_introduction(by, one, other, note)


def still_open(known: Introduction) -> Introduction:
    if not Introduction.objects.not_over().filter(pk=known.pk).exists():
        raise Refused(_("You have proposed these two already. Once is enough."))
    return known


def check_may_introduce(by: User) -> None:
    if len(access.own_introductions(by)) >= MOST_OPEN:
        raise Refused(
            _("Five introductions are open. Take one back, or wait until one is over.")
        )
    decision = ratelimit.hit(
        "introductions", key=str(by.pk), limit=MOST_IN_A_WHILE, per=WHILE
    )
    if not decision.allowed:
        raise Refused(
            _("You have introduced many people in three days. Try again later.")
        )


def create_introduction(
    by: User, one: Profile, other: Profile, note: str
) -> Introduction:
    is_closed = is_settled_between(one, other)
    row = Introduction.objects.create(
        introducer=by,
        one=one.user,
        other=other.user,
        note=note,
        state=State.ENDED if is_closed else State.WAITING,
        expires_at=timezone.now() + MONTH,
    )
    audit.record(action="introduction proposed", by=by, subject=row)
    if not is_closed and access.can_be_introduced(one, other):
        for person in (row.one, row.other):
            notify.notify(
                person=person,
                kind="introduction",
                url=reverse("profiles:connections"),
            )
    return row


def is_settled_between(one: Profile, other: Profile) -> bool:
    """Nothing that changes later takes it up again."""
    pair = one.user_id, other.user_id
    return (
        access.is_blocked_between(*pair)
        or access.has_said_no(*pair)
        or access.connection_between(*pair) is not None
    )


def say_yes(*, introduction: Introduction, by: User) -> bool:
    """Whether the two are connected now. Said twice it changes nothing."""
    with transaction.atomic():
        row = locked(introduction)
        if row.state != State.WAITING or row.answer_of(by.pk) == Answer.NO:
            return row.state == State.MADE
        put_answer(row, by, Answer.YES)
        audit.record(action="introduction answered", by=by, subject=row)
        both = row.one_answer == row.other_answer == Answer.YES
        if both and access.can_be_introduced(row.one.profile, row.other.profile):
            bring_together(row, by)
    return row.state == State.MADE


def say_no(*, introduction: Introduction, by: User) -> None:
    """Heard by nobody; and whoever else would introduce the same two is answered."""
    with transaction.atomic():
        row = locked(introduction)
        same = Introduction.objects.waiting().filter(pair=row.pair)
        for one in same.select_for_update():
            put_answer(one, by, Answer.NO)
        audit.record(action="introduction answered", by=by, subject=row)


def put_answer(row: Introduction, by: User, answer: str) -> None:
    side = row.side_of(by.pk)
    setattr(row, side, answer)
    row.save(update_fields=[side])


def bring_together(row: Introduction, last: User) -> None:
    """A connection like any other; who said yes first has asked, so to say."""
    first = row.across_from(last.pk)
    for one, other in ((first, last), (last, first)):
        forget_earlier_no(one, other)
    found = Connection.objects.filter(
        pair=row.pair, state=Connection.State.REQUESTED
    ).first() or Connection(requester=first, recipient=last)
    found.save()
    row.state = State.MADE
    row.save(update_fields=["state"])
    connect(found)
    audit.record(action="introduction made", by=last, subject=row)
    notify.notify(
        person=first,
        kind="connection_accepted",
        url=reverse("profiles:profile_detail", args=[last.pk]),
    )


def withdraw_introduction(*, introduction: Introduction, by: User) -> None:
    """Ends what waits; two who are connected by it stay so."""
    with transaction.atomic():
        row = locked(introduction)
        if row.introducer_id == by.pk and row.state != State.WITHDRAWN:
            row.state = State.WITHDRAWN
            row.save(update_fields=["state"])
            audit.record(action="introduction withdrawn", by=by, subject=row)


def forget_old() -> int:
    """Half a year after it was over. Returns how many there were."""
    before = timezone.now() - KEPT
    return int(Introduction.objects.filter(expires_at__lte=before).delete()[0])


def locked(introduction: Introduction) -> Introduction:
    found: Introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("one__profile", "other__profile")
        .get(pk=introduction.pk)
    )
    return found
