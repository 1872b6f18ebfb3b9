from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from network import places
from network.adapters import factors_of
from network.models import User
from profiles.actions import admission, joining
from profiles.actions.volunteers import Offer, register_volunteer
from profiles.models import Application, VolunteerRegistration
from tests.cast import Cast, create_account

WAY = "I left four years ago, and would like to be of use to those who are leaving."
ANSWERS = {
    "kind": "former",
    "pseudonym": "Harbour Light",
    "languages": ["en", "ar"],
    "country": "SE",
    "way": WAY,
}


def set_factor(person: User) -> None:
    with factors_of(person):
        TOTP.activate(person, generate_totp_secret())


def applied(name: str = "harbour", **answers: Any) -> Application:
    """An application that has been handed in."""
    person = create_account(name)
    set_factor(person)
    draft = joining.save_draft(by=person, answers={**ANSWERS, **answers})
    return joining.submit_application(application=draft, by=person, language="en")


def approved(cast: Cast, application: Application) -> Application:
    for vetter in (cast.vetter, cast.second_vetter):
        application = admission.approve_application(
            application=application, by=vetter, reason="Clear and calm."
        )
    return application


def offer(**values: Any) -> Offer:
    defaults: dict[str, Any] = {
        "skills": {"translation": 9},
        "causes": ["young-people"],
        "languages": ["en"],
        "town": places.resolve("Malmö"),
        "slots": ["sat-am"],
    }
    return Offer(**{**defaults, **values})


def registered(
    form: str = "form-1", email: str = "vol@example.org", **values: Any
) -> VolunteerRegistration:
    return register_volunteer(
        token=form, email=email, offer=offer(**values), language="en"
    )


@pytest.fixture
def application(cast: Cast) -> Application:
    return applied()


@pytest.fixture
def revoked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Each call that closes open lines; commits count at once."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("network.parts.revoke", lambda **call: calls.append(call))
    monkeypatch.setattr(
        "django.db.transaction.on_commit", lambda run, **_options: run()
    )
    return calls


def without_tokens(page: str) -> str:
    """What a reader sees: two pages that say the same are the same."""
    return re.sub(r'(value|content|nonce|data-token)="[^"]+"', "", page)
