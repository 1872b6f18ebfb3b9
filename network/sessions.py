"""Sessions as database rows whose contents are encrypted and bound to their row."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as RowSessionStore

from network import crypto


class SessionStore(RowSessionStore):
    """A stolen table shows no session's contents; a tampered or moved row is an empty
    session, so that whoever holds it is signed out."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return crypto.encrypt(super().encode(session_dict), aad=self._aad())

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            plain = crypto.decrypt(str(session_data), aad=self._aad())
        except crypto.Tampered:
            return {}
        return super().decode(plain)

    def _aad(self) -> str:
        return f"sessions.Session.session_data|{self.session_key}"
