from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from network import health, parts
from network.parts import Health
from tests.cast import Cast, client_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Checks of this test alone: fill in what they answer."""
    checks: dict[str, Any] = {}
    monkeypatch.setattr(parts.health_checks, "_parts", checks)
    return checks


def test_everybody_learns_whether_the_site_is_well_and_no_more() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True}


def test_only_staff_see_the_parts(cast: Cast) -> None:
    for person in (cast.admin, cast.moderator, cast.editor, cast.dpo):
        page = client_of(person).get("/health/").content.decode()
        for part in ("database", "worker", "outbox"):
            assert part in page
    for member in (cast.former, cast.applicant):
        assert client_of(member).get("/health/").json() == {"ok": True}


def test_an_administrator_whose_factor_was_not_used_sees_no_part(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.admin)
    assert client.get("/health/").json() == {"ok": True}


def test_a_vital_part_that_is_down_is_told(check: dict[str, Any]) -> None:
    check["database"] = lambda: Health("database", is_ok=False, is_vital=True)
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


def test_a_part_with_a_fallback_takes_nobody_from_the_net(
    check: dict[str, Any],
) -> None:
    check["engine"] = lambda: Health("engine", is_ok=False, detail="refused")
    assert Client().get("/health/").status_code == 200


def test_a_check_that_breaks_is_an_answer(check: dict[str, Any], cast: Cast) -> None:
    def breaks() -> Health:
        raise ConnectionError

    check["engine"] = breaks
    page = client_of(cast.admin).get("/health/")
    assert page.status_code == 200
    assert "ConnectionError" in page.content.decode()


def test_a_database_that_does_not_answer_is_no_error_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Away:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Away())
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})
