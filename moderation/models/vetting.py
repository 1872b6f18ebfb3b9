from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from network.fields import EncryptedJSONField, EncryptedTextField
from network.models import BaseModel, User
from profiles.models import Application

TAKEN_BACK_WITHIN = timedelta(minutes=10)  # a note, by its author
ROOM = 256  # bytes: by their length scores would tell as what somebody comes


class Interview(BaseModel):
    """What one vetter heard in a conversation with the applicant, encrypted.

    One sheet for each vetter and application; it belongs to the applicant's file and
    goes with it. What was not spoken about stands in no score.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="interviews"
    )
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    scores = EncryptedJSONField(default=dict, padded_to=ROOM)  # {criterion: 1 to 4}
    notes = EncryptedTextField(blank=True, default="")
    held_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "interviewer"],
                name="interview_once_per_vetter",
            )
        ]


class DossierNote(BaseModel):
    """What a vetter notes beside an application, for the other vetters; encrypted. The
    applicant never sees it; it goes with their file."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    words = EncryptedTextField()

    class Meta:
        ordering = ["created_at"]

    def may_be_taken_back(self, by: User) -> bool:
        is_fresh = self.created_at > timezone.now() - TAKEN_BACK_WITHIN
        return self.author_id == by.pk and is_fresh
