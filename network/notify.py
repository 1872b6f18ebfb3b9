"""Telling people: a line in the site, and mail that carries no names and no texts."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation

from network import parts
from network.models import Notice, OutgoingMail, User

log = logging.getLogger("waymark.mail")
ATTEMPTS = 8


def notify(*, person: User, kind: str, url: str) -> Notice:
    """Adds a notice; mails "there is something for you" where its kind says so.

    `kind` must be registered in `parts.notice_kinds`; raises KeyError otherwise.
    """
    part = parts.notice_kinds.get(kind)
    if part is None:
        raise KeyError(f"unregistered kind of notice: {kind}")
    notice = Notice.objects.create(person=person, kind=kind, url=url)
    if part.mails:
        send_mail(
            to=person.email,
            template="something_for_you",
            context={"url": absolute(url)},
            language=person.language,
        )
    return notice


def send_mail(
    *, to: str, template: str, context: dict[str, Any], language: str
) -> OutgoingMail:
    """Queues a mail in the caller's transaction; the worker sends it after commit.

    `template` names `mail/<template>.subject.txt`, `.txt` and, if there is one,
    `.html`. The address and the context are encrypted at rest and blanked once sent.
    """
    return OutgoingMail.objects.create(
        to=to, template=template, context=context, language=language
    )


def absolute(url: str) -> str:
    return url if url.startswith("http") else f"{settings.BASE_URL}{url}"


def compose(mail: OutgoingMail) -> EmailMultiAlternatives:
    context = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    context |= mail.context
    with translation.override(mail.language):
        name = f"mail/{mail.template}"
        subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(f"{name}.txt", context), to=[mail.to]
        )
        try:
            html = render_to_string(f"{name}.html", context)
        except TemplateDoesNotExist:
            return message
    message.attach_alternative(html, "text/html")
    return message


def deliver_waiting(limit: int = 50) -> int:
    """Sends what is due; returns how many were sent.

    Each mail is claimed by moving its next attempt ahead before it is sent, so two
    workers never send the same one, and a worker that dies leaves it for later.
    """
    sent = 0
    for _ in range(limit):
        mail = _claim()
        if mail is None:
            break
        sent += _send(mail)
    return sent


def _claim() -> OutgoingMail | None:
    now = timezone.now()
    with transaction.atomic():
        due = OutgoingMail.objects.filter(
            state=OutgoingMail.State.WAITING, next_attempt_at__lte=now
        ).order_by("next_attempt_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        mail: OutgoingMail | None = due.first()
        if mail is not None:
            mail.attempts += 1
            mail.next_attempt_at = now + timedelta(minutes=2**mail.attempts)
            mail.save(update_fields=["attempts", "next_attempt_at"])
    return mail


def _send(mail: OutgoingMail) -> bool:
    try:
        compose(mail).send()
    except Exception as error:  # whatever SMTP or a template raises: try again later
        log.warning("mail not sent", extra={"error": type(error).__name__})
        if mail.attempts >= ATTEMPTS:
            mail.state = OutgoingMail.State.FAILED
            mail.save(update_fields=["state"])
        return False
    mail.state, mail.sent_at = OutgoingMail.State.SENT, timezone.now()
    mail.to, mail.context = "", {}
    mail.save(update_fields=["state", "sent_at", "to", "context"])
    return True
