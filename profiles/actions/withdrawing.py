"""Taking back a consent has its effect at once, whatever it was given for."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from network.access import Refused
from network.models import User
from profiles import access
from profiles.actions import consent, joining, standing
from profiles.models import ConsentRecord, Purpose
from profiles.models.profile import ACTIVE


def withdraw_consent(*, record: ConsentRecord, by: User) -> None:
    """Raises `Refused` for a story's: it is withdrawn together with the story."""
    if record.purpose == Purpose.STORY:
        raise Refused(_("Withdraw the story itself: then this ends with it."))
    with transaction.atomic():
        consent.mark_withdrawn(record, by=by)
        if record.purpose in {Purpose.JOINING, Purpose.SPECIAL_CATEGORY}:
            stop_application(by)
        EFFECTS.get(record.purpose, nothing_more)(by)


def stop_application(person: User) -> None:
    application = access.open_application(person)
    if application is not None:
        joining.withdraw_application(application=application, by=person)


def end_membership(person: User) -> None:
    profile = access.own_profile(person)
    if profile is not None and profile.standing in ACTIVE:
        standing.leave_network(profile=profile, by=person)


def forget_label(person: User) -> None:
    profile = access.own_profile(person)
    if profile is not None:
        consent.forget_label(profile=profile, by=person)


def stop_matching(person: User) -> None:
    profile = access.own_profile(person)
    if profile is not None:
        consent.stop_matching(profile=profile, by=person)


def nothing_more(person: User) -> None:
    """The record alone says it."""


EFFECTS = {
    Purpose.JOINING.value: end_membership,
    Purpose.SPECIAL_CATEGORY.value: forget_label,
    Purpose.MATCHING.value: stop_matching,
}
