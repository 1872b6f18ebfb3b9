"""What applicants are asked: proposed by one, asked once a second person agrees."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit
from network.access import Refused
from network.models import User
from profiles.models import JoiningQuestion

MOST = 4  # questions to one kind, beside the fixed fields


@dataclass(frozen=True, kw_only=True)
class Wording:
    """`texts` and `hints` by language; English is always there."""

    kinds: list[str]
    texts: dict[str, str]
    hints: dict[str, str]
    is_required: bool
    position: int


def propose_question(
    *, wording: Wording, by: User, replaces: JoiningQuestion | None = None
) -> JoiningQuestion:
    """The same wording a second time changes nothing."""
    with transaction.atomic():
        values = {**vars(wording), "proposed_by": by, "replaces": replaces}
        User.objects.select_for_update().get(pk=by.pk)  # two forms at once
        found = JoiningQuestion.objects.proposed().filter(**values).first()
        if found is not None:
            same: JoiningQuestion = found
            return same
        row = JoiningQuestion.objects.create(**values)
        audit.record(action="question proposed", by=by, subject=row)
    made: JoiningQuestion = row
    return made


def agree_question(*, question: JoiningQuestion, by: User) -> JoiningQuestion:
    """From now on it is asked, in the place of the one that it replaces. A second time
    changes nothing. Raises `Refused`: by who proposed it, and where a kind of applicant
    would be asked too much."""
    with transaction.atomic():
        # one after the other, so that two cannot both be the last
        rows = JoiningQuestion.objects.select_for_update()
        others = {row.pk: row for row in rows.filter(retired_at=None)}
        row = others.pop(question.pk, None)
        if row is None or row.is_live:
            return question
        if row.proposed_by_id == by.pk:
            raise Refused(_("A second person has to agree to it."))
        if row.replaces_id is not None:
            others.pop(row.replaces_id, None)
        check_room([one for one in others.values() if one.is_live], row)
        row.agreed_by, row.agreed_at = by, timezone.now()
        row.save()
        if row.replaces is not None and row.replaces.is_live:
            row.replaces.retire()
        audit.record(action="question agreed", by=by, subject=row)
    found: JoiningQuestion = row
    return found


def check_room(others: list[JoiningQuestion], row: JoiningQuestion) -> None:
    for kind in row.kinds:
        if sum(kind in one.kinds for one in others) >= MOST:
            told = _(
                "One kind of applicant would be asked more than %(count)s questions. "
                "Take one away first."
            )
            raise Refused(told % {"count": MOST})


def drop_question(*, question: JoiningQuestion, by: User) -> None:
    """It is not asked any more; who has answered it has answered it."""
    with transaction.atomic():
        row = JoiningQuestion.objects.select_for_update().get(pk=question.pk)
        if row.retired_at is None:
            row.retire()
            audit.record(action="question dropped", by=by, subject=row)
