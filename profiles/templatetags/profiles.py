"""How the texts that people agree to are set: paragraphs, headings, lists, no HTML."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def readable(value: object) -> str | SafeString:
    """A value that its room has put in words, in the export."""
    if value is None or value in ("", [], {}, ()):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        pairs = [(name, readable(each)) for name, each in value.items()]
        row = '<div><dt>{}</dt><dd dir="auto">{}</dd></div>'
        return format_html("<dl>{}</dl>", format_html_join("", row, pairs))
    if isinstance(value, list | tuple):
        return format_html_join(", ", "{}", [(readable(each),) for each in value])
    return format_html_join(
        mark_safe("<br>"), "{}", [(line,) for line in str(value).splitlines()]
    )


@register.filter
def plain_prose(text: str) -> SafeString:
    """`## ` begins a heading, `- ` a point of a list; everything else is escaped."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    # each part is escaped before its tag is put around it
    return mark_safe("".join(block_html(block.strip()) for block in blocks))


def block_html(block: str) -> str:
    heading, _, rest = block.partition("\n")
    if heading.startswith("## "):
        title = f"<h3>{conditional_escape(heading[3:])}</h3>"
        return title + (block_html(rest.strip()) if rest.strip() else "")
    lines = block.splitlines()
    listed = [line[2:] for line in lines if line.startswith("- ")]
    if listed and len(listed) == len(lines):
        points = "".join(f"<li>{conditional_escape(line)}</li>" for line in listed)
        return f"<ul>{points}</ul>"
    if listed:
        first = next(i for i, line in enumerate(lines) if line.startswith("- "))
        if all(line.startswith("- ") for line in lines[first:]):
            head = block_html("\n".join(lines[:first]))
            return head + block_html("\n".join(lines[first:]))
    return f"<p>{conditional_escape(block)}</p>"
