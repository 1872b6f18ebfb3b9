"""Whose fresh link makes an account out of a registration, and whose account it is."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.http import HttpRequest

from network import mailed_links
from network.access import NotFound
from network.models import User
from profiles.access.by_link import live_registration
from profiles.models import VolunteerRegistration
from profiles.models.volunteer import VolunteerQuerySet, address_index

ACCOUNT_WISH = "account wish"  # of mailed links


def wished_registration(request: HttpRequest) -> VolunteerRegistration:
    """That of the letter whose link this browser has opened. Raises `NotFound`."""
    row = live_registration(mailed_links.current(request, ACCOUNT_WISH))
    if row is None:
        raise NotFound
    return row


def proved_addresses(person: User) -> set[str]:
    proved = EmailAddress.objects.filter(user=person, verified=True)
    return {address.email.lower() for address in proved}


def is_same_person(person: User, registration: VolunteerRegistration) -> bool:
    """Whether both were proved to have one address."""
    return registration.email.lower() in proved_addresses(person)


def registrations_of(person: User) -> VolunteerQuerySet:
    """Confirmed with an address of this account: anybody can type any address."""
    marks = [address_index(email) for email in proved_addresses(person)]
    found: VolunteerQuerySet = VolunteerRegistration.objects.confirmed()
    return found.filter(email_index__in=marks).order_by("created_at")


def registration_to_take_along(
    request: HttpRequest, person: User
) -> VolunteerRegistration:
    """Raises `NotFound` for another's, and so for one's own with another address."""
    row = wished_registration(request)
    if not is_same_person(person, row):
        raise NotFound
    return row
