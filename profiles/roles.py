"""What members offer to be for others, apart from their skills."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleOffered(TextChoices):
    MENTOR = "mentor", _("Mentor somebody")
    SPEAK = "speak", _("Speak to a group")
    ADVISE = "advise", _("Advise a project")
    TRAIN = "train", _("Train practitioners")
    INTERVIEW = "interview", _("Be interviewed")


def labels(values: Collection[str]) -> tuple[str, ...]:
    return tuple(str(role.label) for role in RoleOffered if role.value in values)
