from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet

SITUATION = "situation"  # told in words, about nothing that stands on the site
DANGER_WITHIN = timedelta(minutes=30)  # after which a report of danger is late


class ReportQuerySet(VersionedQuerySet["Report"]):
    def waiting(self) -> ReportQuerySet:
        """Danger first, then by age."""
        is_danger = models.Case(
            models.When(reason=Report.Reason.DANGER, then=0), default=1
        )
        return self.filter(state__in=WAITING).order_by(is_danger, "created_at", "pk")

    def decided(self) -> ReportQuerySet:
        return self.exclude(state__in=WAITING).order_by("-decided_at", "pk")

    def of_danger(self) -> ReportQuerySet:
        return self.filter(reason=Report.Reason.DANGER)

    def apart_from(self, person_id: UUID) -> ReportQuerySet:
        """Without reports about this person and those that they made themselves."""
        return self.exclude(about=person_id).exclude(reporter=person_id)


class Report(BaseModel):
    """Somebody says that something is wrong. What was reported is kept as it was."""

    class Reason(models.TextChoices):
        DANGER = "danger", _("Someone may be in danger")
        THREAT = "threat", _("A threat or pressure")
        CONTACT = "contact", _("Unwanted contact")
        RECRUITING = "recruiting", _("Recruiting or praise of violence")
        EXPOSES = "exposes", _("It exposes somebody")
        SHOCKING = "shocking", _("Shocking material")
        OTHER = "other", _("Something else")
        # by the site alone: see `moderation.actions.alarms`
        CANARY = "canary", _("Somebody opened an invented profile")
        COLLECTING = "collecting", _("Opened unusually many profiles in one day")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        TAKEN = "taken", _("Being looked at")
        ACTED = "acted", _("Something was done")
        DISMISSED = "dismissed", _("Nothing was wrong")

    kind = models.CharField(max_length=20)  # a name in parts.reportables, or SITUATION
    object_key = models.CharField(max_length=80)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words = EncryptedTextField(blank=True, default="")
    contact = EncryptedTextField(blank=True, default="")  # how to reach who told us
    excerpt = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = EncryptedTextField(blank=True, default="")

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "created_at"], name="report_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_key", "reporter"],
                condition=Q(state__in=["open", "taken"], reporter__isnull=False),
                name="report_open_once_per_person",
            )
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_danger(self) -> bool:
        return self.reason == Report.Reason.DANGER

    @property
    def is_late(self) -> bool:
        """Of danger, and nobody has taken it in time."""
        is_untaken = self.is_danger and self.state == Report.State.OPEN
        return is_untaken and self.created_at < timezone.now() - DANGER_WITHIN


WAITING = (Report.State.OPEN, Report.State.TAKEN)
