"""Filters in the address: chosen, unchosen, and in words."""

from __future__ import annotations

from django import template
from django.template.context import Context

from search import labels

register = template.Library()


@register.simple_tag(takes_context=True)
def toggled(context: Context, name: str, value: str) -> str:
    """The same list with one value chosen, or no longer; on its first page."""
    query = context["request"].GET.copy()
    values = query.getlist(name)
    rest = [other for other in values if other != value]
    query.setlist(name, rest if value in values else [*values, value])
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def asked_again(context: Context, text: str) -> str:
    """The same list for another question."""
    query = context["request"].GET.copy()
    query["q"] = text
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def without(context: Context, name: str) -> str:
    """The same list on its first page, not asking for this."""
    query = context["request"].GET.copy()
    for gone in (name, "page"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"


@register.simple_tag
def facet_title(name: str) -> str:
    return labels.facet_title(name)


@register.simple_tag
def facet_value(name: str, value: str) -> str:
    return labels.value_label(name, value)
