from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import BaseModel


class Purpose(models.TextChoices):
    """What is agreed to, each separately."""

    JOINING = "joining", _("Processing my application")
    SPECIAL_CATEGORY = "special-category", _("What I tell about my past")
    MATCHING = "matching", _("Being matched with projects")
    VOLUNTEER = "volunteer", _("Registering my skills")
    STORY = "story", _("Publishing my story")
    COMMUNITY = "community", _("The community agreement")


class ConsentText(BaseModel):
    """One version of a text, in one language, as it was shown."""

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "number"], name="consent_text_once"
            )
        ]


class ConsentRecord(BaseModel):
    """Who agreed to which text for which purpose, and when it was taken back."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consents",
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consents",
    )
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(registration__isnull=False),
                name="consent_of_one",
            )
        ]
