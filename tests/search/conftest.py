from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from network.models import User
from profiles.models import Profile, ProfileSkill
from projects.models import Need, NeedSkill, Project, ProjectMember
from search.replica import replica

OSTEND = {"lat": 51.2154, "lon": 2.9287}


@pytest.fixture(autouse=True)
def fresh_replica() -> Iterator[None]:
    """Rows of a test are rolled back without an outbox line: forget them."""
    replica.reset()
    yield
    replica.reset()


def create_need(lead: User, **fields: Any) -> Need:
    """An open need for first aid in a published project of this lead."""
    number = Project.objects.count()
    project = Project.objects.create(
        slug=f"project-{number}", title="Steady hands", state=Project.State.PUBLISHED
    )
    ProjectMember.objects.create(
        project=project, person=lead, role=ProjectMember.Role.LEAD
    )
    values = {
        "title": "First aiders for the evening",
        "languages": ["en"],
        "slots": ["tue-eve", "thu-eve"],
        "causes": ["young-people"],
        "town": "Ostend",
        **OSTEND,
        **fields,
    }
    need = Need.objects.create(project=project, **values)
    NeedSkill.objects.create(need=need, skill="first-aid", weight=1)
    return need


def offer(person: User, skill: str = "first-aid", level: int = 10) -> Profile:
    """Lets a member fit `create_need` well."""
    profile = person.profile
    profile.place = dict(OSTEND)
    profile.slots = ["tue-eve"]
    profile.causes = ["young-people"]
    profile.save()
    ProfileSkill.objects.create(profile=profile, skill=skill, level=level)
    return profile
