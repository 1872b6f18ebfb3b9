"""Reporting: by whom, of what, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from messaging import access as messaging_access
from messaging import actions as messaging_actions
from messaging.models import Message, Participant
from moderation.models import WAITING, Report
from moderation.views import reporting
from network import mailed_links, parts
from network.models import Notice, OutboxEntry
from network.ratelimit import Decision
from profiles.actions.blocks import block_person
from profiles.models import Block, ContactGrant, VolunteerRegistration
from projects.models import Project
from tests.cast import Cast, client_of
from tests.messaging.conftest import participant
from tests.moderation.conftest import THREAT, report_message

pytestmark = pytest.mark.django_db


def url_of(message: Message) -> str:
    return f"/report/message/{message.pk}/"


def test_a_reported_message_is_kept_with_the_five_before_it(
    cast: Cast, message: Message
) -> None:
    form = {"reason": "threat", "words": "He knows my street.", "uuid": str(uuid4())}
    answer = client_of(cast.survivor).post(url_of(message), form)
    assert answer.status_code == 302
    report = Report.objects.get()
    assert (report.reporter, report.about) == (cast.survivor, cast.former)
    assert report.words == "He knows my street."
    assert THREAT in report.excerpt
    assert "Earlier line 3." in report.excerpt
    assert "Earlier line 2." not in report.excerpt
    assert OutboxEntry.objects.filter(kind="report", key=str(report.pk)).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, excerpt FROM moderation_report")
        stored = " ".join(cursor.fetchone())
    assert "street" not in stored
    assert "sorry" not in stored


def test_what_was_reported_stays_though_its_author_takes_it_back(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor)
    client = client_of(cast.former)
    client.post(f"/messages/{message.conversation_id}/{message.seq}/delete/")
    message.refresh_from_db()
    assert message.deleted_at is None
    assert THREAT in Report.objects.get(pk=report.pk).excerpt


def test_a_block_ends_no_report(cast: Cast, message: Message) -> None:
    profile = f"/report/profile/{cast.former.pk}/"
    block_person(by=cast.survivor, person=cast.former)
    client = client_of(cast.survivor)
    assert f'href="{profile}"' in client.get("/connections/").content.decode()
    for url in (url_of(message), profile):
        page = client.get(url).content.decode()
        assert 'href="/connections/"' in page  # where the blocked one is not missing
        assert 'name="block"' not in page
        sent = client.post(url, {"reason": "threat", "uuid": str(uuid4())})
        assert sent.status_code == 302
    assert set(Report.objects.values_list("kind", "about")) == {
        ("message", cast.former.pk),
        ("profile", cast.former.pk),
    }
    assert THREAT in Report.objects.get(kind="message").excerpt
    assert client.get(f"/messages/{message.conversation_id}/").status_code == 404
    blocked = client_of(cast.former)
    assert blocked.get(f"/report/profile/{cast.survivor.pk}/").status_code == 404
    # nor can anybody write a threat and then hide it by a block of their own
    assert blocked.get(url_of(message)).status_code == 200


def test_hidden_and_missing_look_the_same_to_whoever_reports(
    cast: Cast, message: Message
) -> None:
    for person in (None, cast.stranger, cast.moderator, cast.vetter):
        client = client_of(person)
        hidden = client.get(url_of(message))
        for other in (f"message/{uuid4()}", "message/nonsense", "nothing/1"):
            missing = client.get(f"/report/{other}/")
            assert missing.status_code == hidden.status_code == 404
            assert missing.content == hidden.content
            assert missing.headers == hidden.headers
        sent = client.post(url_of(message), {"reason": "threat"})
        assert sent.status_code == 404
        assert sent.content == hidden.content
    assert Report.objects.count() == 0


def test_reporting_twice_is_one_report_that_grows(cast: Cast, message: Message) -> None:
    client = client_of(cast.survivor)
    for words in ("First words.", "First words.", "More words."):
        form = {"reason": "contact", "words": words, "uuid": str(uuid4())}
        assert client.post(url_of(message), form).status_code == 302
    report = Report.objects.get()
    assert report.words == "First words.\n\nMore words."
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            kind="message",
            object_key=str(message.pk),
            reporter=cast.survivor,
            reason="other",
        )


def test_danger_named_later_moves_the_same_report_to_the_front(
    cast: Cast, message: Message
) -> None:
    report_message(message, cast.survivor, Report.Reason.CONTACT)
    assert Notice.objects.filter(kind="danger").count() == 0
    report_message(message, cast.survivor, Report.Reason.DANGER)
    assert Report.objects.get().reason == Report.Reason.DANGER
    assert [note.person for note in Notice.objects.filter(kind="danger")] == [
        cast.moderator
    ]


def test_a_new_report_can_follow_one_that_was_decided(
    cast: Cast, message: Message
) -> None:
    first = report_message(message, cast.survivor)
    Report.objects.filter(pk=first.pk).update(state=Report.State.DISMISSED)
    second = report_message(message, cast.survivor)
    assert second.pk != first.pk


def test_a_stranger_without_account_reports_what_everybody_sees(
    project: Project,
) -> None:
    client = Client()
    url = f"/report/project/{project.pk}/"
    page = client.get(url).content.decode()
    first, *_others = page.split('name="reason" value="')[1:]
    assert first.startswith("danger")
    form = {"reason": "exposes", "words": "It names me.", "uuid": str(uuid4())}
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    report = Report.objects.get()
    assert report.reporter is None
    assert "Open Door" in report.excerpt


def test_without_a_reason_the_words_are_kept_and_nothing_is_stored(
    project: Project,
) -> None:
    answer = Client().post(
        f"/report/project/{project.pk}/", {"words": "Look at this", "uuid": uuid4()}
    )
    assert answer.status_code == 422
    assert "Look at this" in answer.content.decode()
    assert "Choose what fits best." in answer.content.decode()
    assert Report.objects.count() == 0


def test_at_most_three_fields_are_asked(cast: Cast, message: Message) -> None:
    page = client_of(cast.survivor).get(url_of(message)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    names = {name for name in ("reason", "words", "contact", "block") if name in main}
    asked = {name for name in names if f'name="{name}"' in main}
    assert asked == {"reason", "words", "block"}


def test_the_same_form_can_block_the_person_too(cast: Cast, message: Message) -> None:
    form = {"reason": "contact", "block": "on", "uuid": str(uuid4())}
    client_of(cast.survivor).post(url_of(message), form)
    block = Block.objects.get()
    assert (block.blocker, block.blocked) == (cast.survivor, cast.former)
    assert THREAT in Report.objects.get().excerpt


def test_of_a_project_nobody_is_blocked_along(cast: Cast, project: Project) -> None:
    client = client_of(cast.stranger)
    url = f"/report/project/{project.pk}/"
    assert 'name="block"' not in client.get(url).content.decode()
    client.post(url, {"reason": "other", "block": "on", "uuid": str(uuid4())})
    assert Report.objects.count() == 1
    assert Block.objects.count() == 0


def test_a_volunteer_reports_by_the_mailed_link(cast: Cast) -> None:
    registration = VolunteerRegistration.objects.create(
        email="vol@example.org",
        email_index="x",
        confirmed_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=300),
    )
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=uuid4(),
        person=cast.lead,
        other_registration=registration,
    )
    conversation = messaging_actions.open_conversation(grant=grant)
    message = messaging_actions.send_message(
        participant=participant(conversation, cast.lead),
        body="Come alone.",
        client_uuid=uuid4(),
    )
    token = mailed_links.issue(
        purpose=messaging_access.LINK_PURPOSE,
        subject=Participant.objects.get(registration=registration).pk,
        lifetime=messaging_access.LINK_LIFETIME,
    )
    client = Client()
    client.get(f"/messages/open/{token}/")
    form = {"reason": "danger", "uuid": str(uuid4())}
    assert client.post(url_of(message), form).status_code == 302
    assert Report.objects.get().about == cast.lead
    assert Client().get(url_of(message)).status_code == 404


def test_many_reports_from_one_address_are_slowed_and_none_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("network.http.sleep", waits.append)
    monkeypatch.setattr(reporting, "LIMIT", 2)
    client = Client()
    for _ in range(4):
        form = {"reason": "other", "uuid": str(uuid4())}
        assert client.post(f"/report/project/{project.pk}/", form).status_code == 302
    assert Report.objects.count() == 4
    assert len(waits) == 2
    assert 0 < waits[0] < waits[1] <= reporting.LONGEST_DELAY
    assert Decision(True).delay == 0


def test_the_danger_page_has_numbers_to_call_before_it_asks(cast: Cast) -> None:
    page = Client().get("/in-danger/").content.decode()
    assert page.index("tel:112") < page.index('name="words"')
    assert "What we do not do" in page


def test_telling_of_danger_alerts_who_is_on_call_once(cast: Cast) -> None:
    form = {"words": "He wrote that he will do it.", "contact": "", "uuid": uuid4()}
    client = Client()
    for _ in range(2):
        answer = client.post("/in-danger/", form)
    assert "about=danger" in answer["Location"]
    assert "before all others" in client.get(answer["Location"]).content.decode()
    report = Report.objects.get()
    assert report.is_danger
    assert Notice.objects.filter(person=cast.moderator, kind="danger").count() == 1


@pytest.mark.parametrize("is_closed", [False, True])
def test_words_corrected_on_the_way_back_reach_the_team(
    cast: Cast, *, is_closed: bool
) -> None:
    client, form = Client(), {"contact": "", "uuid": str(uuid4())}
    client.post("/in-danger/", form | {"words": "He says that he will hurt someone."})
    if is_closed:
        Report.objects.update(state=Report.State.DISMISSED)
    newer = {"words": "He says so, and has a gun.", "contact": "jo@example.org"}
    for _ in range(2):
        assert client.post("/in-danger/", form | newer).status_code == 302
    waiting = Report.objects.filter(state__in=WAITING).get()
    assert newer["words"] in waiting.words
    assert waiting.contact == newer["contact"]
    assert Report.objects.count() == (2 if is_closed else 1)


def test_a_person_sees_the_state_of_their_own_reports_only(
    cast: Cast, message: Message
) -> None:
    report_message(message, cast.survivor)
    mine = client_of(cast.survivor).get("/me/reports/").content.decode()
    theirs = client_of(cast.former).get("/me/reports/").content.decode()
    assert "A threat or pressure" in mine
    assert THREAT not in mine
    assert "A threat or pressure" not in theirs


def test_export_holds_own_words_and_erasure_leaves_the_report(
    cast: Cast, message: Message
) -> None:
    report = report_message(message, cast.survivor, words="Please look.")
    exporter = parts.exporters.get("moderation")
    eraser = parts.erasers.get("moderation")
    assert exporter is not None
    assert eraser is not None
    assert [row["words"] for row in exporter.rows(cast.survivor)] == ["Please look."]
    assert list(exporter.rows(cast.former)) == []
    eraser.erase(cast.survivor)
    report.refresh_from_db()
    assert report.reporter is None
    assert THREAT in report.excerpt
