"""When what a person may do changes, their sessions and live lines end.

A change of password or factor ends the person's other sessions; a change of role ends
all of them.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest

from network import parts, push
from network.models import PushSubscription, User


def end_sessions(*, person: UUID, reason: str, keep: str | None = None) -> int:
    """Ends a person's sessions but for the one with the key `keep`; returns how many.

    Their live lines are closed after commit: those of a session that goes on come back.
    """
    known = UserSession.objects.filter(user_id=person).exclude(session_key=keep or "")
    keys = list(known.values_list("session_key", flat=True))
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
        transaction.on_commit(partial(parts.revoke, person=person, reason=reason))
    return len(keys)


@receiver([password_changed, password_set, password_reset])
def password_was_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    keep = request.session.session_key
    take_push_along(request)
    end_sessions(person=user.pk, keep=keep, reason="password")


def take_push_along(request: HttpRequest) -> None:
    """Django has given this browser's session a new key; the old one ends now, with
    whatever hangs on it."""
    if row := request.session.get(push.MARK):
        UserSession.objects.create_from_request(request)
        here = UserSession.objects.get(session_key=request.session.session_key)
        PushSubscription.objects.filter(pk=row, person=here.user).update(session=here)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def factor_was_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    keep = request.session.session_key
    end_sessions(person=user.pk, keep=keep, reason="factor")


@receiver(m2m_changed, sender=User.groups.through)
def role_was_changed(
    instance: User | Group, action: str, pk_set: set[UUID] | None, **kwargs: Any
) -> None:
    if action not in {"post_add", "post_remove", "pre_clear"}:
        return
    if isinstance(instance, User):
        people = {instance.pk} if pk_set or action == "pre_clear" else set()
    elif pk_set is None:
        people = set(instance.user_set.values_list("pk", flat=True))
    else:
        people = set(pk_set)
    for person in people:
        end_sessions(person=person, reason="role")


@receiver(user_logged_out)
def remember_leaving(request: HttpRequest | None, **kwargs: Any) -> None:
    """`SafetyHeaders` then tells the browser to drop what it has kept."""
    if request is not None:
        request.META["waymark.signed_out"] = True
        push.drop_of_session(request.session.session_key)
