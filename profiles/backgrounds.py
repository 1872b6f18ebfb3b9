"""Forms of extremism that a person can know at first hand, as far as a peer has to."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Background(TextChoices):
    FAR_RIGHT = "far-right", _("Far-right")
    JIHADIST = "jihadist", _("Jihadist")
    FAR_LEFT = "far-left", _("Far-left")
    SEPARATIST = "separatist", _("Separatist or nationalist")
    SECTARIAN = "sectarian", _("Between religious or ethnic groups")
    GANG = "gang", _("Gang or organised crime")
    MISOGYNIST = "misogynist", _("Hatred of women")
    STATE = "state", _("By a state or a militia")
    OTHER = "other", _("Another one")


def labels(values: Collection[str]) -> list[str]:
    return [str(one.label) for one in Background if one.value in values]
