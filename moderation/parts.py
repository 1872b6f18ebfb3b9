"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation import access, queries
from moderation.actions import alarms, canaries
from moderation.actions.recovery import forget_recovery
from moderation.models import (
    AccessRecovery,
    Canary,
    CheckState,
    DossierNote,
    Interview,
    RecoveryState,
    Report,
    SafeguardingCheck,
)
from network.access import NotFound, Role, has_role
from network.exporting import Word, Words, chosen, day, moment
from network.models import User
from network.parts import (
    Eraser,
    Exporter,
    HomePanel,
    NoticeKind,
    budget_watchers,
    erasers,
    exporters,
    home_panels,
    look_watchers,
    notice_kinds,
    tab_counts,
)
from profiles.models import Meets

MODELS = ("moderation.Report",)
CANARIES = ("moderation.Canary",)
VETTING = ("moderation.Interview", "moderation.DossierNote")
CHECKS = ("moderation.SafeguardingCheck", "moderation.CheckVoice")
RECOVERY = ("moderation.AccessRecovery", "moderation.RecoveryDecision")
NOTICES = {
    "danger": NoticeKind(
        _("Someone may be in danger"), "life-buoy", mails=True, is_urgent=True
    ),
    "canary": NoticeKind(
        _("A member opened a profile that nobody has a reason to open"), "shield-alert"
    ),
    "view_budget": NoticeKind(
        _("A member opened unusually many profiles today"), "shield-alert"
    ),
    "report_decided": NoticeKind(_("Your report was read and decided"), "flag"),
    "application_question": NoticeKind(
        _("There is a question about your application"),
        "circle-help",
        mails=True,
        is_urgent=True,
    ),
    "application_answered": NoticeKind(
        _("An applicant has answered your question"), "message-circle"
    ),
    "review": NoticeKind(_("A member waits to be looked at again"), "users"),
    "check": NoticeKind(_("A member asks for a safeguarding check"), "shield-check"),
    "check_decided": NoticeKind(
        _("Your safeguarding check was decided"), "shield-check", mails=True
    ),
    "check_ends": NoticeKind(
        _("Your safeguarding check ends soon"), "shield-check", mails=True
    ),
    "check_over": NoticeKind(
        _("Your safeguarding check is over"), "shield-check", mails=True
    ),
    "recovery": NoticeKind(
        _("Somebody who lost their second factor waits for two vetters"), "key-round"
    ),
    "recovery_answered": NoticeKind(
        _("Somebody who lost their second factor has answered you"), "message-circle"
    ),
    "recovery_asked": NoticeKind(
        _("Somebody asks for a new way into your account"), "shield-alert"
    ),
}


def register() -> None:
    exporters.register(
        "moderation", Exporter(_("Reports"), MODELS, own_reports, REPORT)
    )
    exporters.register(
        "moderation-recovery",
        Exporter(_("Lost access"), RECOVERY, own_recoveries, LOST),
    )
    exporters.register(
        "moderation-checks",
        Exporter(_("Safeguarding checks"), CHECKS, own_checks, CHECK),
    )
    erasers.register(
        "moderation",
        Eraser((*MODELS, *RECOVERY, *VETTING, *CANARIES, *CHECKS), erase),
    )
    home_panels.register(
        "a-recovery", HomePanel("moderation/_panel_recovery.html", recovery_panel)
    )
    for kind, notice in NOTICES.items():
        notice_kinds.register(kind, notice)
    of_danger = counter(Role.MODERATOR, queries.danger_waiting)
    look_watchers.register("canaries", canaries.report_look)
    budget_watchers.register(
        "collecting", lambda person: alarms.report_collecting(person=person)
    )
    tab_counts.register("moderation:desk", of_danger)
    tab_counts.register("moderation:danger_queue", of_danger)
    tab_counts.register(
        "moderation:reports", counter(Role.MODERATOR, queries.reports_waiting)
    )
    tab_counts.register(
        "moderation:vetting", counter(Role.VETTER, queries.applications_waiting)
    )
    tab_counts.register(
        "moderation:reviews", counter(Role.VETTER, queries.reviews_waiting)
    )
    tab_counts.register(
        "moderation:checks", counter(Role.VETTER, queries.checks_waiting)
    )
    tab_counts.register(
        "moderation:recoveries", counter(Role.VETTER, queries.recoveries_to_decide)
    )


def counter(role: Role, rows: Callable[[User], QuerySet[Any]]) -> Callable[[User], int]:
    """How much waits for whoever holds this role; for others nothing."""
    return lambda person: rows(person).count() if has_role(person, role) else 0


REPORT: Words = {
    "what": Word(_("What you reported")),
    "reason": Word(_("Why"), chosen(Report.Reason)),
    "words": Word(_("What you wrote")),
    "contact": Word(_("How to reach you")),
    "at": Word(_("When"), moment),
    "state": Word(_("State"), chosen(Report.State)),
    "decided_at": Word(_("Decided"), moment),
}
CHECK: Words = {
    "asked_for": Word(_("Asked for"), chosen(Meets)),
    "at": Word(_("When"), moment),
    "words": Word(_("What you wrote")),
    "state": Word(_("State"), chosen(CheckState)),
    "until": Word(_("Until"), day),
    "told": Word(_("What you were told")),
}
LOST: Words = {
    "state": Word(_("State"), chosen(RecoveryState)),
    "at": Word(_("When"), moment),
    "words": Word(_("What you wrote")),
    "answers": Word(_("What you answered")),
}


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
            "decided_at": report.decided_at and report.decided_at.isoformat(),
        }


def own_checks(person: User) -> Iterable[dict[str, Any]]:
    """What vetters told each other of it is theirs."""
    for row in access.own_checks(person).prefetch_related("voices"):
        yield {
            "asked_for": row.tier,
            "at": row.created_at.isoformat(),
            "words": row.words,
            "state": row.state,
            "until": row.until and row.until.isoformat(),
            "told": queries.told_of_check(row),
        }


def own_recoveries(person: User) -> Iterable[dict[str, Any]]:
    """What was asked for this account; the words only of a request that ended with a
    new way in. Before, whoever is signed in may be the very person that the other is
    proving not to be. What vetters said is theirs; the reach address may be
    another's."""
    rows = AccessRecovery.objects.filter(person=person).order_by("created_at")
    for row in rows.prefetch_related("decisions"):
        is_proved = row.state == RecoveryState.DONE
        replies = [one.reply for one in row.decisions.all() if one.reply]
        yield {
            "state": row.state,
            "at": row.created_at.isoformat(),
            "words": row.words if is_proved else "",
            "answers": replies if is_proved else [],
        }


def recovery_panel(request: HttpRequest) -> dict[str, Any] | None:
    try:
        return {"recovery": access.own_recovery(request.user)}
    except NotFound:
        return None


def erase(person: User) -> None:
    """A report stays, since somebody may be protected by it; who made it goes. So does
    what a vetter wrote of an applicant: it goes with the applicant's file."""
    for row in AccessRecovery.objects.filter(person=person):
        forget_recovery(row)
    Canary.objects.filter(person=person).delete()
    SafeguardingCheck.objects.filter(person=person).delete()
    Report.objects.filter(reporter=person).update(reporter=None, contact="")
    Report.objects.filter(about=person).update(about=None)
    Report.objects.filter(taken_by=person).update(taken_by=None)
    Interview.objects.filter(interviewer=person).update(interviewer=None)
    DossierNote.objects.filter(author=person).update(author=None)
