"""What is there to be erased again after a restore: see `network.tombstones`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from network.models import User
from profiles.actions.erasing import OF_A_SHELL, erase_account
from profiles.actions.volunteers import erase_registration
from profiles.models import VolunteerRegistration


def accounts_standing() -> Iterable[UUID]:
    """All but those of which only the empty shell is left."""
    left = User.objects.exclude(email__endswith=OF_A_SHELL)
    return left.values_list("pk", flat=True).iterator()


def erase_account_again(key: UUID) -> None:
    for person in User.objects.filter(pk=key):
        erase_account(person=person)


def registrations_standing() -> Iterable[UUID]:
    left = VolunteerRegistration.objects.filter(erased_at=None)
    return left.values_list("pk", flat=True).iterator()


def erase_registration_again(key: UUID) -> None:
    """Another one may have taken it along."""
    for row in VolunteerRegistration.objects.filter(pk=key, erased_at=None):
        erase_registration(registration=row)
