"""No list of the desk grows in queries with its rows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.actions import notes, vetting
from moderation.actions.interviews import hand_in_interview
from moderation.models import Report
from network.access import Role
from network.models import User
from profiles.actions.joining import assign_application
from profiles.models import Application, Decision
from projects.models import Project
from tests.cast import Cast, client_of, create_member, create_staff
from tests.moderation.conftest import create_application, report_project

pytestmark = pytest.mark.django_db


def cost(person: User, path: str) -> int:
    client = client_of(person)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def fill(cast: Cast, project: Project) -> Callable[[int], None]:
    def more(number: int) -> None:
        for place in range(number):
            danger = Report.Reason.DANGER
            report = report_project(project, reason=danger if place % 2 else "other")
            Report.objects.filter(pk=report.pk).update(
                state="taken", taken_by=create_member(f"helper-{report.pk}")
            )
            report_project(project, by=cast.survivor)
            Report.objects.filter(reporter=cast.survivor).update(state="acted")
            person = create_member(f"wants-{report.pk}", standing="applicant")
            application = create_application(person)
            application.contact_person = create_member(f"contact-{report.pk}")
            application.save()
            vetting.decide_application(
                application=application,
                by=cast.second_vetter,
                answer=Decision.Answer.APPROVE,
                reason="Steady.",
            )

    return more


def test_lists_cost_the_same_for_many(cast: Cast, project: Project) -> None:
    more = fill(cast, project)
    more(2)
    lists = {
        "/staff/": cast.moderator,
        "/staff/reports/": cast.moderator,
        "/staff/danger/": cast.moderator,
        "/staff/reports/?show=decided": cast.moderator,
        "/staff/vetting/": cast.vetter,
        "/staff/vetting/?show=decided": cast.vetter,
        "/me/reports/": cast.survivor,
    }
    lists_of_dpo = {"/staff/vetting/": cast.dpo}
    before = [cost(person, path) for path, person in lists.items()]
    before += [cost(person, path) for path, person in lists_of_dpo.items()]
    more(6)
    after = [cost(person, path) for path, person in lists.items()]
    after += [cost(person, path) for path, person in lists_of_dpo.items()]
    assert after == before
    assert max(after) <= 20


def test_a_dossier_costs_the_same_with_a_long_history(
    cast: Cast, project: Project
) -> None:
    application = create_application(cast.applicant)
    path = f"/staff/vetting/{application.pk}/"
    few = cost(cast.vetter, path)
    for number in range(6):
        vetting.ask_applicant(
            application=application, by=cast.second_vetter, question=f"And {number}?"
        )
        client_of(cast.second_vetter).get(path)
        notes.add_note(
            key=uuid4(),
            application=application,
            by=create_reader(application, number),
            words="A line.",
        )
    for person in User.objects.filter(email__startswith="reader"):
        hand_in_interview(
            application=application,
            by=person,
            held_on=timezone.localdate(),
            scores={"safety": 2},
            notes="A line.",
        )
    assert cost(cast.vetter, path) == few


def test_a_dossier_costs_the_same_with_many_sheets(
    cast: Cast, project: Project
) -> None:
    application = create_application(cast.applicant)
    path = f"/staff/vetting/{application.pk}/"
    people = [cast.vetter, *(create_reader(application, n) for n in range(4))]
    costs = []
    for person in people:
        hand_in_interview(
            application=application,
            by=person,
            held_on=timezone.localdate(),
            scores={"safety": 2},
            notes="A line.",
        )
        costs.append(cost(cast.vetter, path))
    assert len(set(costs[1:])) == 1


def create_reader(application: Application, number: int) -> User:
    person = create_staff(f"reader-{number}", Role.VETTER)
    assign_application(application, person)
    return person
