"""The base's templates: all compile, keep the rules, and say the same to everybody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site_settings
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from moderation.models import Report
from network.styleguide import SampleForm, wrong_form

ROOT = Path(site_settings.BASE_DIR)
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
IN_MAIL = "/mail/"


def named(path: Path) -> str:
    return path.relative_to(
        next(p for p in path.parents if p.name == "templates")
    ).as_posix()


def without_comments(text: str) -> str:
    return re.sub(r"{% comment %}.*?{% endcomment %}|<!--.*?-->", "", text, flags=re.S)


def test_every_template_compiles() -> None:
    for path in TEMPLATES:
        get_template(named(path))  # raises with the template's name and line


def test_no_style_or_script_stands_in_a_page() -> None:
    inline = r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']"
    for path in PAGES:
        if IN_MAIL in path.as_posix():
            continue
        text = without_comments(path.read_text())
        assert not re.search(inline, text), path
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in tag or "application/json" in tag, path


def test_every_icon_that_is_named_stands_in_the_sprite() -> None:
    sprite = (ROOT / "network/static/network/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = set()
    for path in PAGES:
        text = path.read_text()
        used |= set(re.findall(r'<c-icon\b[^>]*?\sname="([a-z0-9-]+)"', text))
        used |= set(re.findall(r'\s(?:icon|icon_end|badge_icon)="([a-z0-9-]+)"', text))
    assert used
    assert used <= known


@pytest.mark.parametrize("layout", ["", "wizard", "staff", "inbox"])
@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.django_db
def test_styleguide_shows_every_component(
    client: Client, settings: Any, layout: str, lang: str
) -> None:
    settings.DEBUG = True
    page = client.get("/styleguide/", {"layout": layout, "lang": lang})
    direction = "rtl" if lang == "ar" else "ltr"
    assert page.status_code == 200
    assert f'<html lang="{lang}" dir="{direction}">' in page.content.decode()
    assert "<c-" not in page.content.decode()


def test_each_component_stands_in_the_styleguide() -> None:
    guide = "".join(path.read_text() for path in PAGES if "styleguide" in path.name)
    guide += "".join(
        path.read_text()
        for path in PAGES
        if path.parent.name in {"components", "layouts"}
    )
    for path in (ROOT / "network/templates/cotton").glob("*.html"):
        name = path.stem.replace("_", "-")
        nested = any(
            f"<c-{name}" in other.read_text()
            for other in (ROOT / "network/templates/cotton").glob("*.html")
        )
        assert f"<c-{name}" in guide or nested, name


@pytest.mark.django_db
def test_styleguide_is_missing_outside_debug(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404


def test_missing_page_is_the_same_in_every_language_and_holds_nothing() -> None:
    bodies = set()
    for code, _name in site_settings.LANGUAGES:
        with translation.override(code):
            bodies.add(render_to_string("404.html"))
    (body,) = bodies
    assert not re.search(r"<form|<input|nonce|csrf|token", body)


def test_server_error_page_needs_nothing() -> None:
    source = (ROOT / "network/templates/500.html").read_text()
    assert "{%" not in source
    assert "{{" not in source
    assert render_to_string("500.html") == source


def field_html(name: str, form: SampleForm) -> str:
    return render_to_string("components/field.html", {"field": form[name]})


def test_hint_and_error_belong_to_their_control() -> None:
    html = field_html("email", wrong_form())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="wrong_email_helptext wrong_email_error"' in html
    assert 'id="wrong_email_helptext"' in html
    assert 'id="wrong_email_error"' in html
    assert html.index("wrong_email_error") < html.index("<input")


def test_a_group_of_choices_has_a_legend_and_its_summary_link_leads_there() -> None:
    form = wrong_form()
    assert "<legend>" in field_html("role", form)
    summary = render_to_string("components/form.html", {"form": form})
    assert 'href="#wrong_role_0"' in summary
    assert 'id="wrong_role_0"' in field_html("role", form)


def test_optional_fields_say_so() -> None:
    assert "optional" in field_html("about", SampleForm())
    assert "optional" not in field_html("town", SampleForm())


@pytest.mark.django_db
def test_a_reader_gets_no_cookie(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    assert not client.get("/styleguide/", {"layout": "staff"}).cookies


def test_mail_names_nobody_and_shows_its_link() -> None:
    context = {"site_name": "Waymark", "url": "https://waymark.example/x"}
    for kind in ("txt", "html"):
        body = render_to_string(f"mail/something_for_you.{kind}", context)
        assert context["url"] in body
    assert "\n" not in render_to_string("mail/something_for_you.subject.txt").strip()


def test_refusal_tells_why(rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    html = render_to_string("403.html", {"message": "You are not in this project."})
    assert "You are not in this project." in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/in-danger/", "/ar/in-danger/", "/accounts/login/"])
def test_what_is_too_large_is_refused_with_words_and_stores_nothing(path: str) -> None:
    words = "a" * (site_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = Client().post(path, {"words": words, "uuid": str(uuid4())})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "your text still stands there" in text
    assert "نصّك ما زال هناك" in text
    assert not Report.objects.exists()
