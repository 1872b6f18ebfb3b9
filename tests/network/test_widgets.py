"""The type-ahead reads the same from a browser with and without JavaScript."""

from __future__ import annotations

import json
import re
from html import unescape

from django import forms
from django.http import QueryDict

from network.widgets import SLOTS, TypeAhead, WeekGrid, parts_of, slot_choices

LABELS = {"skill:mentoring": "Mentoring", "skill:driving": "Driving"}


class Form(forms.Form):
    skills = forms.CharField(
        widget=TypeAhead(suggest="network:country", label_of=LABELS.get)
    )
    town = forms.CharField(
        required=False,
        widget=TypeAhead(
            suggest="network:country",
            label_of={"2692969": "Malmö, Sweden"}.get,
            multiple=False,
        ),
    )
    slots = forms.MultipleChoiceField(
        required=False, choices=slot_choices, widget=WeekGrid
    )


def sent(text: str) -> Form:
    form = Form(QueryDict(text))
    assert form.is_valid(), form.errors
    return form


def test_words_with_commas_and_chips_arrive_alike() -> None:
    plain = sent("skills=mentoring, gardening").cleaned_data["skills"]
    chips = sent("skills=skill:mentoring&skills=gardening").cleaned_data["skills"]
    assert parts_of(plain) == ["mentoring", "gardening"]
    assert parts_of(chips) == ["skill:mentoring", "gardening"]


def test_what_was_chosen_is_shown_again_with_its_name() -> None:
    html = str(sent("skills=skill:driving&skills=gardening")["skills"])
    chosen = re.search(r'data-chosen="([^"]+)"', html)
    assert chosen
    assert json.loads(unescape(chosen[1])) == [
        {"id": "skill:driving", "label": "Driving"}
    ]
    assert 'data-rest="gardening"' in html
    assert 'value="Driving, gardening"' in html


def test_one_place_may_have_a_comma_in_its_name() -> None:
    html = str(sent("skills=a&town=2692969")["town"])
    assert 'value="Malmö, Sweden"' in html
    assert "data-multiple" not in html


def test_a_week_has_21_boxes_each_named() -> None:
    form = sent("skills=a&slots=mon-eve&slots=sun-am")
    html = str(form["slots"])
    assert len(SLOTS) == 21
    assert html.count('type="checkbox"') == 21
    assert html.count("checked") == 2
    assert "Sunday, Morning" in html
