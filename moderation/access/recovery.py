"""Who recovers a lost account, and who decides about it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from moderation.access.staff import vetter
from moderation.models import (
    AccessRecovery,
    AccessRecoveryQuerySet,
    RecoveryState,
)
from network import mailed_links
from network.access import (
    NotFound,
    Viewer,
    is_signed_in,
)
from network.models import User
from profiles.access import own_profile
from profiles.models import (
    Standing,
)

# of mailed links
LOST_ACCESS, STOP_RECOVERY = "lost access", "stop recovery"


def may_recover(person: User) -> bool:
    """Whoever may sign in at all, and was not suspended."""
    profile = own_profile(person)
    is_suspended = profile is not None and profile.standing == Standing.SUSPENDED
    return person.is_active and not is_suspended


def recovery_by_link(request: HttpRequest) -> AccessRecovery:
    """Of the mailed link that this browser opened. Raises `NotFound`."""
    row = _recovery_of_link(mailed_links.current(request, LOST_ACCESS))
    if row.person is not None and not may_recover(row.person):
        raise NotFound
    return row


def recovery_to_stop(request: HttpRequest) -> AccessRecovery:
    """Of the link that an address of the account was mailed. Raises `NotFound`."""
    return _recovery_of_link(mailed_links.current(request, STOP_RECOVERY))


def _recovery_of_link(key: UUID) -> AccessRecovery:
    rows = AccessRecovery.objects.select_related("person__profile")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def own_recovery(viewer: Viewer) -> AccessRecovery:
    """What somebody asks for this signed-in person's account. Raises `NotFound`."""
    if not is_signed_in(viewer):
        raise NotFound
    theirs = AccessRecovery.objects.under_way().filter(person=viewer)
    found = theirs.order_by("sent_at").first()
    if found is None:
        raise NotFound
    return found


def others_asking(recovery: AccessRecovery) -> AccessRecoveryQuerySet:
    """What else is open for the same account; of nobody's there is nothing."""
    same = AccessRecovery.objects.open().filter(
        person=recovery.person_id, person__isnull=False
    )
    return same.exclude(pk=recovery.pk)


def recoveries_for(viewer: Viewer) -> AccessRecoveryQuerySet:
    """What vetters decide on and have decided; never on their own account."""
    person = vetter(viewer)
    sent = AccessRecovery.objects.exclude(state=RecoveryState.BEGUN)
    others = sent.filter(person__isnull=False, sent_at__isnull=False)
    return others.exclude(person=person).select_related("person__profile")


def recovery_for_vetter(viewer: Viewer, recovery_id: UUID) -> AccessRecovery:
    found = recoveries_for(viewer).filter(pk=recovery_id).first()
    if found is None:
        raise NotFound
    return found
