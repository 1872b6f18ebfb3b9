"""Who sends a push: this site, by a signature that the push service can check
(RFC 8292). The browser got the public half when it was switched on."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from network.keys import parsed_signer

GOOD_FOR = timedelta(hours=12)  # a push service takes 24 at the most


@lru_cache(maxsize=4)
def signer(key: str) -> Vapid02:
    # the contact was looked at when the site started: see `env.contact`
    found = parsed_signer(key, name="WAYMARK_VAPID_KEY")
    return Vapid02(found, conf={"no-strict": True})


def public_key() -> str:
    """As a browser wants it: the point, in base64 for URLs, without padding."""
    point = signer(settings.VAPID_KEY).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return urlsafe_b64encode(point).decode().rstrip("=")


def authorization(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time() + GOOD_FOR.total_seconds()),
        "sub": settings.PUSH_CONTACT,
    }
    header: str = signer(settings.VAPID_KEY).sign(claims)["Authorization"]
    return header
