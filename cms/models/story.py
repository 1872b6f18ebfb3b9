from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.placing import FixedForm
from network.fields import EncryptedJSONField, EncryptedTextField
from network.models import BaseModel


def start_of_day() -> datetime:
    """Of today, UTC. The minute in which a page was made would lead, by the audit log,
    to the story's row and its author."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


class Medium(models.TextChoices):
    TEXT = "text", _("Text")
    AUDIO = "audio", _("Audio")
    VIDEO = "video", _("Video")


class Use(models.TextChoices):
    """What a story may be used for; each is agreed to separately."""

    SITE = "site", _("On this site")
    CLASSROOM = "classroom", _("In the classroom")
    DOWNLOAD = "download", _("As a download, also in lesson packs")
    TRANSLATION = "translation", _("In translation")
    PRESS = "press", _("For the press, after asking me again each time")


class Story(BaseModel):
    """A story in the making: the author's, encrypted, outside the page tree.

    Its page is made only from `agreed`, by the service account, and carries nothing
    that leads here: the way from row to page (`page_key`) is encrypted too.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        RESTING = "resting", _("Resting for a day")
        IN_REVIEW = "in-review", _("With an editor")
        AUTHOR = "author", _("Waiting for your yes")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stories"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    draft = EncryptedJSONField(default=dict)  # the fields of StoryPage, as written
    agreed = EncryptedJSONField(default=dict)  # the version the author agreed to
    page_key = EncryptedTextField(blank=True, default="")  # StoryPage.public_key
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    rests_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class DatedByDay(BaseModel):
    created_at = models.DateTimeField(default=start_of_day, editable=False)

    class Meta:
        abstract = True


class StoryTombstone(DatedByDay):
    """That something stood at this path and was withdrawn: it answers 410 Gone."""

    path = models.CharField(max_length=300, unique=True)
    page_key = models.UUIDField(unique=True)


class FileTombstone(DatedByDay):
    """That a file with this key was withdrawn with its story: it answers 410 Gone."""


class StoryIndexPage(Page):
    """Holds the stories; the list itself is `search:stories`."""

    base_form_class = FixedForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]
    max_count_per_parent = 1


class StoryPage(Page):
    """A published story. Written only by `cms.actions.stories`."""

    public_key = models.UUIDField(default=uuid.uuid4, editable=False)
    pseudonym = models.CharField(max_length=60)
    kind = models.CharField(
        max_length=8,
        choices=[("former", _("Former")), ("survivor", _("Survivor"))],
    )
    region = models.CharField(max_length=80)
    background = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12)
    medium = models.CharField(max_length=5, choices=Medium.choices, default=Medium.TEXT)
    minutes = models.PositiveSmallIntegerField(default=5)
    summary = models.CharField(max_length=240)
    mentions = models.CharField(max_length=400)
    themes = models.JSONField(default=list, blank=True)
    body = models.TextField()  # paragraphs; of audio and video the transcript
    pull_quote = models.CharField(max_length=300, blank=True)
    voice_note = models.CharField(max_length=300, blank=True)
    uses = models.JSONField(
        default=list, blank=True
    )  # values of Use that the author agreed to
    consent_until = models.DateField(null=True, blank=True)  # empty: until withdrawn
    consent_text = models.PositiveIntegerField(
        null=True, blank=True
    )  # number of the text

    is_creatable = False
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        *(
            FieldPanel(name, read_only=True)
            for name in ("pseudonym", "kind", "language", "summary", "mentions", "body")
        ),
    ]


def story_file_path(row: StoryFile, name: str) -> str:
    return f"stories/{uuid.uuid4().hex}.{name.rsplit('.', 1)[-1]}"


class StoryFile(DatedByDay):
    """A rebuilt file of a published story, served by a view that checks the story."""

    class Role(models.TextChoices):
        AUDIO = "audio"
        VIDEO = "video"
        CAPTIONS = "captions"

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=8, choices=Role.choices)
    file = models.FileField(upload_to=story_file_path)
    content_type = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    duration = models.FloatField(null=True, blank=True)  # seconds
