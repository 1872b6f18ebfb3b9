from django.conf import settings
from django.db import models
from django.utils import timezone

from network.models import BaseModel


class SomebodyForNeed(models.Model):
    """A member or a registration beside a need, on a day."""

    need = models.ForeignKey(
        "projects.Need", on_delete=models.CASCADE, related_name="%(class)ss"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    day = models.DateField(default=timezone.localdate)

    class Meta:
        abstract = True


class Recommendation(BaseModel, SomebodyForNeed):
    """That a person was shown for a need on a day: what fairness counts."""

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


class Arrival(SomebodyForNeed):
    """That somebody who registered, or whose profile changed, began to fit a need:
    see `search.arrivals`. Forgotten after a month."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need", "person"], name="person_arrived_once"
            ),
            models.UniqueConstraint(
                fields=["need", "registration"], name="registration_arrived_once"
            ),
        ]


class SeenCard(models.Model):
    """That one person was shown another on a card today: see `search.budget`."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards_seen"
    )
    key = models.CharField(max_length=64)
    day = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "day", "key"], name="seen_card_once_a_day"
            )
        ]


class PeerSuggestion(models.Model):
    """That one member was proposed to another on a day: the day's list, and what
    fairness counts. Forgotten after a month."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    day = models.DateField(default=timezone.localdate)
    place = models.PositiveSmallIntegerField(default=0)  # in the list

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "person", "day"], name="peer_suggested_once_a_day"
            )
        ]


class PeerPassedOver(models.Model):
    """ "Not this one": of the pair only an index is kept, which tells nobody whom."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=64)
    day = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "key"], name="peer_passed_over_once"
            )
        ]
