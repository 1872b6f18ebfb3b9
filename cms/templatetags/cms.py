"""The words of `cms.labels`, and in which language they stand."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms import labels
from cms.models import StoryPage

register = template.Library()
register.filter(labels.subject_label)
register.filter(labels.approach_label)
register.filter(labels.audience_label)


@register.filter
def day_of(iso: str) -> date:
    return date.fromisoformat(iso)


@register.simple_tag
def region(story: StoryPage) -> SafeString:
    """Where a story is from: the reader's word for it, else its author's own."""
    known = labels.region_label(story.region)
    language = get_language() if known else story.language
    return format_html('<bdi lang="{}">{}</bdi>', language, known or story.region)
