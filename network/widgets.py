"""Form controls of our own: the type-ahead and the grid of a week."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LabelOf = Callable[[str], str | None]


_BETWEEN = re.compile(r"[,;،؛\n]+")  # what people type between two answers


def parts_of(text: str) -> list[str]:
    """The parts of what a type-ahead sent: ids that were chosen, and typed words."""
    return [part for raw in _BETWEEN.split(text) if (part := raw.strip())]


class TypeAhead(forms.TextInput):
    """A text field that offers what `suggest` (a URL name) finds.

    Its value is one text with commas between: ids of what was chosen from the list and
    words as they were typed (all there is without JavaScript); read it with `parts_of`.
    `label_of` tells what to show for an id, None for what is no id. Without `multiple`
    the whole text is one part. The URL answers `?q=&language=` with
    `{"results": [{"id": str, "label": str, "hint": str}]}`; ids hold no comma.
    """

    template_name = "components/typeahead.html"

    def __init__(
        self,
        *,
        suggest: str,
        label_of: LabelOf,
        multiple: bool = True,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.suggest, self.label_of, self.multiple = suggest, label_of, multiple

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> str | None:
        if name not in data:
            return None
        values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
        return ", ".join(text for value in values if (text := str(value).strip()))

    def format_value(self, value: Any) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(str(part) for part in value)
        return "" if value is None else str(value)

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text = self.format_value(value)
        parts = parts_of(text) if self.multiple else [text.strip()] if text else []
        labelled = [(part, self.label_of(part)) for part in parts]
        chosen = [{"id": part, "label": label} for part, label in labelled if label]
        widget = context["widget"]
        widget["value"] = ", ".join(label or part for part, label in labelled)
        widget["attrs"] |= self._data(chosen)
        if chosen:
            rest = [part for part, label in labelled if not label]
            widget["attrs"]["data-rest"] = ", ".join(rest)
        return context

    def _data(self, chosen: list[dict[str, str]]) -> dict[str, Any]:
        words = {
            "remove": _("Remove {label}"),
            "none": _("Nothing found. You can keep what you typed."),
            "count": _("{n} suggestions. Use the arrow keys to choose."),
        }
        attrs: dict[str, Any] = {
            "data-suggest": reverse(self.suggest),
            "data-words": json.dumps(words, ensure_ascii=False),
            "autocomplete": "off",
        }
        if self.multiple:
            attrs["data-multiple"] = True
        if chosen:
            attrs["data-chosen"] = json.dumps(chosen, ensure_ascii=False)
        return attrs


DAYS = (
    ("mon", gettext_lazy("Monday")),
    ("tue", gettext_lazy("Tuesday")),
    ("wed", gettext_lazy("Wednesday")),
    ("thu", gettext_lazy("Thursday")),
    ("fri", gettext_lazy("Friday")),
    ("sat", gettext_lazy("Saturday")),
    ("sun", gettext_lazy("Sunday")),
)
PARTS_OF_DAY = (
    ("am", gettext_lazy("Morning")),
    ("pm", gettext_lazy("Afternoon")),
    ("eve", gettext_lazy("Evening")),
)
SLOTS = tuple(f"{day}-{part}" for day, _day in DAYS for part, _part in PARTS_OF_DAY)


def slot_choices() -> list[tuple[str, str]]:
    """Each slot with a name that stands alone, for `MultipleChoiceField`."""
    return [
        (f"{day}-{part}", f"{day_name}, {part_name}")
        for day, day_name in DAYS
        for part, part_name in PARTS_OF_DAY
    ]


class WeekGrid(forms.CheckboxSelectMultiple):
    """Seven days by three parts of the day; the choices must be `slot_choices`."""

    template_name = "components/week.html"

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = [
            box
            for _group, options, _i in context["widget"]["optgroups"]
            for box in options
        ]
        context["parts_of_day"] = [label for _part, label in PARTS_OF_DAY]
        context["days"] = list(self._rows(boxes))
        return context

    @staticmethod
    def _rows(
        boxes: list[dict[str, Any]],
    ) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        by_slot = {str(box["value"]): box for box in boxes}
        for day, label in DAYS:
            slots = [f"{day}-{part}" for part, _part in PARTS_OF_DAY]
            yield label, [by_slot[slot] for slot in slots if slot in by_slot]
