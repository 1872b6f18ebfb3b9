from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.base import BaseModel


class Helpline(BaseModel):
    """A place to call or write to, kept by staff; shown in the foot of every page."""

    IN_WORDS = ("name", "hours", "note")

    country = models.CharField(max_length=2, blank=True, help_text=_("empty: anywhere"))
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    url = models.URLField(blank=True)
    hours = models.CharField(max_length=80, blank=True)
    languages = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=100)
    translations = models.JSONField(
        default=dict,
        blank=True,
        help_text=_(
            "Hours, note and, where it is a description, name in other languages: "
            '{"de": {"hours": "Tag und Nacht", "note": "Kostenlos."}}'
        ),
    )

    class Meta:
        ordering = ["country", "sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"], name="helpline_once_per_country"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country or '–'})"

    def clean(self) -> None:
        if not _is_by_language(self.translations):
            raise ValidationError(
                {"translations": _("Not in the form of the example.")}
            )

    def translated(self, field: str, language: str) -> str:
        """Empty where nobody has translated it."""
        return str(self.translations.get(language, {}).get(field, ""))


def _is_by_language(translations: object) -> bool:
    return isinstance(translations, dict) and all(
        isinstance(words, dict)
        and set(words) <= set(Helpline.IN_WORDS)
        and all(isinstance(word, str) for word in words.values())
        for words in translations.values()
    )


class RateCounter(models.Model):
    """Hits of one hashed key in one window of time."""

    name = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key_hash", "window_start"], name="rate_counter_once"
            )
        ]
        indexes = [models.Index(fields=["window_start"], name="rate_counter_age")]


class PeriodicRun(models.Model):
    """When a periodic function is due; claimed by a conditional UPDATE."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
