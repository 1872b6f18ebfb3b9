from __future__ import annotations

import json
from typing import ClassVar

from django.db import models
from django.utils import timezone

from network import crypto
from network.fields import EncryptedJSONField, EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet

SAID = (
    "skills",
    "causes",
    "languages",
    "slots",
    "place",
    "travel_km",
    "is_remote_ok",
    "experience_years",
)


def address_index(email: str) -> str:
    return crypto.blind_index(email.strip().lower(), purpose="volunteer e-mail")


class VolunteerQuerySet(VersionedQuerySet["VolunteerRegistration"]):
    def live(self) -> VolunteerQuerySet:
        return self.filter(
            erased_at__isnull=True,
            merged_into__isnull=True,
            expires_at__gt=timezone.now(),
        )

    def confirmed(self) -> VolunteerQuerySet:
        return self.live().filter(confirmed_at__isnull=False)


class VolunteerRegistration(BaseModel):
    """What a member of the public can do and cares about. No account, no name.

    Until `confirmed_at` (the mailed link was opened) it is matched and nobody is told.
    A second one with the same address waits beside the first and is merged into it
    when its own link is opened.
    """

    email = EncryptedTextField()
    email_index = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=12, default="en")
    skills = models.JSONField(default=dict)  # skill id -> 8 | 9 | 10
    causes = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    place = EncryptedJSONField(default=dict)  # {"town_id", "lat", "lon"} of the cell
    travel_km = models.PositiveSmallIntegerField(default=25)
    is_remote_ok = models.BooleanField(default=True)
    slots = models.JSONField(default=list)
    experience_years = models.PositiveSmallIntegerField(default=0)
    safeguarding_tier = models.PositiveSmallIntegerField(default=0)
    last_active_on = models.DateField(default=timezone.localdate)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged"
    )

    objects: ClassVar = VolunteerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"registration {str(self.pk)[:8]}"

    def arrival(self) -> list[str]:
        """For the session of the browser that sent it in."""
        return [str(self.pk), self.mark()]

    def mark(self) -> str:
        """Of what it says. Anybody can register anybody's address; when the owner then
        says something else, that is not shown where the first form was sent."""
        text = json.dumps([getattr(self, name) for name in SAID], sort_keys=True)
        return crypto.blind_index(text, purpose="registration as it was sent")
