"""Telling people: a line in the site, and mail that carries no names and no texts."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from network import mailed_links, parts, push
from network.models import MailChoice, Notice, OutgoingMail, Pace, User

log = logging.getLogger("waymark.mail")
ATTEMPTS = 24  # over three days: a mail server may be away for a weekend
LONGEST_WAIT = 256  # minutes
RENDERED = "rendered"
STOP_MAILS = "stop mails"
STOP_KEPT = timedelta(days=90)


def notify(*, person: User, kind: str, url: str) -> Notice:
    """Adds a notice; mails "there is something for you" where its kind says so and the
    person wants it at once, else it waits for their digest. The mail leads to the list
    of notices: a page's own address says too much. Browsers that were switched on for
    it are told of the same kinds.

    `kind` must be registered in `parts.notice_kinds`; raises KeyError otherwise.
    """
    part = parts.notice_kinds.get(kind)
    if part is None:
        raise KeyError(f"unregistered kind of notice: {kind}")
    is_mailed = part.is_urgent or (part.mails and pace_of(person) == Pace.AT_ONCE)
    notice = Notice.objects.create(
        person=person,
        kind=kind,
        url=url,
        mailed_at=timezone.now() if is_mailed else None,
    )
    if push.is_pushed(part):
        push.hint(person=person)
    if is_mailed:
        # what nobody can stop offers no way to
        way_out = {} if part.is_urgent else way_to_stop(person)
        mail_person(person, "something_for_you", **way_out)
    return notice


def pace_of(person: User) -> Pace:
    """How this person wants to hear by mail of what is new."""
    chosen = MailChoice.objects.filter(person=person.pk).values_list("pace", flat=True)
    return Pace(chosen.first() or Pace.AT_ONCE)


def mail_person(person: User, template: str, **context: Any) -> OutgoingMail:
    """In their language, with the way to their list of notices."""
    return send_mail(
        to=person.email,
        template=template,
        context={"url": notices_page(person.language), **context},
        language=person.language,
    )


def way_to_stop(person: User) -> dict[str, str]:
    """The link that stops these mails, for the foot of a mail and for its headers.

    A mailed link and no signed value: a signed one would carry the account's id, which
    stands in the address of a profile, into mailboxes. So the token is random, hashed
    at rest, for this purpose only, and ends by itself and with the account. A browser
    moves it from the URL into the session like any other; only a mail client's POST,
    which knows neither cookies nor redirects (RFC 8058), acts by the URL alone. It is
    never spent: pressed twice it says the same, and it leads back while it is good.
    """
    token = mailed_links.issue(
        purpose=STOP_MAILS, subject=person.pk, lifetime=STOP_KEPT
    )
    with translation.override(person.language):
        return {"stop_url": absolute(reverse("profiles:mail_stop_open", args=[token]))}


def forget(*, key: UUID) -> None:
    """Notices of others that lead to a page with this key in its address."""
    Notice.objects.filter(url__contains=str(key)).delete()


def forget_mails(*, to: str) -> None:
    """Addresses are encrypted, so the mails that wait are read one by one."""
    waiting = OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT)
    for mail in waiting.iterator():
        if mail.to.lower() == to.lower():
            mail.delete()


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


def send_rendered(*, to: str, subject: str, text: str, html: str = "") -> OutgoingMail:
    """Queues a mail whose words are written already (those of allauth)."""
    context = {"subject": subject, "text": text, "html": html}
    return send_mail(to=to, template=RENDERED, context=context, language="en")


def notices_page(language: str) -> str:
    with translation.override(language):
        return absolute(reverse("profiles:notices"))


def absolute(url: str) -> str:
    return url if url.startswith("http") else f"{settings.BASE_URL}{url}"


def compose(mail: OutgoingMail) -> EmailMultiAlternatives:
    words = mail.context if mail.template == RENDERED else written(mail)
    message = EmailMultiAlternatives(
        words["subject"],
        words["text"],
        to=[mail.to],
        headers=headers_of(mail),
    )
    if words["html"]:
        message.attach_alternative(words["html"], "text/html")
    return message


def headers_of(mail: OutgoingMail) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}  # or absences answer it
    stop, manage = mail.context.get("stop_url"), mail.context.get("manage_url")
    if stop or manage:
        headers["List-Unsubscribe"] = f"<{stop or manage}>"
    if stop:  # one press in the mail client is enough; a page to manage needs eyes
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def written(mail: OutgoingMail) -> dict[str, str]:
    context = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    context |= mail.context
    name = f"mail/{mail.template}"
    html: str = ""
    with translation.override(mail.language):
        subject = render_to_string(f"{name}.subject.txt", context)
        text = render_to_string(f"{name}.txt", context)
        with suppress(TemplateDoesNotExist):
            html = render_to_string(f"{name}.html", context)
    return {"subject": " ".join(subject.split()), "text": text, "html": html}


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


def due_mails() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        state=OutgoingMail.State.WAITING, next_attempt_at__lte=timezone.now()
    ).order_by("next_attempt_at")


def _claim() -> OutgoingMail | None:
    if not due_mails().exists():  # a question only: asked each second, it locks nothing
        return None
    with transaction.atomic():
        due = due_mails()
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        mail: OutgoingMail | None = due.first()
        if mail is not None:
            mail.attempts += 1
            wait = timedelta(minutes=min(2**mail.attempts, LONGEST_WAIT))
            mail.next_attempt_at = timezone.now() + wait
            mail.save(update_fields=["attempts", "next_attempt_at"])
    return mail


def _send(mail: OutgoingMail) -> bool:
    try:
        compose(mail).send()
    except Exception as error:  # whatever SMTP or a template raises: try again later
        log.warning("mail not sent", extra={"error": type(error).__name__})
        if mail.attempts >= ATTEMPTS:
            _close(mail, OutgoingMail.State.FAILED)
        return False
    _close(mail, OutgoingMail.State.SENT)
    return True


def _close(mail: OutgoingMail, state: OutgoingMail.State) -> None:
    """Nothing of what it said is kept."""
    mail.state, mail.sent_at = state, timezone.now()
    mail.to, mail.context = "", {}
    mail.save(update_fields=["state", "sent_at", "to", "context"])
