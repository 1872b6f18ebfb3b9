"""Mail on a developer's machine: printed, and kept as files for `/mailbox/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.message import EmailMessage as Mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


class FolderAndConsole(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[Mail]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            path = folder / f"{stamp}-{uuid4().hex[:6]}.eml"
            path.write_bytes(mail.message().as_bytes())
        Console(fail_silently=True).send_messages(list(email_messages))
        return len(email_messages)


@dataclass(frozen=True)
class StoredMail:
    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def to(self) -> str:
        return str(self.message["to"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""


def stored_mails(limit: int = 50) -> list[StoredMail]:
    """The newest first."""
    paths = sorted(Path(settings.MAIL_DIR).glob("*.eml"), reverse=True)[:limit]
    return [
        StoredMail(
            path.stem, message_from_bytes(path.read_bytes(), policy=policy.default)
        )
        for path in paths
    ]


def mailbox(request: HttpRequest) -> HttpResponse:
    """Debug only: what the site would have mailed."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "network/mailbox.html", {"mails": stored_mails()})
