from __future__ import annotations

from typing import ClassVar
from unicodedata import normalize

from django.conf import settings
from django.db import models
from django.db.models import Q

from network import crypto
from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet


class BanQuerySet(VersionedQuerySet["Ban"]):
    def standing(self) -> BanQuerySet:
        return self.filter(lifted_at=None)

    def of_address(self, address: str) -> BanQuerySet:
        return self.filter(address_index=Ban.index_of(address))


class Ban(BaseModel):
    """From this address nobody is admitted until it is lifted.

    The address is not kept: only an index by which it is known again, so that the ban
    outlives the account. It leads to no person and to no application.
    """

    address_index = models.CharField(max_length=64, db_index=True)
    reason = EncryptedTextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    lifted_because = EncryptedTextField(blank=True, default="")

    objects: ClassVar = BanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_index"],
                condition=Q(lifted_at=None),
                name="ban_stands_once",
            )
        ]

    @staticmethod
    def index_of(address: str) -> str:
        """Of one mailbox, however it is written: `name+word@` arrives at `name@`."""
        name, _at, host = normalize("NFKC", address).strip().casefold().rpartition("@")
        mailbox = f"{name.partition('+')[0]}@{host}"
        return crypto.blind_index(mailbox, purpose="turned-away e-mail")
