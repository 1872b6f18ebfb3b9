from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet

WORDS = ("title", "summary", "body")  # what an editor reads before others do


class ProjectQuerySet(VersionedQuerySet["Project"]):
    def published(self) -> ProjectQuerySet:
        return self.filter(state=Project.State.PUBLISHED)

    def waiting_for_an_editor(self) -> ProjectQuerySet:
        """To be published, or published with words that nobody has read yet."""
        changed = Q(state=Project.State.PUBLISHED, is_proposed=True)
        return self.filter(Q(state=Project.State.IN_REVIEW) | changed)


class Project(BaseModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in-review", _("Waiting for an editor")
        PUBLISHED = "published", _("Published")
        HIDDEN = "hidden", _("Hidden")
        ARCHIVED = "archived", _("Archived")

    class Stage(models.TextChoices):
        IDEA = "idea", _("An idea")
        STARTING = "starting", _("Starting")
        RUNNING = "running", _("Running")
        GROWING = "growing", _("Growing")

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=220)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True)
    town_id = models.PositiveIntegerField(null=True, blank=True)  # network.places
    town = models.CharField(max_length=120, blank=True)
    causes = models.JSONField(default=list)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.RUNNING)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    # {"title", "summary", "body"} that a lead wrote after it was published
    proposed = models.JSONField(default=dict, blank=True)
    is_proposed = models.BooleanField(default=False)  # and an editor has not read it
    # to the leads, when an editor gave it back
    editors_note = EncryptedTextField(blank=True, default="")

    objects: ClassVar = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting_for_an_editor(self) -> bool:
        is_changed = self.state == self.State.PUBLISHED and self.is_proposed
        return is_changed or self.state == self.State.IN_REVIEW

    @property
    def is_given_back(self) -> bool:
        """By an editor, with a note, and not sent in again since."""
        is_refused = bool(self.proposed) and not self.is_proposed
        is_open = self.state == self.State.DRAFT or is_refused
        return is_open and bool(self.editors_note)

    @property
    def newest_words(self) -> dict[str, str]:
        """Title, summary and body as the leads want them."""
        return {name: getattr(self, name) for name in WORDS} | self.proposed


class ProjectMember(BaseModel):
    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        TEAM = "team", _("Team")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="project_memberships",
    )
    role = models.CharField(max_length=4, choices=Role.choices, default=Role.TEAM)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"], name="project_member_once"
            )
        ]


class NeedQuerySet(VersionedQuerySet["Need"]):
    def open(self) -> NeedQuerySet:
        return self.unfilled().filter(project__state=Project.State.PUBLISHED)

    def unfilled(self) -> NeedQuerySet:
        return self.filter(state__in=[Need.State.OPEN, Need.State.PART_FILLED]).filter(
            Q(until__isnull=True) | Q(until__gte=timezone.localdate())
        )


class Need(BaseModel):
    """What a project asks for. Town and country are shown; where and at what hour
    exactly (`meeting_detail`, encrypted) only to those whose yes was answered."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skills")
        MONEY = "money", _("Money")
        THING = "thing", _("Things")
        ROOM = "room", _("Rooms")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("need", "Open")
        PART_FILLED = "part-filled", _("Partly filled")
        FILLED = "filled", _("Filled")
        CLOSED = "closed", _("Closed")
        EXPIRED = "expired", _("Expired")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.SKILL)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    languages = models.JSONField(default=list)
    is_remote = models.BooleanField(default=False)
    town_id = models.PositiveIntegerField(null=True, blank=True)
    town = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    slots = models.JSONField(default=list)
    causes = models.JSONField(default=list)
    seats = models.PositiveSmallIntegerField(default=1)
    seats_filled = models.PositiveSmallIntegerField(default=0)
    hours_per_week = models.PositiveSmallIntegerField(default=2)
    min_experience = models.PositiveSmallIntegerField(default=0)
    safeguarding_tier = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    meeting_detail = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=11, choices=State.choices, default=State.OPEN)

    objects: ClassVar = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_filled__lte=F("seats")), name="need_seats"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        is_current = self.until is None or self.until >= timezone.localdate()
        return is_current and self.state in {self.State.OPEN, self.State.PART_FILLED}

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_filled


class NeedSkill(models.Model):
    """A skill of the taxonomy that a need asks for; the weights of a need sum to 1."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="skills")
    skill = models.CharField(max_length=60)
    weight = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "skill"], name="need_skill_once")
        ]


LIVE = ["invited", "applied", "accepted"]
WAITING = ["invited", "applied"]


class Answer(BaseModel):
    """An invitation or an application: one live at a time for each person and need.

    Both sides must say yes: an invitation waits for the person, an application for
    the lead. The person is a member or a volunteer's registration.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        APPLIED = "applied", _("Offered to help")
        ACCEPTED = "accepted", _("Both said yes")
        DECLINED = "declined", _("Not this time")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CLOSED = "closed", _("Closed without an answer")

    class Reason(models.TextChoices):
        TOO_FAR = "too-far", _("Too far")
        WRONG_SKILL = "wrong-skill", _("Not what I can do")
        NO_TIME = "no-time", _("No time just now")
        OTHER = "other", _("Something else")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="need_answers",
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="need_answers",
    )
    state = models.CharField(max_length=9, choices=State.choices)
    note = EncryptedTextField(blank=True, default="")
    decline_reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(registration__isnull=False),
                name="answer_of_one",
            ),
            models.UniqueConstraint(
                fields=["need", "person"],
                condition=Q(state__in=LIVE),
                name="answer_live_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["need", "registration"],
                condition=Q(state__in=LIVE),
                name="answer_live_once_per_registration",
            ),
        ]

    @property
    def came_too_late(self) -> bool:
        """Closed because others took all the places."""
        is_closed = self.state == self.State.CLOSED
        return is_closed and self.need.state == Need.State.FILLED


class Engagement(BaseModel):
    """What follows when both said yes."""

    answer = models.OneToOneField(
        Answer, on_delete=models.CASCADE, related_name="engagement"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    started_on = models.DateField(default=timezone.localdate)
    ended_at = models.DateTimeField(null=True, blank=True)


class AppealQuerySet(VersionedQuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        lasting = Q(closes_on__isnull=True) | Q(closes_on__gte=timezone.localdate())
        return self.filter(lasting, state=Appeal.State.OPEN)


class Appeal(BaseModel):
    """A call for help after an attack. Its public page is `cms.AppealPage`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("appeal", "Open")
        CLOSED = "closed", pgettext_lazy("appeal", "Closed")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    titles = models.JSONField(default=dict, blank=True)  # in other languages, by code
    region = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    town_id = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    projects: Any = models.ManyToManyField(Project, blank=True, related_name="appeals")

    objects: ClassVar = AppealQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def title_here(self) -> str:
        """In the reader's language, where it was translated."""
        return str(self.titles.get(get_language() or "", self.title))


class AppealRegistration(BaseModel):
    """Which appeal a registration came through."""

    appeal = models.ForeignKey(
        Appeal, on_delete=models.CASCADE, related_name="registrations"
    )
    registration = models.ForeignKey(
        "profiles.VolunteerRegistration",
        on_delete=models.CASCADE,
        related_name="appeals",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "registration"], name="appeal_registration_once"
            )
        ]
