from django.conf import settings
from django.db import models

from network.models import BaseModel


class Recommendation(BaseModel):
    """That a person was shown for a need on a day: what fairness counts."""

    need = models.ForeignKey(
        "projects.Need", on_delete=models.CASCADE, related_name="recommendations"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need", "person", "day"], name="recommended_person_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["need", "registration", "day"],
                name="recommended_registration_once_a_day",
            ),
        ]
