from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel


class Connection(BaseModel):
    """A request for contact and its answer. Open or accepted once for each pair."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Connected")
        DECLINED = "declined", _("Declined")  # the requester goes on seeing "waiting"
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended")

    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="connections_requested",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="connections_received",
    )
    pair = models.CharField(max_length=73, editable=False)  # both ids, in order
    note = EncryptedTextField(blank=True, default="")
    # a new member asked to be accompanied through their first 90 days
    is_buddy = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.REQUESTED
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(state__in=["requested", "accepted"]),
                name="connection_once_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(requester=F("recipient")), name="connection_of_two"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pair = pair_of(self.requester_id, self.recipient_id)
        super().save(*args, **kwargs)


def pair_of(one: object, other: object) -> str:
    return ":".join(sorted((str(one), str(other))))


class Block(BaseModel):
    """Complete and silent: nowhere does either see, find or reach the other."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks_made"
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="blocks_received",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(
                condition=~Q(blocker=F("blocked")), name="block_of_two"
            ),
        ]


class ContactGrant(BaseModel):
    """The yes that lets two parties write to each other: `messaging` reads it.

    A party is an account or, in an engagement, a volunteer's registration.
    """

    class Kind(models.TextChoices):
        CONNECTION = "connection"
        ENGAGEMENT = "engagement"
        INTRODUCTION = "introduction"
        VETTING = "vetting"
        CHECK = "check"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.UUIDField()  # the connection, engagement, application …
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    other_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    other_registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source"], name="contact_grant_once"
            ),
            models.CheckConstraint(
                condition=Q(other_person__isnull=False)
                ^ Q(other_registration__isnull=False),
                name="contact_grant_of_two",
            ),
        ]
