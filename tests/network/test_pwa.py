"""What a browser installs and keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from network.pwa import KEPT_FILES

pytestmark = pytest.mark.django_db


def facts_of(client: Client, query: str = "") -> dict[str, Any]:
    text = client.get(f"/sw.js{query}").content.decode()
    found: dict[str, Any] = json.loads(text.split("self.waymark = ")[1].split(";\n")[0])
    return found


def test_manifest_is_neutral_and_its_icons_exist(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == "Waymark"
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))


def test_worker_keeps_static_files_and_the_offline_page_alone(client: Client) -> None:
    facts = facts_of(client)
    assert facts["offline"] == "/offline/"
    assert facts["prefix"] == settings.STATIC_URL
    for name in KEPT_FILES:
        assert finders.find(name)
    assert client.get("/sw.js")["Cache-Control"] == "no-cache"


def test_worker_has_the_words_of_a_push_before_it_comes(client: Client) -> None:
    push = facts_of(client)["push"]
    assert push["title"] == "Waymark"
    assert push["body"] == "There is something new for you"
    assert (push["page"], push["lang"], push["dir"]) == ("/me/notices/", "en", "ltr")
    assert finders.find(push["icon"].removeprefix(settings.STATIC_URL))
    assert facts_of(client, "?language=xx")["push"] == push
    arabic = facts_of(client, "?language=ar")["push"]
    assert arabic["body"] == "هناك جديد لك"
    assert (arabic["page"], arabic["dir"]) == ("/ar/me/notices/", "rtl")


def test_each_page_has_the_worker_of_its_language(client: Client) -> None:
    for path, language in (("/stories/", "en"), ("/ar/stories/", "ar")):
        page = client.get(path).content.decode()
        assert f'data-worker="/sw.js?language={language}"' in page


def test_worker_knows_each_way_to_leave(client: Client) -> None:
    leaving = facts_of(client)["leaving"]
    assert {"/exit/", "/accounts/logout/", "/ar/accounts/logout/"} <= set(leaving)


def test_worker_reads_nothing_out_of_a_push() -> None:
    source = (
        Path(settings.BASE_DIR) / "network/static/network/js/worker.js"
    ).read_text()
    assert "event.data" not in source


def test_worker_stores_no_page() -> None:
    source = (
        Path(settings.BASE_DIR) / "network/static/network/js/worker.js"
    ).read_text()
    page = source.split("async function page")[1].split("}")[0]
    assert "put" not in page
    assert "keep(" not in page


def test_art_is_kept_for_ever_and_unknown_kinds_are_missing(client: Client) -> None:
    picture = client.get("/art/cairn/abc.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "immutable" in picture["Cache-Control"]
    assert picture.content == client.get("/art/cairn/abc.svg").content
    assert client.get("/art/face/abc.svg").status_code == 404


def test_search_engines_are_told_where_nobody_need_look(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /messages/" in lines
    assert "Disallow: /ar/people/" in lines
    assert not {"Disallow: /", "Disallow: /stories/"} & set(lines)


def test_no_engine_keeps_a_copy_of_what_may_be_withdrawn(client: Client) -> None:
    for path in ("/", "/stories/", "/library/", "/ar/"):
        assert b"noarchive" in client.get(path).content, path


def test_an_icon_is_there_for_those_who_ask_without_a_page(client: Client) -> None:
    icon = client.get("/favicon.ico")
    assert finders.find(icon["Location"].removeprefix(settings.STATIC_URL))
