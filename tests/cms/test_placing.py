"""Where editors may put a page, and which texts they cannot take away."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms import tree
from cms.models import StandardPage, StoryIndexPage
from cms.placing import LINKED_SLUGS
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

WORDS = {"summary": "", "body": "Words.", "text_version": "", "updated": ""}


@pytest.fixture
def editor(cast: Cast) -> Client:
    return client_of(cast.editor)


def put_text(slug: str, language: str = "en") -> StandardPage:
    page = StandardPage(title="A text", slug=slug, body="Words.")
    tree.home(language).add_child(instance=page)
    return page


def add(editor: Client, slug: str, language: str = "en") -> Any:
    home = tree.home(language)
    return editor.post(
        reverse("wagtailadmin_pages:add", args=("cms", "standardpage", home.pk)),
        {"title": "A text", "slug": slug, **WORDS, "action-publish": "1"},
    )


@pytest.mark.parametrize(
    ("slug", "language"),
    [
        ("people", "en"),
        ("join", "ar"),
        ("me", "en"),
        ("health", "en"),
        ("static", "en"),
        ("files", "en"),
        ("ar", "en"),
    ],
)
def test_no_page_is_put_where_something_else_answers(
    editor: Client, slug: str, language: str
) -> None:
    answer = add(editor, slug, language)
    assert answer.status_code == 200
    assert "Something else of this site" in answer.content.decode()
    assert not StandardPage.objects.filter(slug=slug).exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_any_other_address_is_free(editor: Client, language: str) -> None:
    assert add(editor, "our-history", language).status_code == 302
    assert StandardPage.objects.live().filter(slug="our-history").exists()


def test_a_page_is_neither_renamed_copied_nor_moved_there(editor: Client) -> None:
    page = put_text("our-history")
    below = StandardPage(title="People", slug="people", body="Words.")
    page.add_child(instance=below)
    edit = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    editor.post(edit, {"title": "A text", "slug": "join", **WORDS})
    copied = {
        "new_title": "A copy",
        "new_slug": "join",
        "new_parent_page": tree.home("en").pk,
    }
    editor.post(reverse("wagtailadmin_pages:copy", args=(page.pk,)), copied)
    move = reverse(
        "wagtailadmin_pages:move_confirm", args=(below.pk, tree.home("en").pk)
    )
    editor.post(move)
    page.refresh_from_db()
    assert (page.slug, page.get_latest_revision()) == ("our-history", None)
    assert not Page.objects.filter(slug="join").exists()
    assert Page.objects.get(pk=below.pk).get_parent().pk == page.pk


def taken_away(editor: Client, page: Page) -> None:
    """Every way that Wagtail offers."""
    for name in ("unpublish", "delete"):
        editor.post(reverse(f"wagtailadmin_pages:{name}", args=(page.pk,)))
        bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", name))
        editor.post(f"{bulk}?id={page.pk}&next=/cms/")
    edit = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    renamed = {"title": page.title, "slug": "elsewhere", **WORDS, "action-publish": "1"}
    editor.post(edit, renamed)


@pytest.mark.parametrize("slug", sorted(LINKED_SLUGS))
def test_what_the_foot_of_every_page_leads_to_stays(editor: Client, slug: str) -> None:
    page = put_text(slug)
    taken_away(editor, page)
    kept = StandardPage.objects.get(pk=page.pk)
    assert (kept.live, kept.slug) == (True, slug)


def test_the_pages_that_hold_others_stay(editor: Client) -> None:
    page = tree.index(StoryIndexPage, "en")
    taken_away(editor, page)
    kept = StoryIndexPage.objects.get(pk=page.pk)
    assert (kept.live, kept.slug) == (True, "stories")


def test_another_text_is_taken_away(editor: Client) -> None:
    page = put_text("our-history")
    editor.post(reverse("wagtailadmin_pages:unpublish", args=(page.pk,)))
    assert not StandardPage.objects.get(pk=page.pk).live
