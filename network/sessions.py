"""Sessions as database rows whose contents are encrypted."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as RowSessionStore

from network import crypto

AAD = "sessions.Session.session_data"


class SessionStore(RowSessionStore):
    """A stolen table shows no session's contents; a tampered row is an empty session.

    Not bound to the row: Django renames a session's key (at sign-in) after encoding.
    """

    def encode(self, session_dict: dict[str, Any]) -> str:
        return crypto.encrypt(super().encode(session_dict), aad=AAD)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            plain = crypto.decrypt(str(session_data), aad=AAD)
        except (crypto.Tampered, crypto.UnknownKey):
            return {}
        return super().decode(plain)
