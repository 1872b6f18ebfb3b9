"""The site's keys: read from their written form, or made at random for a developer's
machine, where they are kept in `var/`, mode 0600."""

import binascii
import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

DATA_KEY_ID = "data"  # names no key of the ring: a row's own key sealed the value
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeyRing(NamedTuple):
    first: str
    keys: Mapping[str, bytes]


def parsed_ring(lines: Sequence[str]) -> KeyRing:
    """From lines of `id:base64`, the newest first. Raises ImproperlyConfigured."""
    keys = dict(_parsed_line(line) for line in lines)
    if not keys or len(keys) != len(lines):
        raise ImproperlyConfigured("FIELD_KEYS needs keys, each with an id of its own")
    return KeyRing(next(iter(keys)), keys)


def _parsed_line(line: str) -> tuple[str, bytes]:
    key_id, _, encoded = line.partition(":")
    if not KEY_ID.fullmatch(key_id) or key_id == DATA_KEY_ID:
        raise ImproperlyConfigured("FIELD_KEYS: an id is 1 to 32 letters or digits")
    return key_id, parsed_key(encoded, name="FIELD_KEYS")


def parsed_key(encoded: str, *, name: str) -> bytes:
    try:
        key = b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name}: a key is not base64") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name}: a key has {KEY_BYTES} bytes")
    return key


class Keys(TypedDict):
    secret_key: str
    field_keys: list[str]
    blind_index_key: str
    vapid_key: str


def fresh_keys() -> Keys:
    secret_key = secrets.token_urlsafe(50)
    return {
        "secret_key": secret_key,
        "field_keys": [f"k1:{b64encode(secrets.token_bytes(32)).decode()}"],
        "blind_index_key": b64encode(secrets.token_bytes(32)).decode(),
        "vapid_key": vapid_key_of(secret_key),
    }


def vapid_key_of(secret_key: str) -> str:
    """Out of another key: a folder of keys from before there was this one goes on, and
    two processes that start at once still agree."""
    derived = hmac.new(secret_key.encode(), b"vapid", hashlib.sha256)
    return b64encode(derived.digest()).decode()


def development_keys(folder: Path) -> Keys:
    """Reads `folder/keys.json`, writing it first when there is none.

    Two processes that start at once agree: the file appears whole, by a link that
    fails when the other was faster.
    """
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"keys.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(fresh_keys(), file)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    keys: Keys = json.loads(path.read_text())
    keys.setdefault("vapid_key", vapid_key_of(keys["secret_key"]))
    return keys


def parsed_signer(encoded: str, *, name: str) -> ec.EllipticCurvePrivateKey:
    """A private key of the curve P-256, by its number. Raises ImproperlyConfigured."""
    number = int.from_bytes(parsed_key(encoded, name=name))
    try:
        return ec.derive_private_key(number, ec.SECP256R1())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: make another one") from error
