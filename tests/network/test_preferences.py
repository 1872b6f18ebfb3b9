"""Theme, language, country, and the beacon of the quick exit."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from network.models import Helpline, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    user = User.objects.create_user("someone@example.org")
    sign_in(client, user)
    return user


def test_theme_is_kept_in_the_browser_and_leads_back(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/offline/"})
    assert answer["Location"] == "/offline/"
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["theme"]["httponly"]


def test_theme_follows_the_account(client: Client, person: User) -> None:
    client.post("/theme/", {"theme": "dark"})
    person.refresh_from_db()
    assert person.theme == "dark"
    assert 'media="screen"' in client.get("/country/").content.decode()


def test_another_site_cannot_change_the_theme(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "theme" not in client.cookies


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "x"])
def test_nobody_is_led_elsewhere(client: Client, elsewhere: str) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


def test_language_leads_to_the_same_page_in_it(client: Client, person: User) -> None:
    answer = client.post(
        "/language/", {"language": "ar", "next": "/de/accounts/logout/?x=1"}
    )
    assert answer["Location"] == "/ar/accounts/logout/?x=1"
    person.refresh_from_db()
    assert person.language == "ar"


def test_country_is_chosen_among_those_with_helplines(client: Client) -> None:
    Helpline.objects.create(country="FR", name="Écoute", number="00 00")
    client.post("/country/", {"country": "SE", "next": "/offline/"})
    assert "country" not in client.cookies
    client.post("/country/", {"country": "FR", "next": "/offline/"})
    assert client.cookies["country"].value == "FR"
    assert "Écoute" in client.get("/country/").content.decode()


def test_without_a_choice_the_language_tells_the_country(client: Client) -> None:
    Helpline.objects.create(country="FR", name="Écoute", number="00 00")
    Helpline.objects.create(country="", name="Anywhere", url="https://example.org/")
    french = client.get("/country/", {"next": "/fr/"}).content.decode()
    english = client.get("/country/").content.decode()
    assert "Écoute" in french
    assert "Écoute" not in english
    assert "Anywhere" in english


def test_a_helpline_speaks_the_readers_language(client: Client) -> None:
    Helpline.objects.create(
        name="Somewhere",
        url="https://example.org/",
        hours="day and night",
        translations={"ar": {"hours": "ليلًا ونهارًا"}},
    )
    arabic = client.get("/country/", {"next": "/ar/"}).content.decode()
    assert '<bdi lang="ar">ليلًا ونهارًا</bdi>' in arabic
    assert "<bdi>Somewhere</bdi>" in arabic  # a name is a name
    german = client.get("/country/", {"next": "/de/"}).content.decode()
    assert '<bdi lang="en">day and night</bdi>' in german


def test_without_a_country_one_is_asked_for(client: Client) -> None:
    Helpline.objects.create(country="FR", name="Écoute", number="00 00")
    english = client.get("/country/").content.decode()
    assert "Choose your country, to see its own numbers" in english
    client.post("/country/", {"country": "FR"})
    english = client.get("/country/").content.decode()
    assert "Choose your country" not in english
    assert "Change country" in english


@pytest.mark.parametrize("wrong", [[], {"ar": "x"}, {"ar": {"number": "1"}}])
def test_a_translation_in_another_form_is_refused(wrong: object) -> None:
    line = Helpline(name="Somewhere", translations=wrong)
    with pytest.raises(ValidationError, match="form of the example"):
        line.clean()


def test_exit_signs_out_and_clears_the_cache(client: Client, person: User) -> None:
    answer = client.post("/exit/")
    assert answer.status_code == 204
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in client.session


def test_exit_needs_a_token(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, person)
    assert client.post("/exit/").status_code == 403
    assert "_auth_user_id" in client.session
