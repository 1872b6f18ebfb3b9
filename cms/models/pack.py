from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page

from cms.placing import FixedForm
from network.models import BaseModel


class PackIndexPage(Page):
    """Holds the packs; the list itself is `search:library`."""

    base_form_class = FixedForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PackPage"]
    max_count_per_parent = 1


class PackPage(Page):
    """A lesson pack. Its ZIP is built when it is published (`cms.packs`)."""

    language = models.CharField(max_length=12, default="en")
    subject = models.CharField(max_length=60)
    age_from = models.PositiveSmallIntegerField(default=12)
    age_to = models.PositiveSmallIntegerField(default=16)
    lessons = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=50)
    formats = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    summary = models.CharField(max_length=240)
    licence = models.CharField(max_length=60, default="CC BY-NC-SA 4.0")
    aims = models.JSONField(default=list, blank=True)
    materials = models.JSONField(default=list, blank=True)
    curriculum = models.JSONField(default=list, blank=True)
    before_you_teach = models.TextField()
    # [{"title", "minutes", "text"}], exercises without minutes; with "stories", slugs,
    # where one cannot be done without them
    phases = models.JSONField(default=list, blank=True)
    exercises = models.JSONField(default=list, blank=True)
    pupils_sheet = models.TextField(blank=True)
    teacher_notes = models.TextField(blank=True)
    talking_points = models.JSONField(default=list, blank=True)

    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.PackIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("language"),
        FieldPanel("subject"),
        FieldPanel("age_from"),
        FieldPanel("age_to"),
        FieldPanel("lessons"),
        FieldPanel("minutes"),
        FieldPanel("aims"),
        FieldPanel("before_you_teach"),
        FieldPanel("phases"),
        FieldPanel("exercises"),
        FieldPanel("pupils_sheet"),
        FieldPanel("teacher_notes"),
        InlinePanel("stories", label=_("Stories")),
    ]


class PackPageStory(Orderable):
    """A story that a pack is built on. It falls out when the story is withdrawn."""

    pack = ParentalKey(PackPage, on_delete=models.CASCADE, related_name="stories")
    story = models.ForeignKey(
        "cms.StoryPage", on_delete=models.CASCADE, related_name="packs"
    )

    panels = [FieldPanel("story")]


class PackBuild(BaseModel):
    """One built ZIP with its manifest and checksums. The newest of a pack is served."""

    pack = models.ForeignKey(PackPage, on_delete=models.CASCADE, related_name="builds")
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to="packs/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    manifest = models.JSONField(default=dict)
    fingerprint = models.CharField(
        max_length=64, default=""
    )  # of what it was built from
    is_stale = models.BooleanField(default=False)  # a story in it was withdrawn
    withdrawn_stories = models.JSONField(
        default=list, blank=True
    )  # days on which one fell out
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "number"], name="pack_build_number_once"
            )
        ]
