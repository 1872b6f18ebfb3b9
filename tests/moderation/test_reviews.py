"""Members looked at again, at the desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import AuditEntry
from profiles.actions import reviews, standing
from profiles.models import (
    Application,
    Invitation,
    MemberReview,
    Profile,
    ReviewReason,
    ReviewState,
    Standing,
)
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db
URL = "/staff/members/"
STAY = {"answer": "stay", "reason": "Known to us for years."}
END = {"answer": "end", "reason": "Three reports.", "told": "You wrote after a no."}


@pytest.fixture
def waiting(cast: Cast) -> MemberReview:
    return reviews.open_review(person=cast.former, reason=ReviewReason.YEARLY)


def url_of(row: MemberReview) -> str:
    return f"{URL}{row.pk}/"


def test_the_queue_says_who_waits_and_why(cast: Cast, waiting: MemberReview) -> None:
    page = client_of(cast.vetter).get(URL).content.decode()
    assert "Former" in page
    assert "A year has passed" in page
    desk = client_of(cast.vetter).get("/staff/").content.decode()
    assert "Members looked at again" in desk


def test_an_empty_queue_says_when_somebody_comes(cast: Cast) -> None:
    page = client_of(cast.vetter).get(URL).content.decode()
    assert "Nothing waits" in page


def test_every_opening_is_in_the_log(cast: Cast, waiting: MemberReview) -> None:
    client_of(cast.vetter).get(url_of(waiting))
    seen = AuditEntry.objects.filter(
        action="viewed", actor=cast.vetter.pk, subject__endswith=str(waiting.pk)
    )
    assert seen.count() == 1


def test_who_brought_them_in_is_told_and_reads_nothing_themselves(
    cast: Cast, waiting: MemberReview
) -> None:
    application = Application.objects.create(applicant=cast.former)
    Invitation.objects.create(
        inviter=cast.second_vetter, expires_at=timezone.now(), application=application
    )
    Profile.objects.create(user=cast.second_vetter, pseudonym="Quiet Heron")
    assert "Quiet Heron" in client_of(cast.vetter).get(url_of(waiting)).content.decode()
    assert client_of(cast.second_vetter).get(url_of(waiting)).status_code == 404


def test_a_word_is_said_and_the_row_leaves_their_queue(
    cast: Cast, waiting: MemberReview
) -> None:
    client = client_of(cast.vetter)
    answer = client.post(f"{url_of(waiting)}decide/", END, follow=True)
    assert "A second person has to say so too." in answer.content.decode()
    assert url_of(waiting) not in answer.content.decode()
    other = client_of(cast.second_vetter)
    page = other.get(url_of(waiting)).content.decode()
    assert "Three reports." in page
    answer = other.post(f"{url_of(waiting)}decide/", END, follow=True)
    assert "The membership has ended" in answer.content.decode()
    assert Profile.objects.get(user=cast.former).standing == Standing.LEFT


def test_an_end_needs_words_for_the_member(cast: Cast, waiting: MemberReview) -> None:
    data = {"answer": "end", "reason": "Three reports."}
    answer = client_of(cast.vetter).post(f"{url_of(waiting)}decide/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Write some words that the member reads." in page
    assert "Three reports." in page
    assert not waiting.voices.exists()


def test_sent_twice_it_is_one_word(cast: Cast, waiting: MemberReview) -> None:
    for _time in range(2):
        client_of(cast.vetter).post(f"{url_of(waiting)}decide/", END)
    assert waiting.voices.count() == 1


def test_what_is_over_opens_for_a_reason(cast: Cast, waiting: MemberReview) -> None:
    client = client_of(cast.vetter)
    client.post(f"{url_of(waiting)}decide/", STAY)
    assert "Known to us" not in client.get(url_of(waiting)).content.decode()
    for data in ({"answer": "stay"}, STAY):
        answer = client.post(f"{url_of(waiting)}decide/", data, follow=True)
        assert "Known to us" not in answer.content.decode()
    page = client.post(url_of(waiting), {"why": "A complaint came."}).content.decode()
    assert "Known to us for years." in page
    assert url_of(waiting) in client.get(f"{URL}?show=decided").content.decode()


def test_a_suspended_member_is_given_back_at_the_desk(cast: Cast) -> None:
    profile = Profile.objects.get(user=cast.former)
    standing.suspend_member(profile=profile, by=cast.moderator, reason="Threats.")
    row = MemberReview.objects.get(person=cast.former)
    for vetter in (cast.vetter, cast.second_vetter):
        page = client_of(vetter).get(url_of(row)).content.decode()
        assert "two who say that it ends make it final" in page
        client_of(vetter).post(f"{url_of(row)}decide/", STAY)
    row.refresh_from_db()
    assert row.state == ReviewState.STAYS
    assert Profile.objects.get(user=cast.former).standing != Standing.SUSPENDED


def test_the_queue_costs_the_same_however_long(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client_of(cast.vetter).get(URL)
        return len(seen)

    def add(count: int, name: str) -> None:
        for number in range(count):
            person = create_member(f"{name}{number}")
            reviews.open_review(person=person, reason=ReviewReason.YEARLY)

    add(2, "few")
    few = queries()
    add(6, "many")
    assert queries() == few
