from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedJSONField, EncryptedTextField
from network.models.base import BaseModel


class Notice(BaseModel):
    """A line in a person's own list of notices. It names a kind, never a text."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True, blank=True)
    # by a mail of its own or in a digest: no digest comes twice for the same
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["person", "-created_at"], name="notice_list")]


class Pace(models.TextChoices):
    """How mails about what is new come."""

    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day, at about eight in the morning")
    WEEKLY = "weekly", _("Once a week, on Monday at about eight in the morning")
    NEVER = "never", _("Never")


class MailChoice(BaseModel):
    """What somebody chose for mails about what is new; without a row: at once.

    A row of its own: an account that was read before and is saved now must not bring
    back mails that were stopped meanwhile.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.AT_ONCE)
    # what a press of "stop" has ended, for the way back
    pace_before = models.CharField(max_length=8, choices=Pace.choices, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # next digest


class OutgoingMail(BaseModel):
    """A mail that waits for the worker, written in the transaction of its cause."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    to = EncryptedTextField()
    template = models.CharField(max_length=80)
    context = EncryptedJSONField(default=dict)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="mail_waiting")
        ]


class MailedLink(BaseModel):
    """A link that was mailed: hashed, for one purpose, until a time, acting once."""

    purpose = models.CharField(max_length=40)
    subject = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "subject"], name="mailed_link_subject")
        ]
