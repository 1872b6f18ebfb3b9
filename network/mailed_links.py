"""Links that were mailed. Opening one changes nothing; its page's button acts, once.

Mail scanners follow links, so a GET only moves the token from the URL into the
session. At rest there is nothing but a hash of it.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from network.access import NotFound
from network.models import MailedLink

SESSION_KEY = "mailed_links"
TOKEN_BYTES = 32


class LinkOver(NotFound):
    """Its page says so, and how to get another: the same for every link."""


def issue(*, purpose: str, subject: UUID, lifetime: timedelta) -> str:
    """The token for the link's URL; it is shown here only."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    MailedLink.objects.create(
        purpose=purpose,
        subject=subject,
        token_hash=_hashed(token),
        expires_at=timezone.now() + lifetime,
    )
    return token


def open(request: HttpRequest, purpose: str, token: str) -> UUID:
    """Takes the token into the session; the view then redirects to a URL without it.

    Raises `LinkOver` alike for an unknown, expired or spent link, or another purpose's.
    """
    subject = subject_of(purpose, token)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        # a session planted by somebody else must not gain what this link opens
        request.session.cycle_key()
    request.session[SESSION_KEY] = {**_opened(request), purpose: _hashed(token)}
    return subject


def subject_of(purpose: str, token: str) -> UUID:
    """Whom a link is about, for a program that opens no session. Raises `LinkOver`."""
    try:
        return _subject(purpose, _hashed(token))
    except NotFound as error:
        raise LinkOver from error


def current(request: HttpRequest, purpose: str) -> UUID:
    """Whom the opened link is about. Raises `NotFound` once it is spent or expired."""
    return _subject(purpose, _opened(request).get(purpose, ""))


def spend(request: HttpRequest, purpose: str) -> UUID:
    """Uses the opened link up, within the caller's transaction. The second `spend`
    raises `NotFound`, also when both come at once."""
    token_hash = _opened(request).get(purpose, "")
    subject = _subject(purpose, token_hash)
    if not _usable(purpose, token_hash).update(spent_at=timezone.now()):
        raise NotFound
    return subject


def close(request: HttpRequest, purpose: str) -> None:
    """Takes the link out of this browser's session; the link itself stays usable."""
    left = {key: value for key, value in _opened(request).items() if key != purpose}
    request.session[SESSION_KEY] = left


def is_open(request: HttpRequest) -> bool:
    """Whether this browser holds a link, of whatever purpose, usable or not."""
    return bool(_opened(request))


def withdraw(*, subject: UUID, purpose: str | None = None) -> int:
    """Deletes the links about `subject`, as on erasure; returns how many."""
    links = MailedLink.objects.filter(subject=subject)
    if purpose is not None:
        links = links.filter(purpose=purpose)
    return links.delete()[0]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _opened(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(SESSION_KEY, {}))


def _usable(purpose: str, token_hash: str) -> QuerySet[MailedLink]:
    return MailedLink.objects.filter(
        purpose=purpose,
        token_hash=token_hash,
        spent_at=None,
        expires_at__gt=timezone.now(),
    )


def _subject(purpose: str, token_hash: str) -> UUID:
    subject = _usable(purpose, token_hash).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound
    return subject
