"""Telling the team that something is wrong."""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from moderation.access import NAMELESS, Thing
from moderation.models import SITUATION, WAITING, Report
from network import audit, notify, outbox
from network.access import NotFound, Role, Viewer, is_signed_in
from network.models import Lane, User
from profiles.actions.blocks import block_person


def report_something(
    *,
    thing: Thing,
    reason: str,
    by: Viewer,
    words: str = "",
    contact: str = "",
    report_id: UUID | None = None,
    block: User | None = None,
) -> Report:
    """Keeps what was reported as it is now. The person concerned is not told.

    While a person's earlier report of the same thing waits, there is no second one:
    new words are added to it. `report_id` makes a form that was sent twice one report.
    """
    with transaction.atomic():
        report = open_report(thing, by)
        if report is None:
            report = first_report(thing, reason, by, words, contact, report_id)
        else:
            add_to_report(report, reason, words, by)
        if block is not None and is_signed_in(by):
            block_person(by=by, person=block)
    return report


def open_report(thing: Thing, by: Viewer) -> Report | None:
    if not is_signed_in(by):
        return None
    mine = Report.objects.select_for_update().filter(reporter=by, state__in=WAITING)
    return mine.filter(kind=thing.part.kind, object_key=thing.key).first()


def first_report(
    thing: Thing, reason: str, by: Viewer, words: str, contact: str, pk: UUID | None
) -> Report:
    is_nameless = thing.part.kind in NAMELESS
    row = Report(
        pk=pk or uuid4(),
        kind=thing.part.kind,
        object_key=thing.key,
        reporter=by if is_signed_in(by) else None,
        about=None if is_nameless else thing.person,
        reason=reason,
        words=words,
        contact=contact,
        excerpt=thing.part.excerpt(thing.object),
    )
    return store(row, by)


def store(row: Report, by: Viewer) -> Report:
    """The row, or the one that the same form made before: with what it says now, for
    who goes back to a sent form may have corrected it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        same = Report.objects.select_for_update().filter(
            kind=row.kind, reporter=row.reporter
        )
        again = Q(pk=row.pk) | Q(
            object_key=row.object_key, reporter__isnull=False, state__in=WAITING
        )
        found = same.filter(again).first()
        if found is None:
            raise NotFound from None
        if found.state not in WAITING and row.words not in found.words:
            return store(as_new(row), by)  # nobody would read what is added to it
        if row.contact:
            found.contact = row.contact
            found.save(update_fields=["contact"])
        add_to_report(found, row.reason, row.words, by)
        return found
    audit.record(action="reported", by=by, subject=row)
    tell(row)
    if row.is_danger:
        alert_on_call(row)
    return row


def as_new(row: Report) -> Report:
    """With a key of its words, so that sending them twice makes one."""
    row.pk = uuid5(row.pk, row.words)
    if row.kind == SITUATION:
        row.object_key = str(row.pk)
    return row


def add_to_report(report: Report, reason: str, words: str, by: Viewer) -> None:
    is_raised = reason == Report.Reason.DANGER and not report.is_danger
    is_new = bool(words) and words not in report.words
    if not (is_raised or is_new):
        return
    if is_raised:
        report.reason = Report.Reason.DANGER
    if is_new:
        report.words = f"{report.words}\n\n{words}".strip()
    report.save(update_fields=["reason", "words"])
    audit.record(action="report added to", by=by, subject=report)
    tell(report)
    if is_raised:
        alert_on_call(report)


def tell_of_danger(
    *, words: str, by: Viewer, contact: str = "", report_id: UUID | None = None
) -> Report:
    """Someone may be in danger, whether or not anything on the site shows it."""
    pk = report_id or uuid4()
    row = Report(
        pk=pk,
        kind=SITUATION,
        object_key=str(pk),
        reporter=by if is_signed_in(by) else None,
        reason=Report.Reason.DANGER,
        words=words,
        contact=contact,
    )
    with transaction.atomic():
        return store(row, by)


def on_call() -> list[User]:
    people = User.objects.filter(groups__name=Role.MODERATOR, is_active=True)
    return list(people.select_related("profile").order_by("pk"))


def alert_on_call(report: Report) -> None:
    for person in on_call():
        if person.pk in {report.about_id, report.reporter_id}:
            continue
        with translation.override(person.language):
            url = reverse("moderation:danger_queue")
        notify.notify(person=person, kind="danger", url=url)


def tell(report: Report) -> None:
    outbox.append(lane=Lane.REST, kind="report", key=report.pk, version=report.version)
