"""The second factor that staff must have used in the session at hand."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from network.access import is_staff_role
from network.models import User

# recovery codes stand in for one of these and are none themselves
TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_needed(person: User) -> bool:
    return person.is_superuser or is_staff_role(person)


def is_set_up(person: User) -> bool:
    return bool(is_mfa_enabled(person, TYPES))


def was_used(request: HttpRequest, person: User) -> bool:
    records = get_authentication_records(request, person)
    return any(record.get("method") == "mfa" for record in records)


def is_missing(request: HttpRequest, person: User) -> bool:
    """Whether this session of a staff member may not be trusted yet."""
    if not is_needed(person):
        return False
    return not (is_set_up(person) and was_used(request, person))
