from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.placing import FixedForm


class PracticeIndexPage(Page):
    """Holds the practices; the list itself is `search:practices`."""

    base_form_class = FixedForm
    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PracticePage"]
    max_count_per_parent = 1


class PracticePage(Page):
    """A practice of multi-agency work, in the template of the collection."""

    number = models.CharField(max_length=8, blank=True)
    summary = models.TextField()
    description = models.JSONField(default=list, blank=True)  # [{"heading", "text"}]
    approaches = models.JSONField(default=list, blank=True)
    target_audiences = models.JSONField(default=list, blank=True)
    deliverables = models.JSONField(default=list, blank=True)
    evidence = models.TextField(blank=True)
    sustainability = models.TextField(blank=True)
    geographical_scope = models.TextField(blank=True)
    start = models.CharField(max_length=200, blank=True)
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    presented = models.JSONField(default=list, blank=True)
    related_initiatives = models.TextField(blank=True)
    organisation_name = models.CharField(max_length=200)
    organisation_text = models.TextField(blank=True)
    countries = models.JSONField(default=list, blank=True)
    links = models.JSONField(default=list, blank=True)
    last_update = models.CharField(max_length=40, blank=True)

    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["cms.PracticeIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldPanel("approaches"),
        FieldPanel("target_audiences"),
        FieldPanel("deliverables"),
        FieldPanel("evidence"),
        FieldPanel("sustainability"),
        FieldPanel("geographical_scope"),
        FieldPanel("organisation_name"),
        FieldPanel("organisation_text"),
        FieldPanel("countries"),
        FieldPanel("links"),
    ]
