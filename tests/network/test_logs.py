from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from network.logs import Expected, JsonLines
from tests.cast import Cast, client_of

TYPED = "Zanzibar-Quokka-8841"


@pytest.fixture
def lines() -> Any:
    """All loggers of the process write to one stream through our formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(Expected())
    root, known = logging.getLogger(), []
    for name in (None, "django", "waymark", "django.request", "django.security"):
        logger = logging.getLogger(name)
        known.append((logger, logger.level))
        logger.setLevel(logging.DEBUG)
    speakers = [root, *(each for each, _level in known if not each.propagate)]
    for logger in speakers:
        logger.addHandler(handler)
    yield stream
    for logger in speakers:
        logger.removeHandler(handler)
    for logger, level in known:
        logger.setLevel(level)


def write(logger: str, message: str, *args: object, **kwargs: Any) -> dict[str, Any]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    speaker = logging.getLogger(logger)
    speaker.addHandler(handler)
    try:
        speaker.warning(message, *args, **kwargs)
    finally:
        speaker.removeHandler(handler)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


def test_only_named_fields_are_written() -> None:
    line = write("waymark.test", "done", extra={"count": 3, "email": TYPED})
    assert line["count"] == 3
    assert line["event"] == "done"
    assert TYPED not in str(line)


def test_arguments_of_a_message_are_left_out() -> None:
    line = write("some.library", "no such user %s", TYPED)
    assert line["event"] == "no such user %s"


def test_a_message_that_was_filled_in_by_a_library_is_not_repeated() -> None:
    line = write("some.library", f"no such user {TYPED}")
    assert TYPED not in str(line)
    assert line["place"].startswith("test_logs:")


def test_of_an_error_its_type_and_places_are_kept_never_its_words() -> None:
    try:
        raise ValueError(TYPED)
    except ValueError:
        line = write("waymark.test", "failed", exc_info=True)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["places"][-1]
    assert TYPED not in str(line)


@pytest.mark.django_db
def test_nothing_that_a_person_typed_reaches_the_log(lines: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.post(
        "/accounts/login/",
        {"login": f"{TYPED}@example.org", "password": TYPED},
    )
    client.post("/accounts/password/reset/", {"email": f"{TYPED}@example.org"})
    client.get(f"/{TYPED}/?q={TYPED}", headers={"user-agent": TYPED})
    client.get("/", headers={"host": f"{TYPED}.example"})
    written = lines.getvalue()
    assert '"route": "account_login"' in written
    assert TYPED.lower() not in written.lower()


def refusals(cast: Cast) -> list[int]:
    """Each way of saying no, from a missing page to a host that is not ours."""
    member = client_of(cast.former)
    strict = Client(enforce_csrf_checks=True)
    too_many = {f"field{number}": "x" for number in range(2500)}
    answers = [
        member.get("/nothing/"),
        member.get("/projects/nothing/"),
        member.get("/staff/vetting/"),
        member.post("/people/"),
        member.post("/me/stories/new/", {}),
        client_of(cast.suspended).get("/people/"),
        strict.post("/country/", {"country": "BE"}),
        Client().post("/in-danger/", too_many),
        Client().get("/", headers={"host": "elsewhere.example"}),
    ]
    return [answer.status_code for answer in answers]


@pytest.mark.django_db
def test_a_refusal_is_no_error_and_leaves_no_trace(
    cast: Cast, lines: io.StringIO
) -> None:
    assert {404, 405, 422, 400} <= set(refusals(cast)) <= {400, 403, 404, 405, 422}
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert "django.security.DisallowedHost" in {line["logger"] for line in written}
    told = [line for line in written if line["level"] != "debug"]
    assert {line["level"] for line in told} == {"info", "warning"}
    assert not any("places" in line for line in told)


@pytest.mark.django_db
def test_a_fault_of_ours_is_an_error_with_its_places(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.queries.open_appeals", lambda viewer: 1 / 0)
    client = Client(raise_request_exception=False)
    assert client.get("/get-involved/").status_code == 500
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    (line,) = (line for line in written if line["level"] == "error")
    assert line["error"] == "ZeroDivisionError"
    assert line["places"]


def test_refusals_by_django_go_to_our_handler_alone() -> None:
    security = site_settings.LOGGING["loggers"]["django.security"]
    assert (security["handlers"], security["propagate"]) == (["stderr"], False)
    assert site_settings.LOGGING["handlers"]["stderr"]["filters"] == ["expected"]


def test_in_production_nobody_elses_handler_writes() -> None:
    """Django's would print or mail the path, uvicorn's the address and the words."""
    assert site_settings.LOGGING["root"]["handlers"] == ["stderr"]
    assert site_settings.LOGGING["handlers"]["stderr"]["formatter"] == "json"
