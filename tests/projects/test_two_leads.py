"""Two leads change one project, or one need, at the same time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from network.models import User
from projects.models import Need, Project, ProjectMember
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db
SAID = "Somebody else has changed this since you opened it"


def second_lead(cast: Cast, project: Project) -> User:
    role = ProjectMember.Role.LEAD
    ProjectMember.objects.create(project=project, person=cast.former, role=role)
    return cast.former


def opened(client: Client, path: str) -> str:
    return mark_in(client.get(path))


def mark_in(page: Any) -> str:
    found = re.search(r'name="opened" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def test_the_second_lead_learns_of_the_first_and_keeps_the_words(
    cast: Cast, project: Project
) -> None:
    path = f"/projects/{project.slug}/edit/"
    first, second = client_of(cast.lead), client_of(second_lead(cast, project))
    fields = {"title": project.title, "stage": "running", "language": "en"}
    fields["opened"] = opened(first, path)
    assert opened(second, path) == fields["opened"]
    for _press in range(2):  # nobody else did it
        stored = first.post(path, fields | {"summary": "Of the first."})
        assert stored.status_code == 302
    sent = fields | {"summary": "Of the second."}
    page = second.post(path, sent)
    assert page.status_code == 422
    assert SAID in page.content.decode()
    assert "Of the second." in page.content.decode()
    project.refresh_from_db()
    assert project.newest_words["summary"] == "Of the first."
    again = second.post(path, sent | {"opened": mark_in(page)})
    assert again.status_code == 302
    project.refresh_from_db()
    assert project.newest_words["summary"] == "Of the second."


def test_the_same_for_a_need_and_what_the_index_does_is_no_change(
    cast: Cast, need: Need
) -> None:
    path = f"/needs/{need.pk}/edit/"
    first = client_of(cast.lead)
    second = client_of(second_lead(cast, need.project))
    fields = {
        "title": need.title, "description": "Of the first.", "skills": "cooking",
        "languages": "English", "kind": "skill", "seats": "2", "hours_per_week": "2",
        "min_experience": "0", "safeguarding_tier": "0", "amount": "5",
        "currency": "EUR",
    }  # fmt: skip
    mark = opened(first, path)
    Need.objects.filter(pk=need.pk).update()  # a new version, and nothing else
    assert opened(second, path) == mark
    for _press in range(2):
        assert first.post(path, fields | {"opened": mark}).status_code == 302
    page = second.post(path, fields | {"opened": mark, "description": "The second."})
    assert page.status_code == 422
    assert SAID in page.content.decode()
    need.refresh_from_db()
    assert need.description == "Of the first."
    again = fields | {"opened": mark_in(page), "description": "The second."}
    assert second.post(path, again).status_code == 302
    need.refresh_from_db()
    assert need.description == "The second."
