from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet
from profiles.models import Decision
from profiles.models.joining import ApprovedByTwo


class RecoveryState(models.TextChoices):
    BEGUN = "begun", _("Begun")
    WAITING = "waiting", _("Waiting")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Declined")
    STOPPED = "stopped", _("Stopped")
    LAPSED = "lapsed", _("Ran out")


OPEN = (RecoveryState.BEGUN, RecoveryState.WAITING, RecoveryState.AGREED)
# what the account's addresses have been told of, and can stop
UNDER_WAY = (RecoveryState.WAITING, RecoveryState.AGREED)


class AccessRecoveryQuerySet(VersionedQuerySet["AccessRecovery"]):
    def open(self) -> AccessRecoveryQuerySet:
        return self.filter(state__in=OPEN)

    def under_way(self) -> AccessRecoveryQuerySet:
        return self.filter(state__in=UNDER_WAY)


class AccessRecovery(ApprovedByTwo):
    """Somebody who lost their second factor asks for a new way into an account.

    Agreed only by two different people, neither of them the account's own: the
    database refuses anything else. Without `person` it leads nowhere: whoever named an
    account that is not there must not learn that. Several may ask for one account, each
    to be reached elsewhere: who came first may be the thief.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(
        max_length=7, choices=RecoveryState.choices, default=RecoveryState.BEGUN
    )
    reach = EncryptedTextField(blank=True, default="")  # "": the account's address
    asked_index = models.CharField(max_length=64, db_index=True, blank=True)
    language = models.CharField(max_length=12, default="en")
    words = EncryptedTextField(blank=True, default="")
    begun_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = AccessRecoveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asked_index"],
                condition=Q(state__in=["begun", "waiting", "agreed"]),
                name="recovery_open_once",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="agreed"),
                name="recovery_agreed_once",
            ),
            *ApprovedByTwo.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    ~Q(first_approver=F("person"))
                    | Q(first_approver__isnull=True)
                    | Q(person__isnull=True)
                )
                & (
                    ~Q(second_approver=F("person"))
                    | Q(second_approver__isnull=True)
                    | Q(person__isnull=True)
                ),
                name="recovery_no_self_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done"])
                | Q(
                    person__isnull=False,
                    first_approver__isnull=False,
                    second_approver__isnull=False,
                    opens_at__isnull=False,
                ),
                name="recovery_agreed_by_two",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_ready(self) -> bool:
        """Agreed, and the wait is over."""
        if self.state != RecoveryState.AGREED or self.opens_at is None:
            return False
        return self.opens_at <= timezone.now()


class RecoveryDecision(BaseModel):
    """One vetter's word on a recovery; of a question, with the person's answer."""

    recovery = models.ForeignKey(
        AccessRecovery, on_delete=models.CASCADE, related_name="decisions"
    )
    vetter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=8, choices=Decision.Answer.choices)
    reason = EncryptedTextField(blank=True, default="")
    reply = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["recovery", "vetter"],
                condition=Q(answer__in=["approve", "decline"]),
                name="recovery_decision_once_per_vetter",
            )
        ]
