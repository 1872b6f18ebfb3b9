from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from messaging import actions
from messaging.models import Conversation, Message
from moderation import access
from moderation.actions import reports
from moderation.models import Report
from network.access import Role, Viewer
from network.models import User
from profiles.access import people_in
from profiles.actions.joining import assign_application
from profiles.models import Application, ApplicationState
from projects.models import Project, ProjectMember
from tests.cast import Cast
from tests.messaging.conftest import conversation, participant

__all__ = ["conversation"]

THREAT = "You will be sorry that you left us."


@pytest.fixture
def message(cast: Cast, conversation: Conversation) -> Message:
    """From the former to the survivor, after seven others."""
    writer = participant(conversation, cast.former)
    for number in range(1, 8):
        actions.send_message(
            participant=writer, body=f"Earlier line {number}.", client_uuid=uuid4()
        )
    return actions.send_message(participant=writer, body=THREAT, client_uuid=uuid4())


@pytest.fixture
def project(cast: Cast) -> Project:
    """Published, so that everybody sees it, and led by the lead."""
    made = Project.objects.create(
        slug="open-door",
        title="Open Door",
        summary="A room to talk in.",
        state=Project.State.PUBLISHED,
    )
    ProjectMember.objects.create(
        project=made, person=cast.lead, role=ProjectMember.Role.LEAD
    )
    return made


@pytest.fixture
def application(cast: Cast) -> Application:
    return create_application(cast.applicant)


def create_application(applicant: User) -> Application:
    """For all vetters there are to read."""
    row = Application.objects.create(
        applicant=applicant,
        state=ApplicationState.SUBMITTED,
        submitted_at=timezone.now(),
        answers={
            "kind": "former",
            "pseudonym": "Harbour",
            "languages": ["en", "ar"],
            "country": "GB",
            "way": "I walked away four years ago and want to be of use.",
        },
    )
    for vetter in people_in(Role.VETTER):
        assign_application(row, vetter)
    return row


def report_message(
    message: Message, by: User, reason: str = Report.Reason.THREAT, words: str = ""
) -> Report:
    thing = access.thing_for_viewer(by, "message", str(message.pk))
    return reports.report_something(thing=thing, reason=reason, by=by, words=words)


def report_project(
    project: Project, by: Viewer | None = None, reason: str = Report.Reason.OTHER
) -> Report:
    who = by or AnonymousUser()
    thing = access.thing_for_viewer(who, "project", str(project.pk))
    return reports.report_something(thing=thing, reason=reason, by=who)
