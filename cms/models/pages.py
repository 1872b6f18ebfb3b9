from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.placing import FixedForm, PlacedCopyForm, PlacedForm


class HomePage(Page):
    """The front page of a language. What it lists is read by `cms.views.home`."""

    lede = models.CharField(max_length=300, blank=True)

    base_form_class = FixedForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("lede")]


class StandardPage(Page):
    """A page of text: about, privacy notice, terms, limits … with its version."""

    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField()  # paragraphs, "## " headings and "- " lists
    text_version = models.CharField(max_length=20, blank=True)
    updated = models.DateField(null=True, blank=True)

    base_form_class = PlacedForm
    copy_form_class = PlacedCopyForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("text_version"),
        FieldPanel("updated"),
    ]


class AppealIndexPage(Page):
    """Holds the appeals' pages."""

    base_form_class = FixedForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.AppealPage"]
    max_count_per_parent = 1


class AppealPage(Page):
    """The public page of an appeal after an attack, in one language."""

    appeal = models.ForeignKey(
        "projects.Appeal", on_delete=models.PROTECT, related_name="pages"
    )
    intro = models.TextField()
    what_happened = models.TextField()
    what_helps = models.TextField()
    what_not_to_do = models.JSONField(default=list, blank=True)
    what_happens_next = models.TextField()

    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.AppealIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("appeal"),
        FieldPanel("intro"),
        FieldPanel("what_happened"),
        FieldPanel("what_helps"),
        FieldPanel("what_not_to_do"),
        FieldPanel("what_happens_next"),
    ]
