"""The same last button of a new way in, pressed by several at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from moderation.actions import recovery, recovery_desk
from moderation.actions.vetting import Answer
from moderation.models import AccessRecovery, RecoveryDecision, RecoveryState
from network.access import NotFound
from network.models import AuditEntry, OutgoingMail
from tests.at_once import at_once
from tests.cast import Cast, create_cast
from tests.moderation.recovering import WORDS, agree

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


def waiting(cast: Cast) -> AccessRecovery:
    row = AccessRecovery.objects.create(person=cast.former)
    return recovery.send_words(recovery=row, words=WORDS)


def test_the_same_form_many_times_is_one_request_and_one_mail() -> None:
    cast = create_cast()
    begin = partial(
        recovery.begin_recovery, address=cast.former.email, reach="", language="en"
    )
    at_once([begin] * TIMES)
    assert AccessRecovery.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_yes_of_one_pressed_twice_is_one_and_of_two_is_both() -> None:
    cast = create_cast()
    row = waiting(cast)
    say = partial(
        recovery_desk.decide_recovery,
        recovery=row,
        answer=Answer.APPROVE,
        reason="Knew the box.",
    )
    vetters = [cast.vetter, cast.second_vetter] * 2
    at_once([partial(say, by=vetter) for vetter in vetters])
    row.refresh_from_db()
    assert row.state == RecoveryState.AGREED
    assert RecoveryDecision.objects.count() == 2


def test_a_new_password_is_taken_once() -> None:
    cast = create_cast()
    row = agree(cast, waiting(cast))
    AccessRecovery.objects.filter(pk=row.pk).update(opens_at=timezone.now())
    finish = [
        partial(recovery.finish_recovery, recovery=row, password=f"river stone {n}")
        for n in range(TIMES)
    ]
    results = at_once(finish)
    assert sum(isinstance(each, NotFound) for each in results) == TIMES - 1
    assert AuditEntry.objects.filter(action="recovery done").count() == 1


def test_stopping_and_finishing_at_once_is_one_of_them() -> None:
    cast = create_cast()
    row = agree(cast, waiting(cast))
    AccessRecovery.objects.filter(pk=row.pk).update(opens_at=timezone.now())
    finish = partial(
        recovery.finish_recovery, recovery=row, password="river stone nine"
    )
    stops = [
        partial(recovery.stop_recovery, recovery=row, by=by)
        for by in (None, cast.former)
    ]
    at_once([stops[0], finish, stops[1]])
    row.refresh_from_db()
    cast.former.refresh_from_db()
    is_done = row.state == RecoveryState.DONE
    assert is_done or row.state == RecoveryState.STOPPED
    assert cast.former.check_password("river stone nine") is is_done
    ends = AuditEntry.objects.filter(action__in=["recovery done", "recovery stopped"])
    assert ends.count() == 1
