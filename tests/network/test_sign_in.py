from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from network import notify
from network.models import OutgoingMail, User
from tests.cast import PASSWORD
from tests.network.signing_in import (
    browser_of,
    code_of,
    create_person,
    give_factor,
    mailed_link,
)

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "seven stones beside a river"


def test_a_person_signs_in_and_out() -> None:
    browser = browser_of(create_person("walker"))
    assert browser.sign_in().status_code == 302
    assert browser.is_signed_in
    browser.client.post("/accounts/logout/")
    assert not browser.is_signed_in


def test_a_link_does_not_sign_anybody_out() -> None:
    browser = browser_of(create_person("walker"))
    browser.sign_in()
    browser.client.get("/accounts/logout/")
    assert browser.is_signed_in


@pytest.fixture
def standing_clock() -> Iterator[None]:
    """So that no new code begins between the two."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("standing_clock")
def test_a_factor_is_asked_for_and_taken_once() -> None:
    person = create_person("walker")
    secret = give_factor(person)
    browser, thief = browser_of(person), browser_of(person)
    browser.sign_in()
    assert not browser.is_signed_in
    browser.prove(secret)
    assert browser.is_signed_in
    thief.sign_in()
    thief.prove(secret)  # the same code, read over a shoulder
    assert not thief.is_signed_in


def test_a_code_that_was_used_stays_used_as_long_as_it_would_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = create_person("walker")
    secret = give_factor(person)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        code = code_of(secret)
        browser_with_code(person, code)
        clock.shift(31)
        assert not browser_with_code(person, code)


def browser_with_code(person: User, code: str) -> bool:
    browser = browser_of(person)
    browser.sign_in()
    browser.client.post("/accounts/2fa/authenticate/", {"code": code})
    return browser.is_signed_in


def test_a_recovery_code_opens_once() -> None:
    person = create_person("walker")
    give_factor(person)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from network.adapters import factors_of

    with factors_of(person):
        codes = RecoveryCodes.activate(person).get_unused_codes()
    assert browser_with_code(person, codes[0])
    assert not browser_with_code(person, codes[0])
    assert browser_with_code(person, codes[1])


def test_setting_a_factor_up_leads_to_recovery_codes() -> None:
    browser = browser_of(create_person("walker"))
    browser.sign_in()
    client = browser.client
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    types = set(Authenticator.objects.values_list("type", flat=True))
    assert types == {"totp", "recovery_codes"}
    shown = client.get("/accounts/2fa/recovery-codes/")
    assert shown.status_code == 200
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in shown.content.decode()
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 200


@pytest.mark.parametrize("path", ["", "add/"])
def test_pages_of_passkeys_load(path: str) -> None:
    browser = browser_of(create_person("walker"))
    browser.sign_in()
    assert browser.client.get(f"/accounts/2fa/webauthn/{path}").status_code == 200


def test_an_account_that_was_closed_does_not_open() -> None:
    person = create_person("walker")
    User.objects.filter(pk=person.pk).update(is_active=False)
    browser = browser_of(person)
    browser.sign_in()
    assert not browser.is_signed_in


def test_passwords_are_hashed_by_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]
    person = create_person("walker")
    assert identify_hasher(person.password).algorithm == "argon2"
    from network import settings as written

    assert written.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize(
    "password", ["elevenchars", "password1234", "walker@example.org", "123456789012"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    answer = Client().post(
        "/accounts/signup/", {"email": "walker@example.org", "password1": password}
    )
    assert answer.status_code in {200, 422}
    assert not User.objects.exists()


class TestEnumeration:
    """Known and unknown: same status, same headers, same body, a mail for both."""

    @pytest.fixture(autouse=True)
    def known(self) -> User:
        return create_person("known")

    def answer(self, path: str, email: str, **more: str) -> tuple[Any, ...]:
        client = Client()
        first = client.post(path, {"email": email, "login": email, **more})
        pages = [first]
        if first.status_code == 302:
            pages.append(client.get(first.headers["Location"]))
        return tuple(self.shown(page, email) for page in pages)

    def shown(self, page: HttpResponse, email: str) -> tuple[Any, ...]:
        import re

        body = page.content.decode().replace(email, "ADDRESS")
        body = re.sub(
            r'(name="csrfmiddlewaretoken" value=|data-token=)"\w+"', r"\1", body
        )
        body = re.sub(r"nonce=\S+", "", body)
        headers = {
            name: value
            for name, value in page.headers.items()
            if name not in {"Content-Length", "Content-Security-Policy", "Expires"}
        }
        return page.status_code, body, headers, sorted(page.cookies)

    def test_signing_up(self) -> None:
        more = {"password1": NEW_PASSWORD}
        known = self.answer("/accounts/signup/", "known@example.org", **more)
        unknown = self.answer("/accounts/signup/", "other@example.org", **more)
        assert known == unknown
        assert OutgoingMail.objects.count() == 2

    def test_asking_for_a_new_password(self) -> None:
        known = self.answer("/accounts/password/reset/", "known@example.org")
        unknown = self.answer("/accounts/password/reset/", "other@example.org")
        assert known == unknown
        assert OutgoingMail.objects.count() == 2

    def test_signing_in_with_a_wrong_password(self) -> None:
        more = {"password": "a wrong guess entirely"}
        known = self.answer("/accounts/login/", "known@example.org", **more)
        unknown = self.answer("/accounts/login/", "other@example.org", **more)
        assert known == unknown

    def test_signing_in_too_often(self) -> None:
        more = {"password": "a wrong guess entirely"}
        for email in ("known@example.org", "other@example.org"):
            for _ in range(10):
                self.answer("/accounts/login/", email, **more)
        known = self.answer("/accounts/login/", "known@example.org", **more)
        unknown = self.answer("/accounts/login/", "other@example.org", **more)
        assert known == unknown
        # and by now the right one does not help either
        browser = browser_of(User.objects.get(email="known@example.org"))
        browser.sign_in()
        assert not browser.is_signed_in

    def test_an_unconfirmed_address_does_not_show_that_it_is_taken(self) -> None:
        EmailAddress.objects.update(verified=False)
        more = {"password1": NEW_PASSWORD}
        known = self.answer("/accounts/signup/", "known@example.org", **more)
        unknown = self.answer("/accounts/signup/", "other@example.org", **more)
        assert known == unknown

    def test_capitals_make_no_second_account(self) -> None:
        more = {"password1": NEW_PASSWORD}
        self.answer("/accounts/signup/", "KNOWN@Example.org", **more)
        assert User.objects.count() == 1


class TestMails:
    def test_a_mail_server_that_is_down_stops_nobody(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "tests.network.test_notify.Broken"
        answer = Client().post(
            "/accounts/signup/",
            {"email": "walker@example.org", "password1": NEW_PASSWORD},
        )
        assert answer.status_code == 302
        assert notify.deliver_waiting() == 0
        assert OutgoingMail.objects.get().state == OutgoingMail.State.WAITING

    def test_an_address_is_confirmed_by_a_button_not_by_opening(self) -> None:
        client = Client()
        client.post(
            "/accounts/signup/",
            {"email": "walker@example.org", "password1": NEW_PASSWORD},
        )
        link = mailed_link()
        client.get(link)
        assert not EmailAddress.objects.get().verified
        client.post(link)
        assert EmailAddress.objects.get().verified

    def test_a_new_password_comes_by_mail_and_signs_nobody_in(self) -> None:
        person = create_person("walker")
        client = Client()
        client.post("/accounts/password/reset/", {"email": person.email})
        form = client.get(mailed_link(), follow=True)
        path = form.redirect_chain[-1][0]
        fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        client.post(path, fields)
        assert "_auth_user_id" not in client.session
        browser = browser_of(person)
        browser.sign_in(NEW_PASSWORD)
        assert browser.is_signed_in

    def test_no_mail_of_an_account_names_a_person_or_an_address_of_the_net(
        self,
    ) -> None:
        person = create_person("walker")
        browser = browser_of(person)
        browser.client.defaults["HTTP_USER_AGENT"] = "Quokka/8841"
        browser.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
        browser.sign_in()
        browser.client.post(
            "/accounts/password/change/",
            {
                "oldpassword": PASSWORD,
                "password1": NEW_PASSWORD,
                "password2": NEW_PASSWORD,
            },
        )
        Client().post(
            "/accounts/signup/",
            {"email": "walker@example.org", "password1": NEW_PASSWORD},
        )
        Client().post("/accounts/password/reset/", {"email": "no@example.org"})
        Client().post(
            "/accounts/signup/", {"email": "new@example.org", "password1": NEW_PASSWORD}
        )
        assert notify.deliver_waiting() == 4
        for message in mail.outbox:
            words = f"{message.subject} {message.body}"
            assert "Account" not in words.replace("account", "")
            assert str(person.pk)[:8] not in words
            assert "203.0.113.7" not in words
            assert "Quokka" not in words
            assert "None" not in words


class TestLimits:
    def test_they_hold_without_any_cache_server(self, settings: Any) -> None:
        assert settings.CACHES["default"]["BACKEND"] == "network.cache.RowCache"
        browser = browser_of(create_person("walker"))
        for _ in range(10):
            browser.sign_in("a wrong guess entirely")
        browser.sign_in()
        assert not browser.is_signed_in

    def test_no_address_and_no_code_stands_in_their_table(self) -> None:
        person = create_person("walker")
        secret = give_factor(person)
        browser = browser_of(person)
        browser.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
        browser.sign_in("a wrong guess entirely")
        browser.sign_in()
        browser.prove(secret)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM network_cache")
            rows = cursor.fetchall()
        assert len(rows) >= 3
        assert "203.0.113.7" not in str(rows)
        assert str(person.pk) not in str(rows)
        assert code_of(secret) not in str(rows)
        assert all(isinstance(pickle.dumps(row), bytes) for row in rows)

    def test_a_shared_address_locks_nobody_else_out(self) -> None:
        for number in range(30):
            browser_of(create_person(f"pupil{number}")).sign_in("wrong guess again")
        browser = browser_of(create_person("teacher"))
        browser.sign_in()
        assert browser.is_signed_in


class TestWhoSignedUpWithAnAddressFirst:
    """Anybody can begin an account with anybody's address."""

    def begun(self, email: str = "owner@example.org") -> Client:
        client = Client()
        data = {"email": email, "password1": NEW_PASSWORD}
        assert client.post("/accounts/signup/", data).status_code == 302
        return client

    def test_their_password_does_not_open_what_the_owner_confirms(self) -> None:
        self.begun()
        link, owner = mailed_link(), Client()
        owner.get(link)
        answer = owner.post(link)
        person = User.objects.get(email="owner@example.org")
        assert not person.has_usable_password()
        stranger = browser_of(person)
        stranger.sign_in(NEW_PASSWORD)
        assert not stranger.is_signed_in
        # the owner chooses one at once, where they confirmed
        page = owner.get(answer.headers["Location"], follow=True)
        assert "You signed up in another browser" in page.content.decode()
        chosen = "twelve larks over the dunes"
        both = {"password1": chosen, "password2": chosen}
        owner.post(page.redirect_chain[-1][0], both)
        returned = browser_of(person)
        returned.sign_in(chosen)
        assert returned.is_signed_in

    def test_in_the_same_browser_the_password_stays(self) -> None:
        client = self.begun()
        link = mailed_link()
        client.get(link)
        client.post(link)
        person = User.objects.get(email="owner@example.org")
        assert person.has_usable_password()
