"""One person presses a button of allauth's pages twice, at the same moment."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from network.models import OutgoingMail, User
from tests.at_once import at_once
from tests.network.signing_in import browser_of, code_of, create_person
from tests.network.test_sign_in import NEW_PASSWORD, mailed_link

TIMES = 4


def new() -> dict[str, str]:
    """An address of its own: allauth mails to each one link in three minutes."""
    return {"email": f"{uuid4().hex}@example.org", "password1": NEW_PASSWORD}


def pressed(client: Client, path: str, data: dict[str, Any]) -> list[tuple[int, str]]:
    """The answer to each press. Each has the cookies that its page was shown with."""
    sent = {name: each.value for name, each in client.cookies.items()}

    def press() -> tuple[Client, Any]:
        browser = Client(raise_request_exception=False)
        browser.cookies.load(sent)
        return browser, browser.post(path, data)

    answers = at_once([press] * TIMES)
    client.cookies.update(answers[-1][0].cookies)
    return [(one.status_code, one.headers.get("Location", "")) for _, one in answers]


@pytest.mark.django_db(transaction=True)
def test_signing_up_makes_one_account_and_one_mail() -> None:
    answers = pressed(Client(), "/accounts/signup/", new())
    assert set(answers) == {(302, "/accounts/confirm-email/")}
    person = User.objects.get()
    assert EmailAddress.objects.get().user == person
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_browser_of_any_press_is_the_one_that_signed_up() -> None:
    client = Client()
    pressed(client, "/accounts/signup/", new())
    client.post(mailed_link())
    assert User.objects.get().has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_a_factor_is_set_up_once_and_every_press_sees_the_codes() -> None:
    browser = browser_of(create_person("walker"))
    browser.sign_in()
    page = browser.client.get("/accounts/2fa/totp/activate/")
    code = {"code": code_of(page.context["form"].secret)}
    answers = pressed(browser.client, "/accounts/2fa/totp/activate/", code)
    assert set(answers) == {(302, "/accounts/2fa/recovery-codes/")}
    types = Authenticator.objects.values_list("type", flat=True)
    assert sorted(types) == ["recovery_codes", "totp"]


@pytest.mark.django_db
def test_another_password_for_the_same_address_is_no_second_press() -> None:
    form, other = new(), Client()
    Client().post("/accounts/signup/", form)
    answer = other.post("/accounts/signup/", form | {"password1": f"{NEW_PASSWORD}!"})
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    other.post(mailed_link())
    assert not User.objects.get().has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize("is_same", [True, False])
def test_a_confirmation_pressed_twice_leads_on_both_times(is_same: bool) -> None:
    client = Client()
    client.post("/accounts/signup/", new())
    link, browser = mailed_link(), client if is_same else Client()
    answers = [browser.post(link) for _twice in range(2)]
    assert {one.status_code for one in answers} == {302}
    pages = [one.url for one in answers]
    assert all(("password/reset" in each) is not is_same for each in pages)
    # once the person has been in, the old link opens nothing
    User.objects.update(last_login="2026-01-01T00:00Z")
    assert "password/reset" not in browser.post(link).url


@pytest.mark.django_db
def test_a_forged_confirmation_looks_missing() -> None:
    assert Client().post("/accounts/confirm-email/a:b:c/").status_code == 404
