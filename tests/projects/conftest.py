from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from network import places
from network.models import User
from profiles.models import VolunteerRegistration
from projects.actions import answers, needs, projects
from projects.actions.needs import NeedContent
from projects.actions.projects import ProjectContent
from projects.models import Answer, Appeal, Need, Project
from tests.cast import Cast

OSTEND = 2789786  # of network.places
SECRET_PLACE = "Back door of 14 Quay Street, Tuesday at 18:15"


def make_project(lead: User, **fields: Any) -> Project:
    title = fields.pop("title", "Kitchen on the Quay")
    content = ProjectContent(title=title, summary="Warm meals at bedsides.", **fields)
    return projects.create_project(content=content, by=lead)


def publish(project: Project, editor: User, lead: User) -> Project:
    projects.submit_project(project=project, by=lead)
    read = projects.mark_of(project)
    projects.publish_project(project=project, by=editor, read=read)
    return project


def make_need(project: Project, lead: User, **fields: Any) -> Need:
    values: dict[str, Any] = {
        "title": "Cooks for two evenings",
        "description": "Peel, stir and carry.",
        "skills": {"cooking": 2, "food-distribution": 1},
        "languages": ["en", "fr"],
        "town": places.city(OSTEND),
        "slots": ["tue-eve"],
        "meeting_detail": SECRET_PLACE,
    }
    content = NeedContent(**values | fields)
    return needs.post_need(project=project, content=content, by=lead)


def make_registration(
    email: str = "volunteer@example.org", *, is_confirmed: bool = True
) -> VolunteerRegistration:
    now = timezone.now()
    return VolunteerRegistration.objects.create(
        email=email,
        skills={"cooking": 9},
        languages=["fr"],
        confirmed_at=now if is_confirmed else None,
        expires_at=now + timedelta(days=300),
    )


@pytest.fixture
def project(cast: Cast) -> Project:
    """Published, led by the lead."""
    return publish(make_project(cast.lead), cast.editor, cast.lead)


@pytest.fixture
def draft(cast: Cast) -> Project:
    return make_project(cast.lead, title="Not yet shown")


@pytest.fixture
def need(cast: Cast, project: Project) -> Need:
    """One seat for a cook in Ostend."""
    return make_need(project, cast.lead)


@pytest.fixture
def appeal(db: None, project: Project) -> Appeal:
    found = Appeal.objects.create(
        slug="harbour",
        title="After the harbour",
        region="West Flanders",
        country="BE",
        state=Appeal.State.OPEN,
        opened_at=timezone.now(),
    )
    found.projects.add(project)
    return found


@pytest.fixture
def invitation(cast: Cast, need: Need) -> Answer:
    """The lead has asked the stranger."""
    return answers.invite(need=need, by=cast.lead, whom=cast.stranger)
