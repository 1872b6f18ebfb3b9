"""The desk's side of joining: who read what, questions, and two people's decision."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from moderation import access
from moderation.models import AccessRecovery, RecoveryDecision
from network import audit, notify
from network.access import NotFound, Refused
from network.models import User
from profiles.actions import admission, joining
from profiles.models import REPLIES, Application, Decision

Answer = Decision.Answer
FINAL = (Answer.APPROVE, Answer.DECLINE)


def open_dossier(*, application: Application, by: User, reason: str) -> None:
    """Whoever reads a dossier is on record, with why."""
    with transaction.atomic():
        audit.record_view(by=by, subject=application, reason=reason)


def take_application(*, application: Application, by: User) -> Application:
    """One of the two who read it; taking it twice is taking it once.

    Raises `NotFound` when two others read it, or it is decided.
    """
    with transaction.atomic():
        row = access.application_to_take(by, locked(application).pk)
        if not row.assignments.live().filter(vetter=by).exists():
            joining.assign_application(row, by)
            audit.record(action="application taken", by=by, subject=row)
    return row


def own_decision(application: Application, by: User) -> Decision | None:
    said = Decision.objects.filter(application=application, vetter=by)
    return said.filter(answer__in=FINAL).first()


def decide_application(
    *, application: Application, by: User, answer: Answer, reason: str, told: str = ""
) -> Application:
    """One vetter's yes or no; each takes effect with a second person's.

    Raises `NotFound` for who may not read the application, `Refused` (with what to
    do) for the same vetter's second word and once it is decided.
    """
    row = access.application_for_vetter(by, application.pk)
    said = own_decision(row, by)
    if said is not None:
        raise Refused(already_said(said))
    if answer == Answer.APPROVE:
        return admission.approve_application(application=row, by=by, reason=reason)
    return admission.decline_application(
        application=row, by=by, reason=reason, told=told
    )


def already_said(said: Decision | RecoveryDecision) -> str:
    if said.answer == Answer.APPROVE:
        return _("You have said yes already. The second yes is another person's.")
    return _("You have said no already. The second no is another person's.")


def kept(row: Application | AccessRecovery) -> str:
    """What is said to who has given a word that does not decide yet."""
    if is_appeal(row):
        return _("Kept. It takes effect once another vetter says yes too.")
    if is_disputed(row):
        return _("Kept. You two do not agree, so a third vetter reads it and decides.")
    return _("Kept. It takes effect once a second vetter says the same.")


def is_disputed(row: Application | AccessRecovery) -> bool:
    said = row.decisions.filter(answer__in=FINAL).values_list("answer", flat=True)
    return len(set(said)) > 1


def is_appeal(row: Application | AccessRecovery) -> bool:
    """A third person reads it after a no, as the applicant asked."""
    return isinstance(row, Application) and row.appealed_at is not None


def ask_applicant(*, application: Application, by: User, question: str) -> Decision:
    """Asks for more; asking the same twice is asking once."""
    with transaction.atomic():
        row = locked(access.application_for_vetter(by, application.pk))
        if not row.is_waiting:
            raise Refused(_("This application is decided."))
        for asked in row.decisions.filter(vetter=by, answer=Answer.ASK):
            if asked.reason == question:
                return asked
        asked = Decision.objects.create(
            application=row, vetter=by, answer=Answer.ASK, reason=question
        )
        joining.assign_application(row, by)  # there was a word: the time begins anew
        audit.record(action="application ask", by=by, subject=row)
        tell_applicant(row)
    return asked


def reply_to_question(
    *, application: Application, by: User, question_id: str, words: str
) -> None:
    """The applicant's answer, kept with the application. Raises `NotFound`."""
    with transaction.atomic():
        row = locked(access.own_application(by))
        questions = {
            str(one.pk): one for one in row.decisions.filter(answer=Answer.ASK)
        }
        asked = questions.get(question_id)
        if asked is None or row.pk != application.pk:
            raise NotFound
        replies = {**row.answers.get(REPLIES, {}), str(asked.pk): words}
        if replies == row.answers.get(REPLIES):
            return
        row.answers = {**row.answers, REPLIES: replies}
        row.save(update_fields=["answers"])
        audit.record(action="application replied", by=by, subject=row)
        tell_vetter(asked)


def locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def tell_applicant(row: Application) -> None:
    with translation.override(row.applicant.language):
        url = reverse("moderation:questions")
    notify.notify(person=row.applicant, kind="application_question", url=url)


def tell_vetter(asked: Decision) -> None:
    with translation.override(asked.vetter.language):
        url = reverse("moderation:application", args=[asked.application_id])
    notify.notify(person=asked.vetter, kind="application_answered", url=url)
