"""No list asks the database more often when it grows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import queries
from projects.actions import answers
from projects.models import Appeal, Need, Project
from tests.cast import Cast, client_of, create_member
from tests.projects.conftest import make_need, make_project, make_registration

pytestmark = pytest.mark.django_db


def cost(read: Callable[[], Any]) -> int:
    read()  # what is read once for a process or a session
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read()
    return len(captured)


def add_projects(cast: Cast, number: int, prefix: str) -> list[Project]:
    made = [make_project(cast.lead, title=f"{prefix} {n}") for n in range(number)]
    for project in made:
        make_need(project, cast.lead)
        Project.objects.filter(pk=project.pk).update(state="published")
    return made


@pytest.mark.parametrize("is_member", [False, True])
def test_project_list(cast: Cast, *, is_member: bool) -> None:
    reader = client_of(cast.stranger) if is_member else Client()
    add_projects(cast, 2, "few")
    few = cost(lambda: reader.get("/projects/"))
    add_projects(cast, 6, "more")
    assert cost(lambda: reader.get("/projects/")) == few


def test_one_project_with_many_needs(cast: Cast, project: Project) -> None:
    make_need(project, cast.lead)
    url = f"/projects/{project.slug}/"
    few = cost(lambda: Client().get(url))
    for _number in range(6):
        make_need(project, cast.lead)
    assert cost(lambda: Client().get(url)) == few


def test_review_list(cast: Cast) -> None:
    client = client_of(cast.editor)
    make_project(cast.lead, title="One")
    Project.objects.update(state="in-review")
    few = cost(lambda: client.get("/projects/review/"))
    for number in range(6):
        make_project(cast.lead, title=f"Further {number}")
    Project.objects.update(state="in-review")
    assert cost(lambda: client.get("/projects/review/")) == few


def test_answers_of_one_need(cast: Cast, project: Project) -> None:
    need = make_need(project, cast.lead, seats=30)
    client, url = client_of(cast.lead), f"/needs/{need.pk}/answers/"

    def add(names: range) -> None:
        for name in names:
            answers.apply(need=need, by=create_member(f"helper{name}"))
            answers.apply(need=need, by=make_registration(f"v{name}@example.org"))

    add(range(2))
    few = cost(lambda: client.get(url))
    add(range(2, 8))
    assert cost(lambda: client.get(url)) == few


def test_one_s_own_answers(cast: Cast, project: Project) -> None:
    client = client_of(cast.stranger)

    def add(number: int) -> None:
        for _each in range(number):
            answers.apply(need=make_need(project, cast.lead), by=cast.stranger)

    add(2)
    few = cost(lambda: client.get("/answers/"))
    add(6)
    assert cost(lambda: client.get("/answers/")) == few


def test_get_involved(cast: Cast) -> None:
    def add(number: int, prefix: str) -> None:
        for each in range(number):
            appeal = Appeal.objects.create(
                slug=f"{prefix}{each}",
                title="A",
                region="R",
                country="BE",
                state="open",
            )
            appeal.projects.set(add_projects(cast, 2, f"{prefix}{each}"))

    add(1, "a")
    few = cost(lambda: Client().get("/get-involved/"))
    add(3, "b")
    assert cost(lambda: Client().get("/get-involved/")) == few


def test_open_needs_with_project_and_skills(cast: Cast) -> None:
    def read() -> list[Any]:
        return [
            (each.project.title, queries.need_skills(each))
            for each in queries.open_needs()
        ]

    add_projects(cast, 2, "a")
    few = cost(read)
    add_projects(cast, 6, "b")
    assert cost(read) == few == 2
    assert Need.objects.count() == 8
