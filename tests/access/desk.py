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


def create_reports(things: Things, people: dict[str, User]) -> None:
    def report(**values: Any) -> Report:
        return Report.objects.create(
            kind="message",
            object_key=str(things.key("message", "own")),
            reason=Report.Reason.CONTACT,
            words="The ochre umbrella again.",
            **values,
        )

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
    )


def create_applications(things: Things, people: dict[str, User]) -> None:
    def application(person: str, state: str) -> Application:
        return Application.objects.create(
            applicant=people[person],
            answers=ANSWERS,
            state=state,
            submitted_at=timezone.now(),
        )

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
    )
