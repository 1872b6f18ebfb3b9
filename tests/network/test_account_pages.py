"""The pages and mails of accounts, in the words of this site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from network import notify
from network.models import User
from tests.cast import Cast, client_of, create_account
from tests.network.signing_in import (
    browser_of,
    code_of,
    create_person,
    give_factor,
    mailed_link,
)

pytestmark = pytest.mark.django_db
OURS = Path(settings.BASE_DIR) / "network" / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
ROOMS = ("account", "mfa", "usersessions")
# Nothing to read in it, or for what this site does not do: several addresses, phones,
# codes by mail, signing up by passkey, trusting a browser, closing the door.
UNUSED = re.compile(
    r"account/base_(?!reauth)|mfa/base_|usersessions/base_|download\.txt|login_script|"
    r"phone|login_code|confirm_code|_code_|verification_code|reset_code|by_passkey|signup_form|"
    r"mfa/trust|signup_closed|account/email\.html|warn_no_email|verified_email_req|"
    r"signup_message\.txt"
)


def texts() -> list[str]:
    found = (path for room in ROOMS for path in (THEIRS / room).rglob("*.*"))
    return sorted(path.relative_to(THEIRS).as_posix() for path in found)


@pytest.mark.parametrize("name", texts())
def test_every_text_of_accounts_is_our_own(name: str) -> None:
    assert (OURS / name).exists() or UNUSED.search(name)


def read(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("Two-Factor", "Two-factor", "requires JavaScript", "Are you sure"):
        assert words not in page
    return page


def test_a_passkey_is_offered_only_where_scripts_run() -> None:
    page = read(Client().get("/accounts/login/"))
    (button,) = re.findall(r'<button[^>]*id="passkey_login"[^>]*>', page)
    assert "data-scripted hidden" in button
    script = (OURS.parent / "static/network/js/page.js").read_text()
    assert 'querySelectorAll("[data-scripted]")) each.hidden = false' in script


def test_a_factor_is_set_up_shown_and_taken_out(
    django_capture_on_commit_callbacks: Any,
) -> None:
    person = create_account("newly-come")
    client = client_of(person)
    assert "It is not set up." in read(client.get("/accounts/2fa/"))
    page = read(client.get("/accounts/2fa/totp/activate/"))
    found = re.search(r'id="authenticator_secret"[^>]*>(\w+)<', page)
    assert found is not None
    form = {"code": code_of(found[1])}
    with django_capture_on_commit_callbacks(execute=True):
        page = read(client.post("/accounts/2fa/totp/activate/", form, follow=True))
    assert "10 of 10 codes are left." in page
    shown = page.partition('id="recovery_codes"')[2].partition("</textarea>")[0]
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    assert shown.partition(">")[2].split("&#10;") == codes.get_unused_codes()
    page = read(client.get("/accounts/2fa/"))
    assert "It is set up." in page
    assert letters_to(person)[0][1].startswith("An app has been set up as the second")
    assert "stop working" in read(client.get("/accounts/2fa/recovery-codes/generate/"))
    read(client.get("/accounts/2fa/totp/deactivate/"))
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person, type="totp").exists()


def test_a_second_factor_is_asked_for_in_plain_words() -> None:
    person = create_person("walker")
    give_factor(person)
    browser = browser_of(person)
    browser.sign_in()
    page = read(browser.client.get("/accounts/2fa/authenticate/"))
    assert "or one of your recovery codes" in page
    (button,) = re.findall(r'<button[^>]*id="mfa_webauthn_authenticate"[^>]*>', page)
    assert "data-scripted hidden" in button
    wrong = {"code": "000000"}
    page = read(browser.client.post("/accounts/2fa/authenticate/", wrong))
    assert "error-summary" in page


def test_a_key_says_what_it_needs(cast: Cast) -> None:
    page = read(client_of(cast.former).get("/accounts/2fa/webauthn/add/"))
    assert "<noscript><p>A key works only in a browser that runs scripts." in page
    assert "Name of the key" in page
    assert "passwordless operation" not in page
    assert "your fingerprint, your face or a PIN" in page


def letters_to(person: User) -> list[tuple[str, str]]:
    mail.outbox.clear()
    notify.deliver_waiting()
    return [(one.subject, str(one.body)) for one in mail.outbox]


def test_a_changed_password_is_told_in_one_plain_mail() -> None:
    person = create_person("walker")
    browser = browser_of(person)
    browser.sign_in()
    path = "/accounts/password/reset/"
    page = browser.client.post(path, {"email": person.email}, follow=True)
    assert "Look into your mail" in read(page)
    link = mailed_link()
    page = read(Client().get(link, follow=True))
    assert "A new password" in page
    fresh = Client()
    at = fresh.get(link, follow=True).redirect_chain[-1][0]
    words = "seven stones beside a river"
    answer = fresh.post(at, {"password1": words, "password2": words}, follow=True)
    assert "Your password is changed" in read(answer)
    ((subject, body),) = letters_to(person)
    assert subject == "Your account"
    assert body.startswith("A new password has been chosen for your account.")
    assert "IP address" not in body
    assert "was used already" in read(Client().get(link, follow=True))


def test_who_tries_too_often_is_told_so_on_a_page_of_ours(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client, path = Client(), "/accounts/password/reset/"
    client.post(path, {"email": "walker@example.org"})
    answer = client.post(path, {"email": "walker@example.org"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Wait a few minutes" in page
    assert '<main id="main"' in page


def test_a_code_is_taken_in_the_digits_of_any_script() -> None:
    person = create_person("walker")
    secret = give_factor(person)
    browser = browser_of(person)
    browser.sign_in()
    code = code_of(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    typed = {"code": f"{code[:3]} {code[3:]}"}
    browser.client.post("/accounts/2fa/authenticate/", typed)
    assert browser.is_signed_in


def test_who_has_a_factor_changes_the_address_and_the_old_one_is_told() -> None:
    person = create_person("walker")
    secret = give_factor(person)
    browser = browser_of(person)
    browser.sign_in()
    browser.prove(secret)
    form = {"email": "elsewhere@example.org", "action_add": ""}
    page = read(browser.client.post("/accounts/email/", form, follow=True))
    assert "Waiting to be confirmed" in page
    person.refresh_from_db()
    assert person.email == "walker@example.org"  # until the new one is confirmed
    link = mailed_link()
    browser.client.post(browser.client.get(link).request["PATH_INFO"])
    person.refresh_from_db()
    assert person.email == "elsewhere@example.org"
    mail.outbox.clear()
    notify.deliver_waiting()
    assert ["walker@example.org"] in [one.to for one in mail.outbox]
