"""The base's part of what a person is told of themselves: how they sign in, and
where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from network import parts
from network.devices import device_name
from network.exporting import Word, Words, moment
from network.models import PushSubscription, User
from network.parts import Exporter
from network.push_service import host_of

FACTORS = {
    Authenticator.Type.TOTP.value: _("An app that shows codes"),
    Authenticator.Type.WEBAUTHN.value: _("Security keys"),
    Authenticator.Type.RECOVERY_CODES.value: _("Recovery codes"),
}


def forgotten(ip: str) -> str:
    return "–" if ip == "0.0.0.0" else ip  # noqa: S104 (blanked after seven days)


WORDS: Words = {
    "address": Word(_("E-mail address")),
    "is_confirmed": Word(_("Confirmed")),
    "is_main": Word(_("The one that mails go to")),
    "factor": Word(_("Second factor"), lambda kind: FACTORS.get(kind, kind)),
    "device": Word(_("Signed in with"), device_name),
    "network_address": Word(_("From the network address"), forgotten),
    "told_by_push": Word(_("Told that there is something new"), device_name),
    "push_service": Word(_("Over the servers of")),
    "since": Word(_("Since"), moment),
    "seen_at": Word(_("Last used"), moment),
    "last_told_at": Word(_("Last told"), moment),
}


def ways_in(person: User) -> Iterable[dict[str, Any]]:
    """Seeds, codes and keys are ways in, and told to nobody."""
    for address in EmailAddress.objects.filter(user=person).order_by("pk"):
        yield {
            "address": address.email,
            "is_confirmed": address.verified,
            "is_main": address.primary,
        }
    for factor in Authenticator.objects.filter(user=person).order_by("created_at"):
        yield {
            "factor": factor.type,
            "since": factor.created_at,
            "seen_at": factor.last_used_at,
        }
    for session in UserSession.objects.filter(user=person).order_by("created_at"):
        yield {
            "device": session.user_agent,
            "network_address": session.ip,
            "since": session.created_at,
            "seen_at": session.last_seen_at,
        }
    mine = PushSubscription.objects.filter(person=person).select_related("session")
    for row in mine:
        yield {
            "told_by_push": row.session.user_agent,
            "push_service": host_of(row.endpoint),
            "since": row.created_at,
            "last_told_at": row.last_ok_at,
        }


parts.exporters.register(
    "1-ways-in",
    Exporter(
        _("How and where you sign in"),
        (
            EmailAddress._meta.label,
            Authenticator._meta.label,
            UserSession._meta.label,
            PushSubscription._meta.label,
        ),
        ways_in,
        WORDS,
    ),
)
