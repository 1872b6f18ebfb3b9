"""Template tags of the base: art, forms, and small facts a template cannot find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from network.art import public_seed
from network.countries import country_name as name_of_country
from network.countries import country_within as name_within
from network.devices import device_name as name_of_device
from network.models import Helpline
from network.widgets import WeekGrid
from network.words import in_a_row, isolated

register = template.Library()


@register.simple_tag
def horizon(object_id: object) -> str:
    """The address of a wide picture of one thing, always the same."""
    return _art("horizon", object_id)


@register.simple_tag
def cairn(object_id: object) -> str:
    """The address of a small square picture of one person, always the same."""
    return _art("cairn", object_id)


def _art(kind: str, object_id: object) -> str:
    return reverse("network:art", args=[kind, public_seed(object_id, kind=kind)])


@register.simple_tag
def exit_url() -> str:
    return str(settings.QUICK_EXIT_URL)


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, number: int) -> str:
    """The same list with another page; every filter in the address is kept."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query[name] = str(number)
    return f"?{query.urlencode()}"


register.filter("isolated", isolated)


@register.filter
def device_name(user_agent: str) -> str:
    return name_of_device(user_agent)


@register.filter
def country_name(code: str) -> str:
    return name_of_country(code) if code else ""


@register.filter
def listed(words: Iterable[object]) -> str:
    return in_a_row(words)


@register.filter
def country_within(code: str) -> str:
    """As it stands after "in" within a sentence."""
    return name_within(code) if code else ""


@register.simple_tag
def line_words(line: Helpline, field: str) -> SafeString:
    """The name, hours or note of a helpline in the reader's language. Without a
    translation a name is left as it is, and the rest is staff's own English."""
    language = get_language() or settings.LANGUAGE_CODE
    found = line.translated(field, language)
    if field == "name" and not found:
        return format_html("<bdi>{}</bdi>", line.name)
    if not found:
        language, found = settings.LANGUAGE_CODE, getattr(line, field)
    return format_html('<bdi lang="{}">{}</bdi>', language, found)


@register.inclusion_tag("components/form.html")
def render_form(form: forms.BaseForm) -> dict[str, Any]:
    """The error summary and every field; the form tag and buttons are the page's."""
    return {"form": form}


@register.filter
def kind(field: BoundField) -> str:
    """Which of the ways of showing a field fits its control."""
    widget = field.field.widget
    if isinstance(widget, WeekGrid):
        return "week"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "text"


@register.filter
def hinted(field: BoundField, hint: str) -> BoundField:
    """The field with a hint of the page's own, which its control then points to."""
    if hint:
        field.help_text = hint
    return field


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the control that an error summary leads to."""
    if kind(field) == "choices":
        return f"{field.auto_id}_0"
    if kind(field) == "week":
        return field.auto_id
    return field.id_for_label


@register.filter
def error_count(form: forms.BaseForm) -> int:
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def up_to(number: object) -> range:
    """1 to `number`, for drawing steps and meters; nothing for what is no number."""
    return range(1, int(str(number)) + 1) if str(number).strip().isdigit() else range(0)


@register.filter
def at_least(number: object, other: object) -> bool:
    """Compares numbers that reach a component as text."""
    both = str(number).strip(), str(other).strip()
    return all(text.isdigit() for text in both) and int(both[0]) >= int(both[1])


class CaptureNode(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        # already escaped while it was rendered
        context[self.name] = mark_safe(self.nodelist.render(context).strip())
        return mark_safe("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """`{% capture name %}…{% endcapture %}` keeps a block's text, to use it twice."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
