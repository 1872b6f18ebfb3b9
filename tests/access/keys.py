"""Keys and browsers of accounts that nobody holds in their hand."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from network.models import PushSubscription, User
from tests.access.things import NO_NUMBER, Things


def create_keys_and_browsers(things: Things, people: dict[str, User]) -> None:
    """And browsers in which nobody sits: the sweep has its own."""
    for noun, create in (("security key", create_key), ("session", create_session)):
        things.add(
            noun,
            own=create(people["owner"]),
            other=create(people["stranger"]),
            missing=NO_NUMBER,
        )
    things.add(
        "push", own=create_push(people["owner"]), other=create_push(people["stranger"])
    )


def create_push(person: User) -> object:
    row = UserSession.objects.create(
        user=person, ip="192.0.2.8", session_key=f"on: {person.pk}"[:40], user_agent=""
    )
    return PushSubscription.objects.create(
        person=person, session=row, endpoint="https://a", endpoint_index=row.pk
    ).pk


def create_session(person: User) -> int:
    row = UserSession.objects.create(
        user=person, ip="192.0.2.7", session_key=f"of {person.pk}", user_agent="A tram"
    )
    return int(row.pk)


def create_key(person: User) -> int:
    row = Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "A key", "credential": credential(person.pk.bytes)},
    )
    return int(row.pk)


def credential(key_id: bytes) -> dict[str, Any]:
    public = ES256.from_cryptography_key(
        ec.generate_private_key(ec.SECP256R1()).public_key()
    )
    held = AttestedCredentialData.create(Aaguid.NONE, key_id, public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(b"\0" * 32, flags, 0, held)
    client = CollectedClientData.create(
        CollectedClientData.TYPE.CREATE, b"\0" * 16, "https://waymark.example"
    )
    return {
        "id": websafe_encode(key_id),
        "rawId": websafe_encode(key_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(
                AttestationObject.create("none", data, {})
            ),
        },
    }
