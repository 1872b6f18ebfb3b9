"""Whether a member stays: asked once a year; who does not answer writes to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging import access as messaging
from messaging.models import Conversation
from network.access import NotFound, Refused
from network.models import Notice, OutgoingMail, User
from profiles import access, chores
from profiles.actions import reviews, standing, staying
from profiles.actions.erasing import erase_account
from profiles.models import (
    Application,
    ApplicationState,
    ConsentRecord,
    Invitation,
    MemberReview,
    Profile,
    Purpose,
    Referee,
    ReviewReason,
    ReviewState,
    ReviewVoice,
    Standing,
)
from tests.cast import Cast, client_of, create_member
from tests.messaging.conftest import conversation, participant

__all__ = ["conversation"]
pytestmark = pytest.mark.django_db

URL = "/me/stay/"
WORDS = "I moved to another town in spring."


@contextmanager
def after(days: float) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        yield


def standing_of(person: User) -> str:
    return Profile.objects.get(user=person).standing


def asked(person: User) -> MemberReview:
    row: MemberReview = MemberReview.objects.get(person=person)
    return row


def answer_form(person: User, **fields: str) -> dict[str, str]:
    form = client_of(person).get(URL).context["form"]
    return {"stays": "on", "seen": form["seen"].value(), "words": WORDS} | fields


def say(review: MemberReview, vetter: User, *, is_stay: bool) -> MemberReview:
    return staying.say_on_review(
        review=review,
        by=vetter,
        is_stay=is_stay,
        reason="As we know them.",
        told="" if is_stay else "You wrote to people who had said no.",
    )


# --- the yearly question --------------------------------------------------------------


def test_nobody_is_asked_before_eleven_months(cast: Cast) -> None:
    with after(334):
        chores.ask_yearly()
    assert not MemberReview.objects.exists()


def test_a_month_before_the_year_is_over_everybody_is_asked_once(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
        chores.ask_yearly()
        row = asked(cast.former)
        assert row.state == ReviewState.ASKED
        assert row.due_at is not None
        assert timedelta(days=28) < row.due_at - timezone.now() < timedelta(days=31)
        told = Notice.objects.filter(person=cast.former, kind="reconfirm")
        assert told.count() == 1
        mails = [
            one for one in OutgoingMail.objects.all() if one.to == cast.former.email
        ]
        assert [one.template for one in mails] == ["reconfirm"]
        page = client_of(cast.former).get("/me/").content.decode()
        assert "Do you stay a member?" in page
    assert not MemberReview.objects.filter(person=cast.suspended).exists()
    assert not MemberReview.objects.filter(person=cast.applicant).exists()


def test_a_week_before_there_is_one_reminder(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
    with after(360):
        chores.ask_yearly()
        chores.ask_yearly()
    told = Notice.objects.filter(person=cast.former, kind="reconfirm")
    assert told.count() == 2


def test_who_was_not_asked_in_time_has_a_month_all_the_same(cast: Cast) -> None:
    with after(500):
        chores.ask_yearly()
        assert not access.is_overdue(User.objects.get(pk=cast.former.pk))
        due = asked(cast.former).due_at
        assert due is not None
        assert due - timezone.now() > timedelta(days=29)


def test_overdue_writes_to_nobody_and_asks_nobody(
    cast: Cast, conversation: Conversation
) -> None:
    with after(336):
        chores.ask_yearly()
    with after(370):
        chores.ask_yearly()
        late = User.objects.get(pk=cast.former.pk)
        assert access.is_overdue(late)
        verdict = messaging.can_write(participant(conversation, late))
        assert not verdict.is_ok
        assert "Confirm first" in verdict.reason
        other = Profile.objects.get(user=cast.stranger)
        assert "Confirm first" in access.can_request(late, other).reason
        assert not access.can_contact(late, cast.survivor).ok
        assert Notice.objects.filter(person=late, kind="overdue").count() == 1
        page = client_of(late).get("/me/").content.decode()
        assert "You cannot write to anybody until you answer." in page


def test_an_answer_while_the_chore_runs_is_on_time(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
        row = asked(cast.former)
        reviews.confirm_membership(review=row, by=cast.former, words="", language="en")
    with after(370):
        reviews.mark_late(row.pk)  # it had been on the list of the late
    assert not Profile.objects.get(user=cast.former).is_overdue


def test_an_account_that_no_letter_reaches_is_not_asked(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.stranger).delete()
    with after(336):
        chores.ask_yearly()
    assert MemberReview.objects.filter(person=cast.former).exists()
    assert not MemberReview.objects.filter(person=cast.stranger).exists()


def test_given_back_after_a_suspension_one_is_asked_anew_with_a_month(
    cast: Cast,
) -> None:
    with after(336):
        chores.ask_yearly()
    with after(370):
        chores.ask_yearly()
        row = suspended(cast.former)
        for vetter in (cast.vetter, cast.second_vetter):
            say(row, vetter, is_stay=True)
        assert not Profile.objects.get(user=cast.former).is_overdue
        chores.ask_yearly()
        open_again = MemberReview.objects.open().get(person=cast.former)
        assert open_again.state == ReviewState.ASKED
        assert open_again.due_at is not None
        assert open_again.due_at > timezone.now() + timedelta(days=29)
        assert not Profile.objects.get(user=cast.former).is_overdue


def test_an_answer_gives_the_rights_back_and_is_for_a_vetter(
    cast: Cast, conversation: Conversation
) -> None:
    with after(336):
        chores.ask_yearly()
    with after(370):
        chores.ask_yearly()
        assert (
            client_of(cast.former).post(URL, answer_form(cast.former)).status_code
            == 302
        )
        row = asked(cast.former)
        assert (row.state, row.words) == (ReviewState.WAITING, WORDS)
        back = User.objects.get(pk=cast.former.pk)
        assert not access.is_overdue(back)
        assert messaging.can_write(participant(conversation, back)).is_ok
        agreed = ConsentRecord.objects.filter(person=back, purpose=Purpose.COMMUNITY)
        assert agreed.count() == 1
        assert Notice.objects.filter(person=cast.vetter, kind="review").exists()
        assert client_of(cast.former).get(URL)["Location"] == "/me/"


def test_answered_twice_it_is_one_answer(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
        row, data = asked(cast.former), answer_form(cast.former)
        for words in (WORDS, "Something else."):
            reviews.confirm_membership(
                review=row, by=cast.former, words=words, language="en"
            )
        assert asked(cast.former).words == WORDS
        assert client_of(cast.former).post(URL, data).status_code == 302


def test_without_a_yes_it_is_asked_again_with_what_was_written(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
        data = answer_form(cast.former)
        data.pop("stays")
        answer = client_of(cast.former).post(URL, data)
        assert answer.status_code == 422
        assert WORDS in answer.content.decode()
        stale = answer_form(cast.former, seen="another text")
        answer = client_of(cast.former).post(URL, stale)
        assert "A text has changed" in answer.content.decode()


def test_the_words_are_stored_sealed(cast: Cast) -> None:
    with after(336):
        chores.ask_yearly()
        reviews.confirm_membership(
            review=asked(cast.former), by=cast.former, words=WORDS, language="en"
        )
    raw = MemberReview.objects.filter(person=cast.former).values_list("words")
    assert WORDS not in str(list(raw))


# --- vetters --------------------------------------------------------------------------


@pytest.fixture
def waiting(cast: Cast) -> MemberReview:
    return reviews.open_review(person=cast.former, reason=ReviewReason.YEARLY)


def test_one_vetter_is_enough_for_staying(cast: Cast, waiting: MemberReview) -> None:
    row = say(waiting, cast.vetter, is_stay=True)
    assert row.state == ReviewState.STAYS
    confirmed = Profile.objects.get(user=cast.former).confirmed_at
    assert confirmed is not None
    with after(334):
        chores.ask_yearly()
    assert not MemberReview.objects.open().filter(person=cast.former).exists()


def test_ending_takes_two(cast: Cast, waiting: MemberReview) -> None:
    say(waiting, cast.vetter, is_stay=False)
    assert standing_of(cast.former) == Standing.MEMBER
    row = say(waiting, cast.second_vetter, is_stay=False)
    assert row.state == ReviewState.ENDED
    assert standing_of(cast.former) == Standing.LEFT
    page = client_of(cast.former).get("/me/").content.decode()
    assert "You wrote to people who had said no." in page
    assert "As we know them." not in page


def test_one_who_says_it_ends_makes_staying_take_two(
    cast: Cast, waiting: MemberReview
) -> None:
    say(waiting, cast.vetter, is_stay=False)
    row = say(waiting, cast.second_vetter, is_stay=True)
    assert row.state == ReviewState.WAITING


def test_the_same_vetter_has_one_word(cast: Cast, waiting: MemberReview) -> None:
    say(waiting, cast.vetter, is_stay=False)
    say(waiting, cast.vetter, is_stay=False)
    with pytest.raises(Refused):
        say(waiting, cast.vetter, is_stay=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewVoice.objects.create(
            review=waiting, vetter=cast.vetter, is_stay=False, reason="Once more."
        )
    assert standing_of(cast.former) == Standing.MEMBER


def test_only_vetters_have_a_word_and_not_on_themselves(
    cast: Cast, waiting: MemberReview
) -> None:
    with pytest.raises(NotFound):
        say(waiting, cast.moderator, is_stay=True)
    own = reviews.open_review(person=cast.vetter, reason=ReviewReason.YEARLY)
    with pytest.raises(Refused):
        say(own, cast.vetter, is_stay=True)


# --- after a suspension and a removal -------------------------------------------------


def suspended(person: User) -> MemberReview:
    standing.suspend_member(
        profile=Profile.objects.get(user=person), by=None, reason="Threats."
    )
    row: MemberReview = MemberReview.objects.open().get(person=person)
    return row


def test_a_suspended_member_is_given_back_by_two(cast: Cast) -> None:
    row = suspended(cast.former)
    say(row, cast.vetter, is_stay=True)
    assert standing_of(cast.former) == Standing.SUSPENDED
    say(row, cast.second_vetter, is_stay=True)
    assert standing_of(cast.former) == Standing.PROBATION  # admitted today


def test_a_suspension_takes_the_place_of_the_yearly_question(
    cast: Cast, waiting: MemberReview
) -> None:
    row = suspended(cast.former)
    assert row.reason == ReviewReason.SUSPENDED
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.LAPSED


def brought(inviter: User, name: str, *, by_word: bool = False) -> User:
    person = create_member(name)
    application = Application.objects.create(
        applicant=person, state=ApplicationState.DRAFT
    )
    Application.objects.filter(pk=application.pk).update(
        state=ApplicationState.APPROVED,
        first_approver=create_member(f"{name}-one"),
        second_approver=create_member(f"{name}-two"),
    )
    if by_word:
        Referee.objects.create(
            application=application, email="", known_as="", member=inviter
        )
    else:
        Invitation.objects.create(
            inviter=inviter, expires_at=timezone.now(), application=application
        )
    return person


def test_a_removal_brings_back_everybody_who_came_by_their_word(cast: Cast) -> None:
    near = brought(cast.former, "near")
    spoken = brought(cast.former, "spoken", by_word=True)
    far = brought(near, "far")
    other = brought(cast.stranger, "other")
    row = suspended(cast.former)
    assert not MemberReview.objects.filter(reason=ReviewReason.REFERRAL).exists()
    for vetter in (cast.vetter, cast.second_vetter):
        say(row, vetter, is_stay=False)
    opened = MemberReview.objects.filter(reason=ReviewReason.REFERRAL)
    assert {one.person for one in opened} == {near, spoken, far}
    assert {one.because_of for one in opened} == {cast.former}
    assert other not in {one.person for one in opened}
    assert all(standing_of(one.person) == Standing.MEMBER for one in opened)
    # they are looked at, and learn nothing of it
    assert not Notice.objects.filter(person__in=[near, spoken, far]).exists()


def test_who_leaves_is_not_looked_at_any_more(
    cast: Cast, waiting: MemberReview
) -> None:
    standing.leave_network(
        profile=Profile.objects.get(user=cast.former), by=cast.former
    )
    waiting.refresh_from_db()
    assert waiting.state == ReviewState.LAPSED


def test_erased_with_the_account(cast: Cast, waiting: MemberReview) -> None:
    say(waiting, cast.vetter, is_stay=True)
    erase_account(person=cast.former)
    assert not MemberReview.objects.exists()
    assert not ReviewVoice.objects.exists()


def test_kept_two_years_after_the_end(cast: Cast, waiting: MemberReview) -> None:
    say(waiting, cast.vetter, is_stay=True)
    with after(729):
        chores.forget_reviews()
        assert MemberReview.objects.filter(pk=waiting.pk).exists()
    with after(731):
        chores.forget_reviews()
        assert not MemberReview.objects.filter(pk=waiting.pk).exists()
