"""What lies on the staff's desks: reports, and applications with their dossiers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from moderation.models import Report
from network.models import User
from profiles.models import Application, ApplicationState, Decision
from tests.access.things import Things

ANSWERS = {
    "kind": "former",
    "pseudonym": "Applicant",
    "way": "Along the sable towpath.",
    "languages": ["en"],
    "country": "BE",
}


def create_reported(things: Things) -> None:
    """What can be reported, of every kind: all of `message`, and the others' own."""
    found = {name: ("message", key) for name, key in things.keys["message"].items()}
    for name, kind, noun, of in (
        ("other:profile", "profile", "person", "other"),
        ("other:public_profile", "profile", "person", "other:public"),
        ("hidden:profile", "profile", "person", "hidden"),
        ("hidden:block_profile", "profile", "person", "hidden:block"),
        ("other:project", "project", "project key", "other"),
        ("hidden:project", "project", "project key", "hidden"),
        ("hidden:block_project", "project", "project key", "hidden:block"),
        ("other:story", "story", "story key", "own"),
        ("hidden:story", "story", "story key", "hidden"),
    ):
        found[name] = (kind, things.key(noun, of))
    found["missing:kind"] = ("nothing", things.key("message", "own"))
    things.keys["reported kind"] = {name: kind for name, (kind, _) in found.items()}
    things.keys["reported"] = {name: key for name, (_, key) in found.items()}


def create_reports(things: Things, people: dict[str, User]) -> None:
    def report(**values: Any) -> Report:
        fields: dict[str, Any] = {
            "kind": "message",
            "object_key": str(things.key("message", "own")),
            "reason": Report.Reason.CONTACT,
            "words": "The ochre umbrella again.",
        }
        return Report.objects.create(**fields | values)

    of_moderator = str(things.key("story key", "other:moderator"))

    things.add(
        "report",
        own=report(reporter=people["owner"], about=people["friend"]).pk,
        other=report(
            reporter=people["stranger"],
            about=people["friend"],
            state=Report.State.DISMISSED,
            decided_at=timezone.now(),
        ).pk,
        hidden=report(reporter=people["stranger"], about=people["moderator"]).pk,
        hidden_own=report(reporter=people["moderator"], about=people["friend"]).pk,
        hidden_story=report(
            reporter=people["stranger"], kind="story", object_key=of_moderator
        ).pk,
    )


def create_applications(things: Things, people: dict[str, User]) -> None:
    def application(person: str, state: str, **answers: str) -> Application:
        return Application.objects.create(
            applicant=people[person],
            answers=ANSWERS | answers,
            state=state,
            submitted_at=None if state == ApplicationState.DRAFT else timezone.now(),
        )

    application("partner", ApplicationState.DRAFT, way="Not told yet.")
    own = application("applicant", ApplicationState.SUBMITTED)
    asked = Decision.objects.create(
        application=own,
        vetter=people["vetter"],
        answer=Decision.Answer.ASK,
        reason="Where does the towpath lead?",
    )
    things.add("question", own=asked.pk)
    things.add(
        "application",
        own=own.pk,
        other=application("stranger", ApplicationState.DECLINED).pk,
        hidden=application("unlisted", ApplicationState.DRAFT).pk,
        hidden_own=application("vetter", ApplicationState.SUBMITTED).pk,
    )
