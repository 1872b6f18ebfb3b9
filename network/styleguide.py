"""/styleguide/: every component in every state. Debug only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from network.access import NotFound
from network.context import DARK_MEDIA, Link
from network.models.user import Theme
from network.widgets import TypeAhead, WeekGrid, slot_choices
from network.words import WordsField

SKILLS = {"skill:interpreting": "Interpreting", "skill:mentoring": "Mentoring"}
LONG = (
    "An answer that goes on for longer than anybody planned, with a word such as "
    "Deradikalisierungsmaßnahmenverantwortliche in the middle of it"
)


class SampleForm(forms.Form):
    interests = forms.CharField(
        label="What you can do and what you care about",
        help_text="Type a few letters and choose, or write words with commas between.",
        widget=TypeAhead(suggest="network:country", label_of=SKILLS.get),
    )
    town = forms.CharField(label="Town", max_length=80)
    email = forms.EmailField(
        label="E-mail", help_text="Only to write to you. Nobody sees it."
    )
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES)
    about = WordsField(label="In your own words", rows=4, required=False)
    role = forms.ChoiceField(
        label="How would you like to be seen?",
        widget=forms.RadioSelect,
        choices=[("former", "Former"), ("survivor", "Survivor"), ("neither", LONG)],
    )
    helps = forms.MultipleChoiceField(
        label="Ways to help",
        widget=forms.CheckboxSelectMultiple,
        choices=[("teach", "Teach or mentor"), ("room", "A room or transport")],
        required=False,
    )
    when = forms.MultipleChoiceField(
        label="When you are free",
        widget=WeekGrid,
        choices=slot_choices,
        required=False,
    )
    photo = forms.FileField(label="A picture", required=False)
    fixed = forms.CharField(label="Your number", disabled=True, initial="W-2041")
    consent = forms.BooleanField(label="I am 18 or over and agree to the terms")


def wrong_form() -> SampleForm:
    """The same form after it was sent with mistakes."""
    form = SampleForm(
        {
            "interests": "skill:mentoring, gardening",
            "email": "sara@",
            "about": LONG,
            "role": "",
        },
        auto_id="wrong_%s",
    )
    form.add_error(None, "We could not save this. Nothing was lost.")
    return form


def sample_facts() -> list[dict[str, str]]:
    return [
        {"icon": "users", "label": "Ages", "value": "14–16"},
        {"icon": "clock", "label": "Length", "value": "2 × 50 min"},
        {"icon": "languages", "label": "Languages", "value": "6 languages"},
        {"icon": "file-text", "label": "Includes", "value": "Plan, slides, 3 films"},
    ]


def sample_steps() -> list[dict[str, str]]:
    return [
        {"label": "Application sent", "state": "done", "detail": "3 November"},
        {
            "label": "A conversation with you",
            "state": "now",
            "detail": "Miriam writes to you within 7 days.",
        },
        {"label": "Two people decide", "state": "", "detail": ""},
    ]


def sample_links() -> list[Link]:
    return [
        Link("Overview", "#overview", is_current=True),
        Link("Needs", "#needs", count=3),
        Link("People", "#people"),
    ]


def sample_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "form": SampleForm(
            initial={
                "interests": ["skill:interpreting", "skill:mentoring"],
                "language": "en",
                "when": ["mon-eve", "sat-am"],
            }
        ),
        "wrong": wrong_form(),
        "single": SampleForm(auto_id="single_%s"),
        "facts": sample_facts(),
        "track": sample_steps(),
        "links": sample_links(),
        "page": Paginator(range(200), 20).page(3),
        "reasons": [
            "Speaks Swedish and Arabic, which you asked for",
            "Has mentored 14 to 18 year-olds, 11 references",
            "Free on Tuesday evenings from December",
        ],
        "lacks": ["Lives 40 km away"],
        "long": LONG,
        "heading": _("Stories"),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """`?lang=ar` and `?theme=dark` show it in another language and light."""
    if not settings.DEBUG:
        raise NotFound
    lang = request.GET.get("lang", "")
    context = sample_context(request)
    theme = request.GET.get("theme", "")
    if theme in Theme.values:
        context |= {"theme": theme, "dark_media": DARK_MEDIA[Theme(theme)]}
    language = lang if lang in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    page = request.GET.get("layout", "")
    names = {"wizard", "staff", "inbox"}
    template = f"network/styleguide_{page if page in names else 'all'}.html"
    with translation.override(language):
        return render(request, template, context)
