from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet

YEAR = timedelta(days=365)
ASKED_BEFORE = timedelta(days=30)


class ReviewReason(models.TextChoices):
    YEARLY = "yearly", _("A year has passed")
    REFERRAL = "referral", _("Brought in by a member who was removed")
    SUSPENDED = "suspended", _("Suspended")


class ReviewState(models.TextChoices):
    ASKED = "asked", _("Waits for the member")
    WAITING = "waiting", _("Waits for vetters")
    STAYS = "stays", _("Stays")
    ENDED = "ended", _("Membership ended")
    LAPSED = "lapsed", _("No longer needed")


class ReviewQuerySet(VersionedQuerySet["MemberReview"]):
    def open(self) -> ReviewQuerySet:
        return self.filter(closed_at=None)

    def waiting(self) -> ReviewQuerySet:
        """For a vetter's word."""
        return self.filter(state=ReviewState.WAITING)


class MemberReview(BaseModel):
    """Whether a member goes on being one: asked once a year, after a suspension, and of
    those whom a member brought in who was removed."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews"
    )
    reason = models.CharField(max_length=9, choices=ReviewReason.choices)
    state = models.CharField(
        max_length=7, choices=ReviewState.choices, default=ReviewState.WAITING
    )
    words = EncryptedTextField(blank=True, default="")  # the member's
    # who had brought them in
    because_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(null=True, blank=True)  # of a yearly one
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reason"],
                condition=Q(closed_at=None),
                name="review_open_once",
            )
        ]


class ReviewVoice(BaseModel):
    """One vetter's word on it. Two different ones end a membership, or give it back:
    nobody has two."""

    review = models.ForeignKey(
        MemberReview, on_delete=models.CASCADE, related_name="voices"
    )
    vetter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    is_stay = models.BooleanField()
    reason = EncryptedTextField()  # the vetters'
    told = EncryptedTextField(blank=True, default="")  # to the member

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "vetter"], name="review_voice_once_per_vetter"
            )
        ]
