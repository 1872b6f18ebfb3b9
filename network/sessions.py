"""Sessions as database rows whose contents are encrypted and bound to their row.

The cookie is the row's key signed: whoever has stolen the table, and not the keys, can
make no cookie out of it and so cannot sign in as anybody.
"""

from typing import Any

from channels.sessions import CookieMiddleware, SessionMiddleware
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as RowSessionStore
from django.core import signing

from network import crypto

SALT = "session cookie"


def cookie_of(key: str) -> str:
    return signing.Signer(salt=SALT).sign(key)


def key_in(cookie: str) -> str | None:
    """None when nobody here has signed it."""
    try:
        return signing.Signer(salt=SALT).unsign(cookie)
    except signing.BadSignature:
        return None


def checked(cookies: dict[str, str]) -> dict[str, str]:
    """A browser's cookies with the session's key, if it is signed, in place of it."""
    cookies = dict(cookies)
    key = key_in(cookies.pop(settings.SESSION_COOKIE_NAME, ""))
    return cookies if key is None else {**cookies, settings.SESSION_COOKIE_NAME: key}


class SessionStore(RowSessionStore):
    """A stolen table shows no session's contents; a tampered or moved row is an empty
    session, so that whoever holds it is signed out. Made of a cookie or of a key."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(key_in(session_key or "") or session_key)

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


class SignedCookieOfLine:
    """For live lines what `middleware.SignedSessionCookie` is for pages."""

    def __init__(self, inner: Any) -> None:
        self.inner = SessionMiddleware(inner)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        scope = {**scope, "cookies": checked(scope["cookies"])}
        return await self.inner(scope, receive, send)


def session_of_line(inner: Any) -> Any:
    return CookieMiddleware(SignedCookieOfLine(inner))
