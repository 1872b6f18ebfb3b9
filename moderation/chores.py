"""What this room does every so often: requests for a new way in end by themselves, and
what vetters wrote of an applicant goes in time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation.actions import checks, letters
from moderation.actions.recovery import close, forget_recovery, locked
from moderation.models import (
    AccessRecovery,
    CheckState,
    DossierNote,
    Interview,
    RecoveryState,
    SafeguardingCheck,
)
from network import audit, tasks
from network.access import NotFound
from profiles.chores import DECLINED_KEPT
from profiles.models import ApplicationState, Meets

WAITING_KEPT = timedelta(days=30)
WORDS_KEPT = timedelta(days=30)  # after the end
NOBODYS_KEPT = timedelta(days=3)  # about what two vetters take


@tasks.periodic("forget begun recoveries", timedelta(hours=1))
def forget_begun() -> None:
    """Whoever did not use the link in its time has sent nothing."""
    before = timezone.now() - letters.LINK_KEPT
    begun = AccessRecovery.objects.filter(state=RecoveryState.BEGUN)
    for row in begun.filter(begun_at__lte=before):
        with transaction.atomic():
            audit.record(action="recovery forgotten", by=None, subject=row)
            forget_recovery(row)


@tasks.periodic("end old recoveries", timedelta(hours=1))
def end_old() -> None:
    """Undecided for too long, agreed and not used, or of no account at all."""
    now = timezone.now()
    waiting = Q(state=RecoveryState.WAITING, sent_at__lte=now - WAITING_KEPT)
    unused = Q(state=RecoveryState.AGREED, opens_at__lte=now - letters.LINK_KEPT)
    end(waiting | unused, RecoveryState.LAPSED)
    nobodys = Q(state=RecoveryState.WAITING, person=None)
    end(nobodys & Q(sent_at__lte=now - NOBODYS_KEPT), RecoveryState.REFUSED)


def end(which: Q, state: RecoveryState) -> None:
    for key in AccessRecovery.objects.filter(which).values_list("pk", flat=True):
        with transaction.atomic():
            try:
                row = locked(key)
            except NotFound:  # gone with its account a moment ago
                continue
            if AccessRecovery.objects.filter(which, pk=key).exists():
                close(row, state)
                audit.record(action=f"recovery {state.value}", by=None, subject=row)
                letters.mail_closed(row)


@tasks.periodic("blank recoveries", timedelta(days=1))
def blank_words() -> None:
    """That there was one stays, and how it ended."""
    over = AccessRecovery.objects.filter(
        closed_at__lte=timezone.now() - WORDS_KEPT
    ).exclude(asked_index="")
    for row in over:
        with transaction.atomic():
            row.decisions.update(reason="", reply="")
            row.words = row.reach = row.asked_index = ""
            row.save(update_fields=["words", "reach", "asked_index"])
            audit.record(action="recovery blanked", by=None, subject=row)


@tasks.periodic("end checks", timedelta(hours=1))
def end_checks() -> None:
    """Whose last day is over, and whose member was suspended or has left meanwhile."""
    today = timezone.localdate()
    gone = Q(person__profile__safeguarding_tier=Meets.NOBODY)
    over = SafeguardingCheck.objects.standing().filter(Q(until__lt=today) | gone)
    for row in over.select_related("person"):
        checks.end_check(check=row, by=None)
    checks.withdraw_in_vain()


@tasks.periodic("checks that end soon", timedelta(hours=12))
def tell_of_end() -> None:
    checks.tell_who_ends_soon()


@tasks.periodic("forget checks", timedelta(days=1))
def forget_checks() -> None:
    """Half a year after the end, whatever it was."""
    before = timezone.now() - DECLINED_KEPT
    closed = Q(state__in=(CheckState.REFUSED, CheckState.WITHDRAWN))
    over = closed & Q(closed_at__lte=before) | Q(ended_at__lte=before)
    SafeguardingCheck.objects.filter(over).delete()


@tasks.periodic("forget sheets and notes", timedelta(hours=1))
def forget_sheets_and_notes() -> None:
    """What vetters wrote beside an application that was taken back, and half a year
    after the answer, whatever it was."""
    before = timezone.now() - DECLINED_KEPT
    over = Q(application__state=ApplicationState.WITHDRAWN) | Q(
        application__decided_at__lte=before
    )
    Interview.objects.filter(over).delete()
    DossierNote.objects.filter(over).delete()
