"""What every page knows of the person who reads it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from network import context, parts
from tests.cast import Cast


def page(rf: RequestFactory, path: str, person: Any = None) -> Any:
    request = rf.get(path)
    request.user = person or AnonymousUser()
    return request


def test_a_guest_sees_sign_in_and_no_tabs(rf: RequestFactory) -> None:
    request = page(rf, "/")
    (link,) = context.account_links(request)
    assert link.url == "/accounts/login/"
    assert context.tab_links(request) == []
    assert context.text_links()[-1].url == "/complaints/"


def test_one_link_is_current_even_where_paths_nest(rf: RequestFactory) -> None:
    named = [("account_login", "In", ""), ("account_reset_password", "Reset", "")]
    nested = [*named, ("mfa_index", "Factor", ""), ("mfa_activate_totp", "App", "")]
    shown = context.links(page(rf, "/accounts/2fa/totp/activate/"), nested)
    assert [link.label for link in shown if link.is_current] == ["App"]


def test_a_link_without_a_room_is_left_out(rf: RequestFactory) -> None:
    assert context.links(page(rf, "/"), [("nowhere:list", "Nowhere", "")]) == []


def test_the_same_page_in_another_language_keeps_its_filters(
    rf: RequestFactory,
) -> None:
    shown = context.language_links(page(rf, "/accounts/login/?next=/x/"))
    urls = {link.code: link.url for link in shown}
    assert urls["ar"] == "/ar/accounts/login/?next=/x/"
    request = page(rf, "/one/")
    request.language_urls = {"ar": "/ar/two/"}
    assert context.language_links(request)[1].url == "/ar/two/"


@pytest.mark.django_db
def test_counts_are_the_persons_own(rf: RequestFactory, cast: Cast) -> None:
    before = parts.tab_counts.get("account_login")
    parts.tab_counts.register("account_login", lambda person: 4)
    try:
        named = [("account_login", "In", "")]
        assert context.links(page(rf, "/", cast.former), named)[0].count == 4
        assert context.links(page(rf, "/"), named)[0].count == 0
    finally:
        parts.tab_counts.register("account_login", before or (lambda person: 0))


@pytest.mark.django_db
def test_the_desk_shows_each_role_what_it_finds(rf: RequestFactory, cast: Cast) -> None:
    def labels(person: Any) -> set[str]:
        return {str(link.label) for link in context.desk_links(page(rf, "/", person))}

    assert labels(cast.former) == set()
    assert "Reports" in labels(cast.moderator)
    assert "Reports" not in labels(cast.vetter)


def test_public_texts_follow_the_language(rf: RequestFactory) -> None:
    with translation.override("fr"):
        assert context.text_links()[-1].url == "/fr/complaints/"
