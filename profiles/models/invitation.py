from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet


class InvitationQuerySet(VersionedQuerySet["Invitation"]):
    def not_over(self) -> InvitationQuerySet:
        """Taken up or not: whoever sent it does not learn that."""
        return self.filter(withdrawn_at=None, expires_at__gt=timezone.now())

    def good(self) -> InvitationQuerySet:
        return self.not_over().filter(used_at=None)


class Invitation(BaseModel):
    """A member asks somebody to apply. Its mailed link is good for one application.

    The address is encrypted, and blanked once it is not needed any more; who invited
    whom stays, for whoever looks after the network when one of them has to go.
    """

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations_made",
    )
    email = EncryptedTextField(blank=True, default="")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    application = models.OneToOneField(
        "profiles.Application",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
