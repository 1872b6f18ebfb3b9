"""SAFETY, traps 1, 10 and 14: one way in, and nobody but editors behind it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import views as auth_views
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from cms import tree
from cms.views import editors
from tests.cast import PASSWORD, Cast, client_of, create_account

pytestmark = pytest.mark.django_db

UNUSED_NAMES = {
    "wagtailcore_authenticate_with_password",
    "wagtaildocs_authenticate_with_password",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_confirm",
}
SHADOWED = [
    "/cms/login/",
    "/cms/account/",
    "/cms/password_reset/",
    "/cms/password_reset/confirm/abc/def/",
    "/cms/users/",
    "/cms/users/new/",
    "/cms/groups/",
    "/cms/private/",
]


def routes(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one)
        else:
            yield one


def view_class(callback: Any) -> Any:
    found = inspect.unwrap(callback)
    return getattr(found, "view_class", found)


def test_trap_1_no_route_but_allauths_logs_anybody_in() -> None:
    """Walks every route: Django's and Wagtail's log-in views are nowhere."""
    password_views = (
        auth_views.LoginView,
        auth_views.PasswordResetView,
        auth_views.PasswordResetConfirmView,
        auth_views.PasswordChangeView,
    )
    seen = 0
    for route in routes():
        seen += 1
        found = view_class(route.callback)
        is_bad = inspect.isclass(found) and issubclass(found, password_views)
        assert not is_bad, route
        assert found.__module__ != "wagtail.users.views.users", route
        assert not found.__module__.startswith("django.contrib.admin"), route
    assert seen > 150  # it did walk Wagtail's too


def test_trap_1_shadowed_routes_lead_to_the_one_log_in() -> None:
    for path in SHADOWED:
        assert resolve(path).func is editors.closed, path
        for method in ("get", "post"):
            answer = getattr(Client(), method)(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(reverse("account_login")), path


def test_trap_1_a_second_factor_is_not_gone_round(cast: Cast) -> None:
    """The right password, sent to every door of Wagtail's, signs nobody in."""
    cast.editor.set_password(PASSWORD)
    cast.editor.save()
    for path in [*SHADOWED, "/cms/", "/admin/", "/admin/login/", "/_util/login/"]:
        client = Client()
        client.post(
            path,
            {"username": cast.editor.email, "password": PASSWORD, "next": "/cms/"},
        )
        assert "_auth_user_id" not in client.session, path
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": cast.editor.email, "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_trap_1_the_next_address_is_kept_and_never_leaves_the_site() -> None:
    answer = Client().get("/cms/login/?next=/cms/pages/")
    assert answer["Location"].endswith("?next=%2Fcms%2Fpages%2F")
    answer = Client().get("/cms/login/?next=https://evil.example/")
    assert "evil" not in answer["Location"]


def test_trap_10_wagtail_calls_nobody(cast: Cast) -> None:
    client = client_of(cast.editor)
    page = client.get("/cms/").content.decode()
    assert "releases.wagtail" not in page
    assert "data-upgrade" not in page
    assert "w-upgrade" not in page
    policy = client.get("/cms/")["Content-Security-Policy"]
    assert "connect-src 'self'" in policy


def test_trap_14_unused_rooms_are_not_routed() -> None:
    names = {route.name for route in routes()}
    assert names.isdisjoint(UNUSED_NAMES)
    prefixes = {str(one.pattern) for one in get_resolver().url_patterns}
    assert "admin/" not in prefixes
    assert Client().get("/documents/1/x.pdf").status_code == 404


def test_only_editors_and_administrators_reach_the_area(cast: Cast) -> None:
    for person in (cast.editor, cast.admin):
        assert client_of(person).get("/cms/").status_code == 200
    outsiders = [cast.former, cast.moderator, cast.vetter, cast.dpo, cast.suspended]
    for person in [*outsiders, create_account("nobody")]:
        assert client_of(person).get("/cms/").status_code != 200
    assert Client().get("/cms/")["Location"].startswith("/accounts/login/")


def test_editors_find_the_pages_that_they_keep(cast: Cast) -> None:
    client = client_of(cast.editor)
    for path in ("/cms/pages/", "/cms/snippets/network/helpline/", "/cms/images/"):
        assert client.get(path).status_code == 200, path


def test_signing_out_of_the_area_ends_the_session(cast: Cast) -> None:
    client = client_of(cast.editor)
    answer = client.post("/cms/logout/", follow=True)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_no_page_is_said_to_be_private_that_everybody_reads(cast: Cast) -> None:
    page = tree.home("en")
    client = client_of(cast.editor)
    path = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    for send in (client.get, client.post):
        assert send(path, {"restriction_type": "login"}).status_code == 404
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert shown.status_code == 200
    assert "Change privacy" not in shown.content.decode()
