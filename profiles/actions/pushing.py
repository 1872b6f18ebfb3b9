"""A browser that is told when something is new: switched on and off."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from network import audit, crypto
from network.access import Refused
from network.models import PushSubscription, User

MOST = 10  # browsers of one person


def switch_on_push(
    *, by: User, session: UserSession, endpoint: str
) -> PushSubscription:
    """For the browser of this session and for nobody else in it: whoever was told
    there before is told no more. Sent twice it is the same. Raises `Refused`."""
    index = crypto.blind_index(endpoint, purpose="push endpoint")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two forms at once
        mine = PushSubscription.objects.filter(person=by)
        same = mine.filter(session=session, endpoint_index=index).first()
        if same is not None:
            return same
        PushSubscription.objects.filter(endpoint_index=index).delete()
        mine.filter(session=session).delete()
        if mine.count() >= MOST:
            raise Refused(
                _("Ten of your devices are on. Switch one of them off first.")
            )
        row = PushSubscription.objects.create(
            person=by, session=session, endpoint=endpoint, endpoint_index=index
        )
        audit.record(action="push switched on", by=by, subject=row)
    return row


def switch_off_push(*, subscription: PushSubscription, by: User) -> None:
    with transaction.atomic():
        audit.record(action="push switched off", by=by, subject=subscription)
        subscription.delete()
