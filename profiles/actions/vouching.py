"""Others speak for an applicant: named by them, asked by a mailed link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network import audit, crypto, mailed_links, notify, ratelimit
from network.access import Refused
from network.models import User
from profiles.access import REFEREE
from profiles.models import TO_READ, Application, Referee
from profiles.models.joining import ASKED_FOR

MOST = 2  # named at once
MAILS_A_DAY = 4  # at the wish of one applicant; and to one address, whoever wishes it
REMIND_AFTER = timedelta(days=7)


def name_referee(
    *, application: Application, by: User, email: str, known_as: str
) -> Referee:
    """Asks somebody to speak for the applicant. The same address a second time changes
    nothing. Raises `Refused` with what to do instead."""
    with transaction.atomic():
        row = Application.objects.select_for_update().get(
            pk=application.pk, applicant=by
        )
        named = list(row.referees.all())
        for referee in named:
            if same_address(referee.email, email):
                return referee
        check_may_name(row, named, email)
        referee = Referee.objects.create(
            application=row, email=email.strip(), known_as=known_as
        )
        audit.record(action="referee named", by=by, subject=row)
        mail_referee(referee)
    return referee


def same_address(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()


def check_may_name(row: Application, named: list[Referee], email: str) -> None:
    if not row.is_waiting:
        raise Refused(_("This application is closed. You can begin a new one."))
    if same_address(email, row.applicant.email):
        raise Refused(_("That is your own address. Name somebody who knows you."))
    if len(named) >= MOST:
        raise Refused(_("Two are enough. Take one back first to name another."))
    if not may_mail(str(row.applicant_id)):
        raise Refused(_("That was a lot of letters for one day. Try tomorrow."))


def may_mail(key: str) -> bool:
    return ratelimit.hit(
        "referee mail", key=key, limit=MAILS_A_DAY, per=timedelta(days=1)
    ).allowed


def mail_referee(referee: Referee) -> None:
    """In the applicant's language: the page behind the link has the others. To one
    address only a few go out a day, and nobody is told of the letters of others: who is
    left out gets the reminder."""
    address = referee.email.strip().lower()
    if not may_mail(crypto.blind_index(address, purpose="referee e-mail")):
        return
    token = mailed_links.issue(
        purpose=REFEREE, subject=referee.pk, lifetime=referee.until - timezone.now()
    )
    language = referee.application.applicant.language
    with translation.override(language):
        url = notify.absolute(reverse("profiles:referee_open", args=[token]))
    context = {"link": url, "days": ASKED_FOR.days}
    notify.send_mail(
        to=referee.email, template="referee_asked", context=context, language=language
    )


def take_referee_back(*, referee: Referee, by: User) -> None:
    """Their link opens nothing any more, and what they said is deleted."""
    with transaction.atomic():
        mailed_links.withdraw(subject=referee.pk)
        audit.record(action="referee taken back", by=by, subject=referee.application)
        referee.delete()


def answer_as_referee(*, referee: Referee, answers: dict[str, Any]) -> Referee:
    """What they say, or without answers that they would rather not. The first answer
    stands; a second one, and one that comes after the decision, changes nothing."""
    with transaction.atomic():
        row = Referee.objects.select_for_update().get(pk=referee.pk)
        is_late = not row.application.is_waiting
        if row.state != Referee.State.ASKED or is_late:
            return row
        row.state = Referee.State.ANSWERED if answers else Referee.State.DECLINED
        row.answers, row.answered_at = answers, timezone.now()
        row.member = User.objects.filter(
            email__iexact=row.email, profile__vetted_at__isnull=False
        ).first()
        row.save()
        audit.record(action=f"referee {row.state}", by=None, subject=row.application)
    return row


def remind_referees() -> int:
    """Once, a week later; returns how many were reminded."""
    waiting = Referee.objects.unanswered().filter(
        reminded_at=None,
        created_at__lte=timezone.now() - REMIND_AFTER,
        created_at__gt=timezone.now() - ASKED_FOR + timedelta(days=1),
        application__state__in=TO_READ,
    )
    rows = list(waiting.select_related("application__applicant"))
    for referee in rows:
        with transaction.atomic():
            if waiting.filter(pk=referee.pk).update(reminded_at=timezone.now()):
                mail_referee(referee)
    return len(rows)


def forget_referees(application: Application) -> None:
    """Of an application that was taken back."""
    for referee in application.referees.all():
        mailed_links.withdraw(subject=referee.pk)
        referee.delete()


def blank_referee(row: Referee) -> None:
    """That somebody spoke for the applicant stays, and whether a member did."""
    mailed_links.withdraw(subject=row.pk)
    row.email = row.known_as = ""
    row.answers = {key: row.answers[key] for key in row.answers.keys() & {"trust"}}
    row.save()
