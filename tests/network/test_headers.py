from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from network import access, urls
from network.access import NotFound, Refused, Role
from network.sessions import cookie_of
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>hello</p>")


def begun(request: HttpRequest) -> HttpResponse:
    """Half a page with its nonce and a cookie, and then it turns out to be hidden."""
    words = "<script nonce='{{ request.csp_nonce }}'></script>"
    engines["django"].from_string(words).render({"request": request}, request)
    request.session["seen"] = "a hidden page"
    raise NotFound


def answered(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse("hidden: no", status=404, headers={"X-Hint": "it is there"})
    answer.set_cookie("hint", "1")
    return answer


def kept(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>x</p>", headers={"Cache-Control": "public, max-age=60"})


def file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        b"", content_type="audio/mp4", headers={"Cache-Control": "no-cache"}
    )


def refusing(request: HttpRequest) -> HttpResponse:
    raise Refused("You have asked five times today. Ask again tomorrow.")


@access.require_login
def members(request: Any) -> HttpResponse:
    return HttpResponse("members")


@access.require_role(Role.EDITOR)
def editors(request: Any) -> HttpResponse:
    return HttpResponse("editors")


urlpatterns = [
    *(
        path(f"try/{view.__name__}/", view)
        for view in (page, begun, answered, kept, file, refusing, members, editors)
    ),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def these_views(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def whole(answer: HttpResponse) -> tuple[int, bytes, dict[str, str], str]:
    return (
        answer.status_code,
        answer.content,
        dict(answer.headers),
        answer.cookies.output(),
    )


@pytest.mark.parametrize("who", ["nobody", "former", "editor"])
def test_hidden_and_missing_are_equal_to_the_byte(cast: Cast, who: str) -> None:
    def client() -> Client:
        return client_of(getattr(cast, who, None))

    missing = whole(client().get("/try/there-is-no-such-page/"))
    assert missing[0] == 404
    for hidden in ("begun", "answered"):
        assert whole(client().get(f"/try/{hidden}/")) == missing
    if who == "former":
        assert whole(client().get("/try/editors/")) == missing


@pytest.mark.parametrize("who", ["nobody", "former"])
def test_the_page_of_what_is_missing_tells_nothing(cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who, None))
    answer = client.get("/try/a-very-private-name/")
    body = answer.content.decode()
    assert "a-very-private-name" not in body
    assert "<form" not in body
    assert "csrf" not in body
    assert "nonce" not in body + answer.headers["Content-Security-Policy"]
    assert not answer.cookies


def test_it_is_the_same_in_every_language() -> None:
    bodies = {
        Client()
        .get(f"{prefix}/try/nothing/", headers={"accept-language": code})
        .content
        for prefix, code in (("", "en"), ("/ar", "ar"), ("", "fr"), ("/de", "en"))
    }
    assert len(bodies) == 1


def test_every_answer_carries_the_headers_of_safety() -> None:
    for address in ("/try/page/", "/try/begun/", "/accounts/login/", "/health/"):
        headers = Client().get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/language/",
        "/offline/",
        "/try/refusing/",
    ],
)
def test_the_policy_allows_nothing_inline_and_no_page_needs_it(address: str) -> None:
    answer = Client().get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("script-src", "style-src", "form-action", "connect-src"):
        assert re.search(rf"{directive} 'self'", policy)
    body = answer.content.decode()
    assert not re.search(r"\son\w+\s*=", body)
    assert " style=" not in body
    assert "<style" not in body
    for tag in re.findall(r"<script\b[^>]*>", body):
        assert "src=" in tag or "application/json" in tag or "nonce=" in tag


@pytest.mark.parametrize("how", ["signed in", "by mailed link"])
def test_pages_made_for_one_person_are_kept_nowhere(cast: Cast, how: str) -> None:
    if how == "signed in":
        client = client_of(cast.former)
    else:
        client = Client()
        session = client.session
        session["mailed_links"] = {"manage": "x"}
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie_of(session.session_key)
    for address in ("/try/page/", "/try/kept/", "/try/refusing/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]
    assert client.get("/try/file/").headers["Cache-Control"] == "no-cache"


def test_pages_for_everybody_may_be_kept() -> None:
    assert "Cache-Control" not in Client().get("/try/page/").headers
    assert Client().get("/try/kept/").headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("address", ["/accounts/logout/", "/exit/"])
def test_leaving_empties_what_the_browser_has_kept(cast: Cast, address: str) -> None:
    client = client_of(cast.former)
    assert "Clear-Site-Data" not in client.get("/try/members/").headers
    assert client.post(address).headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/try/members/").status_code == 302


def test_a_refusal_says_why_to_whom_it_concerns(cast: Cast) -> None:
    answer = client_of(cast.former).get("/try/refusing/")
    assert answer.status_code == 403
    assert "Ask again tomorrow." in answer.content.decode()


class TestLeadingToLogin:
    def target(self, fetch: Callable[[], HttpResponse]) -> str:
        answer = fetch()
        assert answer.status_code == 302
        return answer.headers["Location"]

    def test_one_comes_back_to_the_page_with_its_question(self) -> None:
        found = self.target(lambda: Client().get("/try/members/?q=a&b=%C3%BC"))
        assert found == "/accounts/login/?next=/try/members/%3Fq%3Da%26b%3D%25C3%25BC"

    def test_hidden_and_missing_lead_there_alike(self) -> None:
        assert self.target(lambda: Client().get("/try/editors/")).startswith(
            "/accounts/login/?next="
        )

    def test_a_form_leads_back_to_its_page(self) -> None:
        def post(referer: str) -> str:
            return self.target(
                lambda: Client().post("/try/members/", headers={"referer": referer})
            )

        assert post("http://testserver/try/page/?a=1").endswith(
            "next=/try/page/%3Fa%3D1"
        )
        assert post("https://evil.example/trap/").endswith("next=/")

    def test_a_part_of_a_page_leads_the_whole_page_there(self) -> None:
        answer = Client().get(
            "/try/members/",
            headers={
                "hx-request": "true",
                "hx-current-url": "http://testserver/try/page/",
            },
        )
        assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/try/page/"
        assert b"members" not in answer.content
