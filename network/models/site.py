from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.base import BaseModel


class Helpline(BaseModel):
    """A place to call or write to, kept by staff; shown in the foot of every page."""

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

    class Meta:
        ordering = ["country", "sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"], name="helpline_once_per_country"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country or '–'})"


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
