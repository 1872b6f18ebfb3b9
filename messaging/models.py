from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.crypto import EncryptedKeyField
from network.models import BaseModel
from network.models.base import VersionedQuerySet


class Conversation(BaseModel):
    """A line of messages, numbered without gaps by `last_seq`.

    `data_key` is this conversation's own key, kept wrapped by the master key: blanking
    it shreds every message.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", _("Two people")
        ENGAGEMENT = "engagement", _("A task in a project")
        VETTING = "vetting", _("An application")
        CHECK = "check", _("A safeguarding check")
        GROUP = "group", _("A group")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DIRECT)
    grant = models.OneToOneField(
        "profiles.ContactGrant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversation",
    )
    last_seq = models.PositiveBigIntegerField(default=0)
    last_message_at = models.DateTimeField(default=timezone.now)
    data_key = EncryptedKeyField(null=True)

    class Meta:
        ordering = ["-last_message_at"]


class ParticipantQuerySet(VersionedQuerySet["Participant"]):
    def present(self) -> ParticipantQuerySet:
        return self.filter(left_at__isnull=True)


class Participant(BaseModel):
    """Somebody in a conversation: an account, or a registration with a mailed link.

    With neither it is somebody who has erased themselves: the numbers stay whole.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="participants"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
    )
    is_facilitator = models.BooleanField(default=False)
    last_read_seq = models.PositiveBigIntegerField(default=0)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(registration__isnull=True),
                name="participant_of_one",
            ),
            models.UniqueConstraint(
                fields=["conversation", "person"], name="participant_person_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "registration"],
                name="participant_registration_once",
            ),
        ]


class Message(BaseModel):
    """One message; its text is encrypted with the conversation's key."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="messages"
    )
    client_uuid = models.UUIDField()
    ciphertext = models.TextField()
    is_sensitive = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)  # held: it was reported

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="message_seq_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_uuid"],
                name="message_client_uuid_once",
            ),
        ]
