from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet
from profiles.models import Meets
from profiles.models.joining import ApprovedByTwo


class CheckState(models.TextChoices):
    WAITING = "waiting", _("Waits for vetters")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not granted")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENDED = "ended", _("Over")


class Ground(models.TextChoices):
    """What a vetter has gone by. The paper itself is seen, and never kept."""

    CERTIFICATE = "certificate", _("A certificate of the authorities, seen")
    ORGANISATION = "organisation", _("An organisation that checked them, asked")
    REFERENCES = "references", _("Two people who know their work, asked")
    NOTHING = "nothing", _("Nothing yet")


class CheckQuerySet(VersionedQuerySet["SafeguardingCheck"]):
    def waiting(self) -> CheckQuerySet:
        return self.filter(state=CheckState.WAITING)

    def standing(self) -> CheckQuerySet:
        return self.filter(state=CheckState.GRANTED)


class SafeguardingCheck(ApprovedByTwo):
    """A member asks to be found safe for meeting people who need protection.

    Granted only by two different vetters, neither of them the member: the database
    refuses anything else. What counts today stands in the profile.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="checks"
    )
    tier = models.PositiveSmallIntegerField(choices=Meets.choices)
    words = EncryptedTextField(blank=True, default="")  # the member's
    state = models.CharField(
        max_length=9, choices=CheckState.choices, default=CheckState.WAITING
    )
    until = models.DateField(null=True, blank=True)  # the last day, once granted
    told_at = models.DateTimeField(null=True, blank=True)  # that it ends soon
    closed_at = models.DateTimeField(null=True, blank=True)  # decided or taken back
    ended_at = models.DateTimeField(null=True, blank=True)  # what was granted
    told = EncryptedTextField(blank=True, default="")  # to the member, at the end

    objects: ClassVar = CheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="waiting"),
                name="check_waits_once",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="granted"),
                name="check_stands_once",
            ),
            *ApprovedByTwo.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    ~Q(first_approver=F("person")) | Q(first_approver__isnull=True)
                )
                & (~Q(second_approver=F("person")) | Q(second_approver__isnull=True)),
                name="check_not_by_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted")
                | Q(
                    first_approver__isnull=False,
                    second_approver__isnull=False,
                    until__isnull=False,
                ),
                name="check_granted_by_two",
            ),
        ]


class CheckVoice(BaseModel):
    """One vetter's word on it; nobody has two."""

    check_asked = models.ForeignKey(
        SafeguardingCheck, on_delete=models.CASCADE, related_name="voices"
    )
    vetter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    is_yes = models.BooleanField()
    ground = models.CharField(max_length=12, choices=Ground.choices)
    until = models.DateField(null=True, blank=True)  # of a yes
    reason = EncryptedTextField()  # the vetters'
    told = EncryptedTextField(blank=True, default="")  # to the member, of a no

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_asked", "vetter"], name="check_voice_once_per_vetter"
            )
        ]
