from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedJSONField, EncryptedTextField
from network.models import BaseModel, User
from network.models.base import VersionedQuerySet


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waiting to be read")
    IN_REVIEW = "in-review", _("Being read")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


APPEAL = timedelta(days=28)
ASKED_FOR = timedelta(days=21)  # a referee's link
TO_READ = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


REPLIES = "replies"  # in `Application.answers`: {id of the question: the answer}


class ApprovedByTwo(BaseModel):
    """The database refuses the same person as both approvers."""

    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_approver=F("second_approver"))
                | Q(first_approver__isnull=True)
                | Q(second_approver__isnull=True),
                name="%(class)s_two_approvers",
            ),
        ]

    def add_approver(self, by: User) -> None:
        if self.first_approver_id is None:
            self.first_approver = by
        else:
            self.second_approver = by


class Application(ApprovedByTwo):
    """A person asks to join. What they wrote is encrypted.

    Approved only by two different people, neither of them the applicant: the database
    refuses anything else.
    """

    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="applications"
    )
    answers = EncryptedJSONField(default=dict)  # kind, pseudonym, way, languages …
    state = models.CharField(
        max_length=10, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # asked once for a third person's look, after a no
    appealed_at = models.DateTimeField(null=True, blank=True)
    contact_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(state__in=["draft", "submitted", "in-review"]),
                name="application_open_once",
            ),
            *ApprovedByTwo.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    ~Q(first_approver=F("applicant")) | Q(first_approver__isnull=True)
                )
                & (
                    ~Q(second_approver=F("applicant")) | Q(second_approver__isnull=True)
                ),
                name="application_no_self_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(first_approver__isnull=False, second_approver__isnull=False),
                name="application_approved_by_two",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Handed in, and not decided."""
        return self.state in TO_READ

    @property
    def waits_since(self) -> datetime:
        return self.appealed_at or self.submitted_at or self.created_at

    @property
    def may_appeal_until(self) -> datetime | None:
        """Until when a third person can be asked after a no; None when it is too late,
        and once it was done."""
        is_no = self.state == ApplicationState.DECLINED and self.appealed_at is None
        if not is_no or self.decided_at is None:
            return None
        until = self.decided_at + APPEAL
        return until if until > timezone.now() else None


class AssignmentQuerySet(VersionedQuerySet["Assignment"]):
    def live(self) -> AssignmentQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class Assignment(BaseModel):
    """Whose to read an application is: to these vetters it is open, to nobody else.

    Runs out without a word from them, so that another can read it; whoever has said
    yes or no keeps it.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="assignments"
    )
    vetter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    until = models.DateTimeField(null=True)  # None: for good

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "vetter"], name="assignment_once_per_vetter"
            )
        ]


class Decision(BaseModel):
    """One vetter's word on an application, encrypted: the `reason` is the vetters', a
    no has words for the applicant too."""

    class Answer(models.TextChoices):
        APPROVE = "approve", _("Approve")
        DECLINE = "decline", _("Decline")
        ASK = "ask", _("Ask for more")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="decisions"
    )
    vetter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = EncryptedTextField()
    told = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "vetter"],
                condition=Q(answer__in=["approve", "decline"]),
                name="decision_once_per_vetter",
            )
        ]


class RefereeQuerySet(VersionedQuerySet["Referee"]):
    def unanswered(self) -> RefereeQuerySet:
        return self.filter(state=Referee.State.ASKED)


class Referee(BaseModel):
    """Somebody whom an applicant named, who answers by a mailed link. Encrypted are the
    address, the name by which they know the applicant, and what they say."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Has answered")
        DECLINED = "declined", _("Would rather not say")  # the applicant sees "asked"

    class Relation(models.TextChoices):
        ORGANISATION = "organisation", _("From an organisation that worked with them")
        MEMBER = "member", _("As a member of this network")
        CLOSE = "close", _("As a friend or one of their family")
        OTHER = "other", _("In another way")

    class Since(models.TextChoices):
        UNDER_ONE = "under-one", _("Less than a year")
        ONE_TO_THREE = "one-to-three", _("One to three years")
        OVER_THREE = "over-three", _("More than three years")

    class Trust(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Yes, with one thing to watch")
        NO = "no", _("No")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="referees"
    )
    email = EncryptedTextField()
    known_as = EncryptedTextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    answers = EncryptedJSONField(
        default=dict
    )  # {"relation", "since", "trust", "words"}
    # to whom the address belonged when they answered
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="spoke_for",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = RefereeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    @property
    def until(self) -> datetime:
        return self.created_at + ASKED_FOR
