from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.fields import EncryptedJSONField, EncryptedTextField
from network.models import BaseModel
from network.models.base import VersionedQuerySet


class Standing(models.TextChoices):
    """What a person may do here; it limits every role."""

    APPLICANT = "applicant", _("Applicant")
    PROBATION = "probation", _("New member")
    MEMBER = "member", _("Member")
    TRUSTED = "trusted", _("Trusted member")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")


ACTIVE = (Standing.PROBATION, Standing.MEMBER, Standing.TRUSTED)


class Kind(models.TextChoices):
    """How a person comes to the network. Stored encrypted, shown by choice."""

    FORMER = "former", _("Former")
    SURVIVOR = "survivor", _("Survivor")
    SUPPORTER = "supporter", _("Supporter")
    PRACTITIONER = "practitioner", _("Practitioner")


class Audience(models.TextChoices):
    """Who sees a field. Each tier includes the ones before it."""

    PRIVATE = "private", _("Only me")
    CONNECTIONS = "connections", _("My connections")
    MEMBERS = "members", _("Members")
    PUBLIC = "public", _("Everybody")


class Meets(models.IntegerChoices):
    """Whom somebody who helps meets, and so which check a task asks for: its number is
    the safeguarding tier."""

    NOBODY = 0, _("Nobody who needs protection is met")
    IN_COMPANY = 1, _("Meets survivors or the public with others present")
    ALONE = 2, _("Meets survivors or minors alone, or hears what they went through")


# Fields with an audience of their own, and who sees them until the person chooses.
DEFAULT_AUDIENCE: dict[str, str] = {
    "pseudonym": Audience.MEMBERS,
    "kind": Audience.MEMBERS,
    "languages": Audience.MEMBERS,
    "way": Audience.MEMBERS,
    "skills": Audience.MEMBERS,
    "causes": Audience.MEMBERS,
    "roles_offered": Audience.MEMBERS,
    "slots": Audience.CONNECTIONS,
    "country": Audience.CONNECTIONS,
    "safeguarding": Audience.PRIVATE,
}


class ProfileQuerySet(VersionedQuerySet["Profile"]):
    def active(self) -> ProfileQuerySet:
        now = timezone.now()
        paused = Q(hidden_until__gt=now)
        return self.filter(standing__in=ACTIVE, user__is_active=True).exclude(paused)

    def listed(self) -> ProfileQuerySet:
        return self.active().filter(is_listed=True)

    def apart_from_blocks(self, viewer_id: Any) -> ProfileQuerySet:
        """Leaves out whoever blocked this person or was blocked by them."""
        return self.exclude(user__blocks_made__blocked=viewer_id).exclude(
            user__blocks_received__blocker=viewer_id
        )


class Profile(BaseModel):
    """A person as they choose to be seen. No legal name, phone or birth date exists.

    `kind` (former, survivor …) is encrypted: a stolen table must not say who is what.
    `town_id` is a place of `network.places`; `cell` the centre of its 25 km cell.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.APPLICANT
    )
    standing_since = models.DateTimeField(default=timezone.now)
    vetted_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # the last yearly time
    is_overdue = models.BooleanField(default=False)  # did not confirm: writes to nobody
    pseudonym = models.CharField(max_length=60, blank=True)
    kind = EncryptedTextField(blank=True, default="", padded_to=64)
    kind_until = models.DateField(null=True, blank=True)  # the last day it is shown
    # which violence they know: {"known": [...], "is_across": whether peers of another
    # background may be suggested}. For nothing else, and in no index
    first_hand = EncryptedJSONField(default=dict, padded_to=192)
    # encrypted too: in their own words it says what they are
    way = EncryptedTextField(blank=True, default="")
    languages = models.JSONField(default=list)  # ISO 639-1 codes
    country = models.CharField(max_length=2, blank=True)
    place = EncryptedJSONField(default=dict)  # {"town_id", "lat", "lon"} of the cell
    travel_km = models.PositiveSmallIntegerField(default=25)
    is_remote_ok = models.BooleanField(default=True)
    slots = models.JSONField(default=list)  # "mon-am" … "sun-eve"
    causes = models.JSONField(default=list)
    roles_offered = models.JSONField(default=list)  # of `profiles.roles`
    experience_years = models.PositiveSmallIntegerField(default=0)
    # checked for meeting people, until a day; see `moderation.SafeguardingCheck`
    safeguarding_tier = models.PositiveSmallIntegerField(
        choices=Meets.choices, default=Meets.NOBODY
    )
    safeguarding_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    safeguarding_at = models.DateTimeField(null=True, blank=True)
    safeguarding_until = models.DateField(null=True, blank=True)  # the last day
    load_cap = models.PositiveSmallIntegerField(default=3)
    load = models.PositiveSmallIntegerField(default=0)
    last_active_on = models.DateField(default=timezone.localdate)

    audience = models.JSONField(default=dict)  # field -> Audience, else the default
    is_listed = models.BooleanField(default=False)
    is_matched = models.BooleanField(default=False)  # consent to matching
    is_open_to_contact = models.BooleanField(default=False)
    accompanies = models.BooleanField(default=False)  # new members, as their buddy
    shows_mutual = models.BooleanField(default=False)  # see `access.mutual`
    # encrypted: only survivors are asked, so the answer would tell the label
    # {"no_formers", "facilitator"}
    contact_rules = EncryptedJSONField(default=dict, padded_to=64)
    hidden_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="profile_standing"
            )
        ]

    def __str__(self) -> str:
        return self.pseudonym or str(_("A member"))

    @property
    def is_active_member(self) -> bool:
        return self.standing in ACTIVE

    @property
    def is_hidden(self) -> bool:
        return self.hidden_until is not None and self.hidden_until > timezone.now()

    @property
    def has_capacity(self) -> bool:
        return self.load < self.load_cap

    @property
    def is_label_over(self) -> bool:
        return self.kind_until is not None and self.kind_until < timezone.localdate()

    @property
    def tier_today(self) -> int:
        """A check that has run out is none, from the first minute."""
        until = self.safeguarding_until
        is_over = until is not None and until < timezone.localdate()
        return 0 if is_over else self.safeguarding_tier

    def audience_of(self, field: str) -> str:
        """Who sees it today."""
        if field == "kind" and self.is_label_over:
            return Audience.PRIVATE
        return str(self.audience.get(field, DEFAULT_AUDIENCE[field]))


class ProfileSkill(models.Model):
    """A skill of `profiles.taxonomy` with a level of .8, .9 or 1."""

    class Level(models.IntegerChoices):
        BEGINNING = 8, _("Beginning")
        CONFIDENT = 9, _("Confident")
        EXPERT = 10, _("Expert")

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="skills"
    )
    skill = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(
        choices=Level.choices, default=Level.CONFIDENT
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "skill"], name="profile_skill_once"
            )
        ]


class ProfileView(models.Model):
    """Who looked at whom, once a day: the budget, and "who saw me"."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views_made"
    )
    subject = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="views_received"
    )
    day = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "subject", "day"], name="profile_view_once_a_day"
            )
        ]
