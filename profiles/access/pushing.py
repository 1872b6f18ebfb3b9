"""Browsers that are told of something new. Whoever is signed in has a list of notices,
so whoever is signed in may be told of it: an applicant and a suspended member too."""

from __future__ import annotations

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from network import push
from network.access import NotFound
from network.models import PushSubscription, User


def browser_to_switch_on(request: HttpRequest) -> UserSession:
    """The session that the push is bound to: the one at hand. Raises `NotFound`, also
    where this site has no key to sign pushes with."""
    rows = UserSession.objects.filter(user=request.user.pk)
    here = rows.filter(session_key=request.session.session_key).first()
    if here is None or not push.is_offered():
        raise NotFound
    return here


def own_push(person: User, push_id: UUID) -> PushSubscription:
    """One of this person's browsers. Raises `NotFound`."""
    row = PushSubscription.objects.filter(pk=push_id, person=person).first()
    if row is None:
        raise NotFound
    return row
