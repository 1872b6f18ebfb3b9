"""What moderators do with a report, each step on record."""

from __future__ import annotations

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import access
from moderation.actions.reports import tell
from moderation.models import Report
from network import audit, notify
from network.access import NotFound, Refused, is_staff_role
from network.models import User
from profiles.actions.standing import suspend_member


class Outcome(models.TextChoices):
    HIDE = "hide", gettext_lazy("Hide it")
    SUSPEND = "suspend", gettext_lazy("Suspend the person")
    ACT = "act", gettext_lazy("Something else was done")
    DISMISS = "dismiss", gettext_lazy("Leave it as it is")


# a sentence on record: what else was done, or why somebody loses their place here
NEED_WORDS = (Outcome.SUSPEND, Outcome.ACT)


def open_report(*, report: Report, by: User, reason: str) -> None:
    """Whoever reads a report is on record, with why."""
    with transaction.atomic():
        audit.record_view(by=by, subject=report, reason=reason)


def take_report(*, report: Report, by: User) -> bool:
    """Says "I am on it"; False when somebody else was first."""
    with transaction.atomic():
        waiting = access.reports_for(by).filter(pk=report.pk, state=Report.State.OPEN)
        is_mine = bool(waiting.update(state=Report.State.TAKEN, taken_by=by))
        if is_mine:
            report.refresh_from_db()
            audit.record(action="report taken", by=by, subject=report)
            tell(report)
    return is_mine


def note_step(*, report: Report, by: User, words: str) -> None:
    """What was done so far, into the record."""
    with transaction.atomic():
        row = locked(report, by)
        audit.record(action="step noted", by=by, subject=row, reason=words)


class DecidedAlready(Refused):
    """By another, or otherwise."""


def decide_report(
    *, report: Report, by: User, outcome: Outcome, words: str = ""
) -> Report:
    """Closes a report. The same decision a second time changes nothing.

    Raises `DecidedAlready` for another one; `Refused` where words are needed and
    missing, where there is nothing to hide, and for a person who is on the staff;
    `NotFound` for whose report it is not.
    """
    with transaction.atomic():
        row = locked(report, by)
        if not row.is_waiting:
            check_is_same(row, by, outcome, words)
            return row
        if not words and (outcome in NEED_WORDS or row.is_danger):
            raise Refused(_("Say in a sentence what was done and why."))
        if outcome == Outcome.HIDE:
            hide(row, by)
        if outcome == Outcome.SUSPEND:
            suspend_person(report=row, by=by, reason=words)
        is_dismissed = outcome == Outcome.DISMISS
        row.state = Report.State.DISMISSED if is_dismissed else Report.State.ACTED
        row.taken_by, row.decided_at, row.outcome = by, timezone.now(), words
        row.save()
        audit.record(
            action=f"report decided: {outcome.value}", by=by, subject=row, reason=words
        )
        tell(row)
        tell_reporter(row)
    return row


def check_is_same(row: Report, by: User, outcome: Outcome, words: str) -> None:
    """A form that was sent twice, and no other decision."""
    was_dismissed = row.state == Report.State.DISMISSED
    said = (by.pk, outcome == Outcome.DISMISS, words)
    if said != (row.taken_by_id, was_dismissed, row.outcome):
        raise DecidedAlready(_("It was decided already. That decision stands."))


def locked(report: Report, by: User) -> Report:
    rows = access.reports_for(by).select_for_update(of=("self",))
    found = rows.filter(pk=report.pk).first()
    if found is None:
        raise NotFound
    return found


def hide(report: Report, by: User) -> None:
    thing = access.reported_thing(report)
    if thing is None or thing.part.hide is None:
        raise Refused(_("There is nothing to hide any more. Choose another way."))
    thing.part.hide(thing.object, by)


def suspend_person(*, report: Report, by: User, reason: str) -> None:
    """Takes away what the reported person may do here, and hides what was reported."""
    person = report.about
    profile = getattr(person, "profile", None)
    if person is None or profile is None:
        raise Refused(_("There is no member to suspend."))
    if is_staff_role(person):
        raise Refused(_("This person is on the staff. Ask an administrator."))
    suspend_member(profile=profile, by=by, reason=reason)
    thing = access.reported_thing(report)
    if thing is not None and thing.part.hide is not None:
        thing.part.hide(thing.object, by)


def tell_reporter(report: Report) -> None:
    if report.reporter is None:
        return
    with translation.override(report.reporter.language):
        url = reverse("moderation:my_reports")
    notify.notify(person=report.reporter, kind="report_decided", url=url)
