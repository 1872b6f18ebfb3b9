"""The desk: who sees what, in which order, and what a decision does."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from messaging.models import Message
from moderation.actions import decisions
from moderation.actions.decisions import Outcome
from moderation.models import DANGER_WITHIN, Report
from network.access import NotFound, Refused, Role
from network.models import AuditEntry, Notice
from profiles.models import Profile, Standing
from projects.models import Project, ProjectMember
from tests.cast import Cast, client_of, create_staff
from tests.moderation.conftest import THREAT, report_message, report_project

pytestmark = pytest.mark.django_db


def url_of(report: Report) -> str:
    return f"/staff/reports/{report.pk}/"


def aged(report: Report, minutes: int) -> Report:
    then = timezone.now() - timedelta(minutes=minutes)
    Report.objects.filter(pk=report.pk).update(created_at=then)
    report.refresh_from_db()
    return report


def test_danger_stands_first_then_the_oldest(
    cast: Cast, message: Message, project: Project
) -> None:
    oldest = aged(report_message(message, cast.survivor), 300)
    middle = aged(report_project(project), 200)
    danger = aged(report_project(project, reason=Report.Reason.DANGER), 1)
    page = client_of(cast.moderator).get("/staff/reports/").content.decode()
    places = [page.index(url_of(report)) for report in (danger, oldest, middle)]
    assert places == sorted(places)
    queue = client_of(cast.moderator).get("/staff/danger/").content.decode()
    assert url_of(danger) in queue
    assert url_of(oldest) not in queue


def test_danger_that_nobody_took_in_time_is_late(project: Project) -> None:
    report = report_project(project, reason=Report.Reason.DANGER)
    assert not report.is_late
    minutes = int(DANGER_WITHIN.total_seconds() // 60)
    assert aged(report, minutes + 1).is_late


def test_lists_and_details_are_there_for_moderators_alone(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    missing = client_of(cast.stranger).get(f"/staff/reports/{uuid4()}/")
    others = (cast.stranger, cast.survivor, cast.vetter, cast.editor, cast.dpo)
    for person in (*others, cast.admin):
        client = client_of(person)
        for path in ("/staff/reports/", "/staff/danger/", url_of(report)):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.content == missing.content
    assert client_of(cast.moderator).get(url_of(report)).status_code == 200
    assert client_of().get(url_of(report)).status_code == 302


def test_a_moderator_reads_the_excerpt_and_not_the_conversation(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    client = client_of(cast.moderator)
    page = client.get(url_of(report)).content.decode()
    assert THREAT in page
    assert "Earlier line 2." not in page
    assert f"/messages/{message.conversation_id}/" not in page
    thread = client.get(f"/messages/{message.conversation_id}/")
    assert thread.status_code == 404
    after = client.get(f"/messages/{message.conversation_id}/after/?have=0")
    assert after.status_code == 404


def test_nobody_decides_about_themselves_or_on_what_they_reported(
    cast: Cast, project: Project
) -> None:
    ProjectMember.objects.filter(project=project).update(person=cast.moderator)
    second = create_staff("second-moderator", Role.MODERATOR)
    report = report_project(project)
    assert report.about == cast.moderator
    missing = client_of(cast.moderator).get(f"/staff/reports/{uuid4()}/")
    client = client_of(cast.moderator)
    for answer in (
        client.get(url_of(report)),
        client.post(f"{url_of(report)}decide/", {"outcome": "dismiss"}),
        client.post(f"{url_of(report)}take/"),
    ):
        assert answer.status_code == 404
        assert answer.content == missing.content
    assert url_of(report) not in client.get("/staff/reports/").content.decode()
    with pytest.raises(NotFound):
        decisions.decide_report(
            report=report, by=cast.moderator, outcome=Outcome.DISMISS
        )
    own = report_project(project, by=second)
    assert client_of(second).get(url_of(own)).status_code == 404
    assert client_of(second).get(url_of(report)).status_code == 200


def test_every_opening_is_on_record(cast: Cast, message: Message) -> None:
    report = report_message(message, cast.survivor)
    client_of(cast.moderator).get(url_of(report))
    entry = AuditEntry.objects.get(
        action="viewed", subject=f"moderation.Report:{report.pk}"
    )
    assert entry.actor == cast.moderator.pk
    assert "threat" in entry.reason


def test_what_is_decided_opens_only_for_a_reason_that_is_kept(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    decisions.decide_report(report=report, by=cast.moderator, outcome=Outcome.DISMISS)
    client = client_of(cast.moderator)
    assert THREAT not in client.get(url_of(report)).content.decode()
    refused = client.post(url_of(report), {"why": ""})
    assert refused.status_code == 422
    assert THREAT not in refused.content.decode()
    opened = client.post(url_of(report), {"why": "An appeal came in."})
    assert THREAT in opened.content.decode()
    viewed = AuditEntry.objects.filter(action="viewed")
    assert [entry.reason for entry in viewed] == ["An appeal came in."]


def test_hiding_takes_the_message_from_both_and_tells_who_reported(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    client = client_of(cast.moderator)
    answer = client.post(f"{url_of(report)}decide/", {"outcome": "hide"})
    assert answer.status_code == 302
    for person in (cast.former, cast.survivor):
        page = client_of(person).get(f"/messages/{message.conversation_id}/")
        assert page.status_code == 200
        assert THREAT not in page.content.decode()
        assert "Earlier line 7." in page.content.decode()
    report.refresh_from_db()
    assert (report.state, report.taken_by) == (Report.State.ACTED, cast.moderator)
    assert Notice.objects.filter(person=cast.survivor, kind="report_decided").exists()
    assert not Notice.objects.filter(person=cast.former).exists()


def test_hiding_works_though_the_reporter_has_blocked_the_person(
    cast: Cast, message: Message
) -> None:
    form = {"reason": "threat", "block": "on", "uuid": str(uuid4())}
    client_of(cast.survivor).post(f"/report/message/{message.pk}/", form)
    report = Report.objects.get()
    decisions.decide_report(report=report, by=cast.moderator, outcome=Outcome.HIDE)
    message.refresh_from_db()
    assert message.deleted_at is not None


def test_hiding_a_project_takes_it_off_the_site(cast: Cast, project: Project) -> None:
    report = report_project(project)
    decisions.decide_report(report=report, by=cast.moderator, outcome=Outcome.HIDE)
    project.refresh_from_db()
    assert project.state == Project.State.HIDDEN


def test_a_second_decision_changes_nothing(cast: Cast, message: Message) -> None:
    second = create_staff("second-moderator", Role.MODERATOR)
    report = report_message(message, cast.survivor)
    decisions.decide_report(report=report, by=cast.moderator, outcome=Outcome.DISMISS)
    decisions.decide_report(report=report, by=cast.moderator, outcome=Outcome.DISMISS)
    for by, outcome in (
        (second, Outcome.HIDE),
        (second, Outcome.DISMISS),
        (cast.moderator, Outcome.HIDE),
    ):
        with pytest.raises(decisions.DecidedAlready):
            decisions.decide_report(report=report, by=by, outcome=outcome)
    report.refresh_from_db()
    message.refresh_from_db()
    assert (report.state, report.taken_by) == (Report.State.DISMISSED, cast.moderator)
    assert message.deleted_at is None
    assert Notice.objects.filter(kind="report_decided").count() == 1


def test_a_report_is_taken_by_one(cast: Cast, message: Message) -> None:
    second = create_staff("second-moderator", Role.MODERATOR)
    report = report_message(message, cast.survivor)
    assert decisions.take_report(report=report, by=cast.moderator)
    assert not decisions.take_report(report=report, by=second)
    report.refresh_from_db()
    assert report.taken_by == cast.moderator


def test_danger_is_not_closed_without_a_word(cast: Cast, project: Project) -> None:
    report = report_project(project, reason=Report.Reason.DANGER)
    client = client_of(cast.moderator)
    answer = client.post(f"{url_of(report)}decide/", {"outcome": "dismiss"})
    assert answer.status_code == 422
    assert "Say in a sentence" in answer.content.decode()
    report.refresh_from_db()
    assert report.is_waiting
    words = "Spoke to the project; the person is safe with family."
    client.post(f"{url_of(report)}decide/", {"outcome": "act", "words": words})
    report.refresh_from_db()
    assert (report.state, report.outcome) == (Report.State.ACTED, words)


def test_a_step_is_kept_in_the_record(cast: Cast, project: Project) -> None:
    report = report_project(project, reason=Report.Reason.DANGER)
    client = client_of(cast.moderator)
    client.post(f"{url_of(report)}step/", {"step": "Called the lead, no answer."})
    assert "Called the lead" in client.get(url_of(report)).content.decode()


def test_suspending_takes_a_person_out_and_needs_words(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    with pytest.raises(Refused):
        decisions.decide_report(
            report=report, by=cast.moderator, outcome=Outcome.SUSPEND
        )
    decisions.decide_report(
        report=report,
        by=cast.moderator,
        outcome=Outcome.SUSPEND,
        words="Threats against another member.",
    )
    standing = Profile.objects.get(user=cast.former).standing
    assert standing == Standing.SUSPENDED
    message.refresh_from_db()
    assert message.deleted_at is not None


def test_whoever_is_suspended_is_told_and_reads_what_comes_now(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    decisions.decide_report(
        report=report, by=cast.moderator, outcome=Outcome.SUSPEND, words="Threats."
    )
    person = report.about
    assert person is not None
    assert Notice.objects.filter(person=person, kind="suspended").count() == 1
    page = client_of(person).get("/me/").content.decode()
    assert "Two vetters look at it" in page
    assert "Threats." not in page


@pytest.mark.parametrize("who", ["another", "the same"])
def test_another_decision_afterwards_is_told_that_it_does_not_count(
    cast: Cast, message: Message, who: str
) -> None:
    report = report_message(message, cast.survivor)
    second = {
        "the same": cast.moderator,
        "another": create_staff("second-moderator", Role.MODERATOR),
    }[who]
    decisions.decide_report(
        report=report, by=cast.moderator, outcome=Outcome.SUSPEND, words="Threats."
    )
    answer = client_of(second).post(
        f"/staff/reports/{report.pk}/decide/", {"outcome": "dismiss"}, follow=True
    )
    page = answer.content.decode()
    assert "It was decided already. That decision stands." in page
    assert "Decided. Who reported it" not in page
    report.refresh_from_db()
    assert report.state == Report.State.ACTED


def test_staff_are_not_suspended_from_the_desk(cast: Cast, message: Message) -> None:
    create_staff("colleague", Role.EDITOR)
    cast.former.groups.set(cast.editor.groups.all())
    report = report_message(message, cast.survivor)
    with pytest.raises(Refused):
        decisions.decide_report(
            report=report, by=cast.moderator, outcome=Outcome.SUSPEND, words="Threats."
        )
    assert Profile.objects.get(user=cast.former).standing == Standing.MEMBER
    report.refresh_from_db()
    assert report.is_waiting


def test_after_a_decision_the_next_report_opens(
    cast: Cast, message: Message, project: Project
) -> None:
    first = report_message(message, cast.survivor)
    second = report_project(project)
    client = client_of(cast.moderator)
    answer = client.post(f"{url_of(first)}decide/", {"outcome": "dismiss"})
    assert answer["Location"] == url_of(second)


def test_a_break_is_offered_after_twenty_decisions_or_forty_minutes(
    cast: Cast, project: Project
) -> None:
    client = client_of(cast.moderator)
    for _number in range(20):
        assert "Time for a break" not in client.get("/staff/reports/").content.decode()
        report = report_project(project)
        client.post(f"{url_of(report)}decide/", {"outcome": "dismiss"})
    assert "Time for a break" in client.get("/staff/reports/").content.decode()
    client.post("/staff/break/")
    assert "Time for a break" not in client.get("/staff/reports/").content.decode()
    start = timezone.now()
    for minutes, is_due in ((10, False), (20, False), (30, False), (41, True)):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            page = client.get("/staff/reports/").content.decode()
        assert ("Time for a break" in page) is is_due


def test_the_overview_shows_each_role_its_own_counters(
    cast: Cast, project: Project
) -> None:
    report_project(project, reason=Report.Reason.DANGER)
    moderator = client_of(cast.moderator).get("/staff/").content.decode()
    assert "The oldest has waited" in moderator
    editor = client_of(cast.editor).get("/staff/").content.decode()
    assert "/staff/danger/" not in editor
    assert "/staff/vetting/" not in editor
    assert "/staff/vetting/" in client_of(cast.vetter).get("/staff/").content.decode()
    assert client_of(cast.stranger).get("/staff/").status_code == 404
