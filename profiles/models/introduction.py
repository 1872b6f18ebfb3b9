from __future__ import annotations

from itertools import permutations
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet
from profiles.models.connection import Block, pair_of


class IntroductionQuerySet(VersionedQuerySet["Introduction"]):
    def not_over(self) -> IntroductionQuerySet:
        """As its introducer sees it: whatever the two have said."""
        taken_back = Introduction.State.WITHDRAWN
        return self.filter(expires_at__gt=timezone.now()).exclude(state=taken_back)

    def waiting(self) -> IntroductionQuerySet:
        now = timezone.now()
        return self.filter(state=Introduction.State.WAITING, expires_at__gt=now)

    def apart_from_blocks(self) -> IntroductionQuerySet:
        """Without those in which one of the three has blocked another."""
        blocks = Q(pk__in=[])
        for one, other in permutations(("introducer", "one", "other"), 2):
            blocks |= Q(blocker=OuterRef(one), blocked=OuterRef(other))
        return self.exclude(Exists(Block.objects.filter(blocks)))

    def of(self, person: Any) -> IntroductionQuerySet:
        """In which this person is one of the three."""
        return self.filter(Q(introducer=person) | Q(one=person) | Q(other=person))

    def end(self) -> int:
        return self.filter(state=Introduction.State.WAITING).update(
            state=Introduction.State.ENDED
        )


class Introduction(BaseModel):
    """A member proposes to two of their connections to know each other.

    A no is stored as the answer alone, and whoever introduces sees "waiting" until the
    month is over, whatever has become of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        MADE = "made", _("Connected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended")

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    introducer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="introductions_made",
    )
    one = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    pair = models.CharField(max_length=73, editable=False)  # both ids, in order
    note = EncryptedTextField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    one_answer = models.CharField(
        max_length=3, choices=Answer.choices, blank=True, default=Answer.NONE
    )
    other_answer = models.CharField(
        max_length=3, choices=Answer.choices, blank=True, default=Answer.NONE
    )
    expires_at = models.DateTimeField()

    objects: ClassVar = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["introducer", "pair"], name="introduction_once_per_pair"
            ),
            models.CheckConstraint(
                condition=~Q(one=F("other"))
                & ~Q(introducer=F("one"))
                & ~Q(introducer=F("other")),
                name="introduction_of_three",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pair = pair_of(self.one_id, self.other_id)
        super().save(*args, **kwargs)

    def side_of(self, person_id: Any) -> str:
        """The field that holds this person's answer."""
        return "one_answer" if person_id == self.one_id else "other_answer"

    def answer_of(self, person_id: Any) -> str:
        return str(getattr(self, self.side_of(person_id)))

    def across_from(self, person_id: Any) -> Any:
        """The one to whom this person is introduced."""
        return self.other if person_id == self.one_id else self.one
