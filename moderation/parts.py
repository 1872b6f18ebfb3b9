"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from moderation import access, queries
from moderation.models import Report
from network.access import Role, has_role
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    NoticeKind,
    erasers,
    exporters,
    notice_kinds,
    tab_counts,
)

MODELS = ("moderation.Report",)
NOTICES = {
    "danger": NoticeKind(_("Someone may be in danger"), "life-buoy", mails=True),
    "report_decided": NoticeKind(_("Your report was read and decided"), "flag"),
    "application_question": NoticeKind(
        _("There is a question about your application"), "circle-help", mails=True
    ),
    "application_answered": NoticeKind(
        _("An applicant has answered your question"), "message-circle"
    ),
}


def register() -> None:
    exporters.register("moderation", Exporter(_("Reports"), MODELS, own_reports))
    erasers.register("moderation", Eraser(MODELS, erase))
    for kind, notice in NOTICES.items():
        notice_kinds.register(kind, notice)
    of_danger = counter(Role.MODERATOR, queries.danger_waiting)
    tab_counts.register("moderation:desk", of_danger)
    tab_counts.register("moderation:danger_queue", of_danger)
    tab_counts.register(
        "moderation:reports", counter(Role.MODERATOR, queries.reports_waiting)
    )
    tab_counts.register(
        "moderation:vetting", counter(Role.VETTER, queries.applications_waiting)
    )


def counter(role: Role, rows: Callable[[User], QuerySet[Any]]) -> Callable[[User], int]:
    """How much waits for whoever holds this role; for others nothing."""
    return lambda person: rows(person).count() if has_role(person, role) else 0


def own_reports(person: User) -> Iterable[dict[str, Any]]:
    """What one reported, in one's own words; what was found is the team's."""
    for report in access.own_reports(person).iterator():
        yield {
            "what": str(queries.kind_title(report.kind)),
            "reason": report.reason,
            "words": report.words,
            "contact": report.contact,
            "at": report.created_at.isoformat(),
            "state": report.state,
        }


def erase(person: User) -> None:
    """A report stays, since somebody may be protected by it; who made it goes."""
    Report.objects.filter(reporter=person).update(reporter=None, contact="")
    Report.objects.filter(about=person).update(about=None)
    Report.objects.filter(taken_by=person).update(taken_by=None)
