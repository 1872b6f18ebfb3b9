"""The desk's side of lost access: questions, and two people's yes or no."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation import access
from moderation.actions import letters
from moderation.actions.recovery import close, locked, stop_recovery
from moderation.actions.vetting import FINAL, Answer, already_said
from moderation.models import AccessRecovery, RecoveryDecision, RecoveryState
from network import audit
from network.access import Refused
from network.models import User
from profiles.actions.admission import VOICES


def open_recovery_file(*, recovery: AccessRecovery, by: User, reason: str) -> None:
    """Whoever reads it is on record, with why."""
    with transaction.atomic():
        audit.record_view(by=by, subject=recovery, reason=reason)


def own_word(recovery: AccessRecovery, by: User) -> RecoveryDecision | None:
    return recovery.decisions.filter(vetter=by, answer__in=FINAL).first()


def for_desk(recovery: AccessRecovery, by: User) -> AccessRecovery:
    """Locked. Raises `NotFound` for who may not read it, `Refused` once it is
    decided."""
    row = locked(access.recovery_for_vetter(by, recovery.pk).pk)
    check_waits(row)
    return row


def check_waits(row: AccessRecovery) -> None:
    if row.state != RecoveryState.WAITING:
        raise Refused(_("This request is decided, or over."))


def ask_person(
    *, recovery: AccessRecovery, by: User, question: str
) -> RecoveryDecision:
    """Asks for more; asking the same twice is asking once."""
    with transaction.atomic():
        row = for_desk(recovery, by)
        for asked in row.decisions.filter(vetter=by, answer=Answer.ASK):
            if asked.reason == question:
                return asked
        asked = RecoveryDecision.objects.create(
            recovery=row, vetter=by, answer=Answer.ASK, reason=question
        )
        audit.record(action="recovery ask", by=by, subject=row)
        letters.mail_way_in(row, "recovery_question")
    return asked


def decide_recovery(
    *, recovery: AccessRecovery, by: User, answer: Answer, reason: str
) -> AccessRecovery:
    """One vetter's yes or no; each takes effect with a second person's.

    Raises `NotFound` for who may not read it, `Refused` for the same vetter's second
    word and once it is decided. The reason stays here and out of the audit: it may say
    by what the person was known, and goes with their words.
    """
    with transaction.atomic():
        row = for_desk(recovery, by)
        said = own_word(row, by)
        if said is not None:
            raise Refused(already_said(said))
        RecoveryDecision.objects.create(
            recovery=row, vetter=by, answer=answer, reason=reason
        )
        audit.record(action=f"recovery {answer.value}", by=by, subject=row)
        if answer == Answer.APPROVE:
            check_alone(row)
            row.add_approver(by)
            row.save()
        if row.decisions.filter(answer=answer).count() >= VOICES:
            conclude(row, answer)
    return row


def halt_recovery(*, recovery: AccessRecovery, by: User) -> None:
    """One vetter is enough to stop what two agreed to, as long as it waits."""
    with transaction.atomic():
        row = locked(access.recovery_for_vetter(by, recovery.pk).pk)
        if row.state != RecoveryState.AGREED:
            raise Refused(_("There is nothing agreed to that could be stopped."))
        stop_recovery(recovery=row, by=by)


def check_alone(row: AccessRecovery) -> None:
    if access.others_asking(row).filter(state=RecoveryState.AGREED).exists():
        words = _(
            "Another request for this account is agreed to. One of them is false."
        )
        raise Refused(words)


def conclude(row: AccessRecovery, answer: Answer) -> None:
    """Every address has the whole wait to stop what two people agreed to."""
    if answer != Answer.APPROVE:
        close(row, RecoveryState.REFUSED)
        letters.mail_closed(row)
        return
    row.state = RecoveryState.AGREED
    row.opens_at = timezone.now() + letters.WAIT
    row.save()
    letters.mail_way_in(
        row, "recovery_agreed", lifetime=letters.WAIT + letters.LINK_KEPT
    )
    letters.warn_addresses(row, "recovery_agreed_elsewhere")
