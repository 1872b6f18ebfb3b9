from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from network.models import BaseModel
from network.models.base import VersionedQuerySet


class JoiningQuestionQuerySet(VersionedQuerySet["JoiningQuestion"]):
    def live(self) -> JoiningQuestionQuerySet:
        return self.filter(agreed_at__isnull=False, retired_at=None)

    def proposed(self) -> JoiningQuestionQuerySet:
        return self.filter(agreed_at=None, retired_at=None)


class JoiningQuestion(BaseModel):
    """Something that applicants of some kinds are asked beside the fixed fields.

    Asked once a second person on the staff has agreed to it, and never changed from
    then on: another wording is another row, that `replaces` this one.
    """

    kinds = models.JSONField(default=list)  # of `Kind`
    texts = models.JSONField(default=dict)  # language -> words; English always
    hints = models.JSONField(default=dict)
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar = JoiningQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposed_by=F("agreed_by"))
                | Q(proposed_by__isnull=True)
                | Q(agreed_by__isnull=True),
                name="joining_question_by_two",
            )
        ]

    @property
    def is_live(self) -> bool:
        return self.agreed_at is not None and self.retired_at is None

    def text(self, language: str) -> str:
        return str(self.texts.get(language) or self.texts.get("en", ""))

    def hint(self, language: str) -> str:
        return str(self.hints.get(language) or self.hints.get("en", ""))

    def retire(self) -> None:
        self.retired_at = timezone.now()
        self.save(update_fields=["retired_at"])
