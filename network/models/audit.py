import uuid

from django.db import models
from django.utils import timezone

from network.fields import EncryptedTextField


class AuditEntry(models.Model):
    """Who did what to which row, by opaque ids. Append-only by database trigger.

    Retention may blank an entry (`is_dropped`); its seal keeps the salted hash, so the
    chain still verifies.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=60)
    actor = models.UUIDField(null=True)
    subject = models.CharField(max_length=120)
    reason = EncryptedTextField(blank=True, default="")
    salt = models.CharField(max_length=32)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_time"),
        ]


class AuditSeal(models.Model):
    """One link of the hash chain, written by a single background writer."""

    seq = models.BigAutoField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    entry_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)
