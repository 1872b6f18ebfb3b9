"""Invented members: the team hears of whoever opens one, and nobody else ever does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from moderation.actions.canaries import Invented, create_canary, remove_canary
from moderation.actions.decisions import Outcome, decide_report
from moderation.forms.reporting import ReportForm
from moderation.models import Canary, Report
from network import parts
from network.models import Notice, OutboxEntry, User
from profiles.models import Connection, Profile, Standing
from search import sources
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary(db: None) -> Canary:
    return invent("Henrike S.")


def invent(name: str) -> Canary:
    made = Invented(pseudonym=name, languages=["de"], skills=["first-aid"])
    return create_canary(invented=made)


def open_profile(viewer: User, person: User) -> Any:
    return client_of(viewer).get(f"/people/{person.pk}/")


def test_opening_one_is_reported_about_the_viewer(cast: Cast, canary: Canary) -> None:
    assert open_profile(cast.stranger, canary.person).status_code == 200
    report = Report.objects.get()
    assert (report.reason, report.about) == (Report.Reason.CANARY, cast.stranger)
    assert report.reporter is None
    assert "Stranger" in report.excerpt
    notice = Notice.objects.get(kind="canary")
    assert notice.person == cast.moderator
    assert notice.url == f"/staff/reports/{report.pk}/"
    shown = client_of(cast.moderator).get(notice.url).content.decode()
    assert "The site reported this by itself" in shown
    assert "Henrike" not in shown  # which one it was is nobody's to know
    assert str(canary.person.pk) not in shown


def test_nothing_tells_the_viewer(cast: Cast, canary: Canary) -> None:
    real = create_member("henriketoo")
    Profile.objects.filter(user=real).update(
        pseudonym="Henrike S.", languages=["de"], is_open_to_contact=False
    )
    real.profile.skills.create(skill="first-aid")
    answers = [open_profile(cast.former, one) for one in (real, canary.person)]
    bodies = [
        changing(answer.content.decode(), one)
        for answer, one in zip(answers, (real, canary.person), strict=True)
    ]
    assert bodies[0] == bodies[1]
    assert set(answers[0].headers) == set(answers[1].headers)
    client = client_of(cast.former)
    assert "vented" not in client.get("/me/reports/").content.decode()
    for section in parts.exporters:
        rows = str(list(section.rows(cast.former)))
        assert "canary" not in rows
        assert str(canary.person.pk) not in rows
        assert str(canary.person.profile.pk) not in rows
    assert not Notice.objects.filter(person=cast.former).exists()


def changing(body: str, person: User) -> str:
    """Without what is another on every page and for every person."""
    body = body.replace(str(person.pk), "ID")
    body = re.sub(r'(csrfmiddlewaretoken" value|token|nonce)="[^"]+"', "", body)
    return re.sub(r'/art/[^"]+', "ART", body)


def test_one_report_a_month_for_each_pair(cast: Cast, canary: Canary) -> None:
    other = invent("Marius B.")
    start = timezone.now().replace(year=2027, month=1, day=1, hour=12)
    days_in = start.date().toordinal() % 30
    first = start - timedelta(days=days_in)
    for days in (0, 1, 29):
        with time_machine.travel(first + timedelta(days=days), tick=False):
            open_profile(cast.former, canary.person)
    assert Report.objects.count() == 1
    with time_machine.travel(first, tick=False):
        open_profile(cast.former, other.person)
        open_profile(cast.lead, canary.person)
    assert Report.objects.count() == 3
    report = Report.objects.filter(about=cast.lead).get()
    decide_report(report=report, by=cast.moderator, outcome=Outcome.DISMISS)
    with time_machine.travel(first + timedelta(days=31), tick=False):
        open_profile(cast.former, canary.person)
    assert Report.objects.count() == 4


def test_only_opening_one_is_reported(cast: Cast, canary: Canary) -> None:
    client = client_of(cast.former)
    assert "Henrike S." in client.get("/people/").content.decode()
    open_profile(cast.former, cast.survivor)
    assert not Report.objects.exists()


def test_staff_may_look(cast: Cast, canary: Canary) -> None:
    Profile.objects.create(
        user=cast.editor, pseudonym="Editor", standing=Standing.MEMBER
    )
    assert open_profile(cast.editor, canary.person).status_code == 200
    assert not Report.objects.exists()
    assert not Notice.objects.filter(kind="canary").exists()


def test_it_stands_in_the_list_by_its_name(cast: Cast, canary: Canary) -> None:
    cards = client_of(cast.newcomer).get("/people/").context["cards"]
    names = [card.profile.pseudonym for card in cards]
    assert "Henrike S." in names
    assert names == sorted(names)
    found = client_of(cast.newcomer).get("/people/?language=de").context["cards"]
    assert [card.profile.user_id for card in found] == [canary.person.pk]


def test_it_is_offered_to_nobody_and_takes_no_requests(
    cast: Cast, canary: Canary
) -> None:
    key = str(canary.person.pk)
    assert not any(getattr(one, "id", "") == key for one in sources.everything())
    assert not OutboxEntry.objects.filter(key=key).exists()
    client = client_of(cast.former)
    sent = client.post(f"/people/{key}/connect/", {"note": "Hello"})
    assert sent.status_code == 422
    assert not Connection.objects.exists()


def test_nobody_reports_for_that_reason_themselves() -> None:
    values = [value for value, _label in ReportForm().fields["reason"].choices]
    assert not {Report.Reason.CANARY, Report.Reason.COLLECTING} & set(values)
    assert len(values) == len(Report.Reason) - 2


def test_the_command_adds_lists_and_removes(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("canary", "add", "Yara N.", "--language", "ar", "--skill", "cooking")
    key = capsys.readouterr().out.strip()
    call_command("canary", "list")
    assert capsys.readouterr().out == f"{key}  Yara N.\n"
    for wrong in (
        ["Former"],
        ["", "--language", "ar"],
        ["Yara N.", "--language", "ar"],
    ):
        with pytest.raises(CommandError):
            call_command("canary", "add", *wrong)
    call_command("canary", "remove", key)
    assert not Canary.objects.exists()
    assert not Profile.objects.filter(pseudonym="Yara N.").exists()


def test_one_that_is_erased_leaves_nothing(cast: Cast, canary: Canary) -> None:
    key = canary.person.pk
    remove_canary(canary=canary)
    assert not User.objects.filter(pk=key).exists()
    assert client_of(cast.former).get(f"/people/{key}/").status_code == 404
