from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet


class ReportQuerySet(VersionedQuerySet["Report"]):
    def waiting(self) -> ReportQuerySet:
        """Danger first, then by age."""
        is_danger = models.Case(
            models.When(reason=Report.Reason.DANGER, then=0), default=1
        )
        return self.filter(state__in=["open", "taken"]).order_by(
            is_danger, "created_at"
        )


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

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        TAKEN = "taken", _("Being looked at")
        ACTED = "acted", _("Something was done")
        DISMISSED = "dismissed", _("Nothing was wrong")

    kind = models.CharField(max_length=20)  # a name in parts.reportables
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
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_key", "reporter"],
                condition=Q(state__in=["open", "taken"], reporter__isnull=False),
                name="report_open_once_per_person",
            )
        ]
