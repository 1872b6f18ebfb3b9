from django.conf import settings
from django.db import models
from django.utils import timezone

from network.fields import EncryptedTextField
from network.models.base import BaseModel


class PushSubscription(BaseModel):
    """A browser in which somebody wants to hear that something is new.

    Only where to knock: what is needed to send a content is never asked for. It ends
    with the session in which it was made.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
    )
    session = models.OneToOneField(
        "usersessions.UserSession",
        on_delete=models.CASCADE,
        related_name="push_subscription",
    )
    endpoint = EncryptedTextField()
    # of two people at one browser only the last is told
    endpoint_index = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # since when a push waits
    next_attempt_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    last_ok_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["asked_at", "next_attempt_at"], name="push_waiting")
        ]


class PushHint(BaseModel):
    """Somebody is to be told, written in the transaction of its cause; the worker turns
    it into a mark on each of their browsers. A row each time: a mark that is changed in
    that transaction would let two causes wait for each other."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
