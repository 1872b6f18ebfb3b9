"""Authenticated encryption of texts and bytes, and blind indexes.

A sealed text is `v1:<key id>:<base64url of nonce and ciphertext>`. The additional data
binds it to its place: moved to another row or column it no longer opens.
"""

import binascii
import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from network.keys import DATA_KEY_ID, KEY_BYTES, KeyRing, parsed_key, parsed_ring

FORMAT = "v1"
NONCE_BYTES = 12


class Tampered(Exception):
    """The value does not open here: altered, moved, or sealed with another key."""


class UnknownKey(Tampered):
    """The value names a key that is not in `FIELD_KEYS`."""


@lru_cache(maxsize=8)
def _key_ring(lines: tuple[str, ...]) -> KeyRing:
    return parsed_ring(lines)


def key_ring() -> KeyRing:
    """The keys of `FIELD_KEYS` by id; the first one seals, all of them open."""
    return _key_ring(tuple(settings.FIELD_KEYS))


def encrypt(text: str, *, aad: str, key: bytes | None = None) -> str:
    """Seals with the first master key, or with the data key `key`."""
    key_id, sealed = _seal(text.encode(), aad=aad, key=key)
    return f"{FORMAT}:{key_id}:{urlsafe_b64encode(sealed).decode()}"


def decrypt(token: str, *, aad: str, key: bytes | None = None) -> str:
    """Raises `Tampered` for whatever `encrypt` did not make for this `aad` and key."""
    key_id, encoded = _parts(token)
    try:
        sealed = b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Tampered("not base64") from error
    return _open(sealed, key_id=key_id, aad=aad, key=key).decode()


def encrypt_bytes(content: bytes, *, aad: str, key: bytes | None = None) -> bytes:
    """Like `encrypt`, without base64: `v1:<key id>:`, nonce, ciphertext."""
    key_id, sealed = _seal(content, aad=aad, key=key)
    return f"{FORMAT}:{key_id}:".encode() + sealed


def decrypt_bytes(sealed: bytes, *, aad: str, key: bytes | None = None) -> bytes:
    head, _, rest = sealed.partition(b":")
    key_id, colon, body = rest.partition(b":")
    if head != FORMAT.encode() or not colon:
        raise Tampered("not a sealed value")
    return _open(body, key_id=key_id.decode("ascii", "replace"), aad=aad, key=key)


def key_id_of(token: str) -> str:
    """Which key sealed this text. Raises `Tampered` when it is none of ours."""
    return _parts(token)[0]


def _parts(token: str) -> tuple[str, str]:
    version, _, rest = token.partition(":")
    key_id, colon, encoded = rest.partition(":")
    if version != FORMAT or not colon:
        raise Tampered("not a sealed value")
    return key_id, encoded


def _seal(content: bytes, *, aad: str, key: bytes | None) -> tuple[str, bytes]:
    ring = key_ring()
    key_id, secret = (DATA_KEY_ID, key) if key else (ring.first, ring.keys[ring.first])
    # random nonces are safe up to 2**32 values for one key
    nonce = secrets.token_bytes(NONCE_BYTES)
    return key_id, nonce + AESGCM(secret).encrypt(nonce, content, aad.encode())


def _open(sealed: bytes, *, key_id: str, aad: str, key: bytes | None) -> bytes:
    secret = _secret(key_id, key)
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(secret).decrypt(nonce, body, aad.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered("does not open with this key in this place") from error


def _secret(key_id: str, key: bytes | None) -> bytes:
    if (key_id == DATA_KEY_ID) != (key is not None):
        raise Tampered("data key and master key confused")
    if key is not None:
        return key
    try:
        return key_ring().keys[key_id]
    except KeyError:
        raise UnknownKey(f"no key {key_id!r} in FIELD_KEYS") from None


def new_data_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def wrap_key(key: bytes, *, aad: str) -> str:
    """A data key sealed by the first master key; deleting it shreds what it sealed."""
    return encrypt(b64encode(key).decode(), aad=_wrapped(aad))


def unwrap_key(token: str, *, aad: str) -> bytes:
    return b64decode(decrypt(token, aad=_wrapped(aad)))


def _wrapped(aad: str) -> str:
    return f"data-key|{aad}"


def blind_index(value: str, *, purpose: str) -> str:
    """64 hex digits by which equal values are found. Normalise `value` beforehand."""
    key = parsed_key(settings.BLIND_INDEX_KEY, name="BLIND_INDEX_KEY")
    scoped = f"{len(purpose)}:{purpose}:{value}".encode()
    return hmac.new(key, scoped, hashlib.sha256).hexdigest()
