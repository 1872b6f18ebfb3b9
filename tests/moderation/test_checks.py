"""Safeguarding checks: asked for by members, granted by two vetters, and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import chores
from moderation.actions import checks
from moderation.actions.checks import Word
from moderation.models import CheckState, Ground, SafeguardingCheck
from network.access import NotFound, Refused
from network.models import AuditEntry, Notice, User
from profiles.actions import standing
from profiles.models import (
    Application,
    Block,
    ContactGrant,
    Invitation,
    Meets,
    Profile,
)
from projects.actions import answers
from projects.models import Project
from search.sources import person_document
from tests.cast import Cast, client_of, create_member
from tests.projects.conftest import SECRET_PLACE, make_need, make_project, publish

pytestmark = pytest.mark.django_db
MINE = "/me/check/"
DESK = "/staff/checks/"
ASKED = {"tier": "1", "words": "The youth centre on the quay checked me."}


def day(after: int) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def yes(after: int = 300) -> dict[str, str]:
    return {
        "answer": "yes",
        "ground": Ground.ORGANISATION,
        "until": day(after),
        "reason": "Spoke with the centre.",
    }


NO = {
    "answer": "no",
    "ground": Ground.NOTHING,
    "reason": "The centre does not know them.",
    "told": "The centre could not tell us anything yet.",
}


@pytest.fixture
def waiting(cast: Cast) -> SafeguardingCheck:
    return checks.ask_for_check(by=cast.former, tier=Meets.IN_COMPANY, words="Ask Mia.")


@pytest.fixture
def project(cast: Cast) -> Project:
    return publish(make_project(cast.lead), cast.editor, cast.lead)


def grant(cast: Cast, row: SafeguardingCheck, after: int = 300) -> SafeguardingCheck:
    until = timezone.localdate() + timedelta(days=after)
    word = Word(is_yes=True, ground=Ground.CERTIFICATE, reason="Seen.", until=until)
    for vetter in (cast.vetter, cast.second_vetter):
        row = checks.say_on_check(check=row, by=vetter, word=word)
    return row


def profile_of(person: User) -> Profile:
    return Profile.objects.get(user=person)


def kinds(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("kind", flat=True))


def test_a_member_asks_on_a_page_and_sees_that_it_waits(cast: Cast) -> None:
    client = client_of(cast.former)
    assert "Ask for a check" in client.get(MINE).content.decode()
    page = client.post(MINE, ASKED, follow=True).content.decode()
    assert "Waits for vetters" in page
    assert ASKED["words"] in page
    assert 'name="tier"' not in page
    assert "check" in kinds(cast.vetter)
    assert profile_of(cast.former).tier_today == Meets.NOBODY


def test_asked_twice_it_waits_once(cast: Cast) -> None:
    client = client_of(cast.former)
    for _time in range(2):
        client.post(MINE, ASKED)
    assert SafeguardingCheck.objects.count() == 1
    assert kinds(cast.vetter).count("check") == 1


@pytest.mark.parametrize(
    "data", [{}, {"tier": "0", "words": "x"}, {"tier": "9", "words": "x"}, {"tier": ""}]
)
def test_bad_input_is_said_and_asks_for_nothing(
    cast: Cast, data: dict[str, str]
) -> None:
    words = {"words": "Kept text."} if "words" not in data else {}
    answer = client_of(cast.former).post(MINE, {**data, **words})
    assert answer.status_code == 422
    assert "x</textarea>" in answer.content.decode() or "Kept text." in (
        answer.content.decode()
    )
    assert not SafeguardingCheck.objects.exists()


def test_two_vetters_grant_it_until_the_earlier_day(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    page = client_of(cast.vetter).get(DESK).content.decode()
    assert "Former" in page
    url = f"{DESK}{waiting.pk}/"
    answer = client_of(cast.vetter).post(f"{url}decide/", yes(500), follow=True)
    assert "A second person has to say so too." in answer.content.decode()
    assert profile_of(cast.former).tier_today == Meets.NOBODY
    again = client_of(cast.vetter).post(f"{url}decide/", yes(500))
    assert again.status_code == 302
    assert waiting.voices.count() == 1
    other = client_of(cast.second_vetter)
    assert "Spoke with the centre." in other.get(url).content.decode()
    other.post(f"{url}decide/", yes(300))
    profile = profile_of(cast.former)
    assert profile.tier_today == Meets.IN_COMPANY
    assert str(profile.safeguarding_until) == day(300)
    assert profile.safeguarding_by == cast.second_vetter
    assert profile.safeguarding_at is not None
    assert "check_decided" in kinds(cast.former)
    page = client_of(cast.former).get(MINE).content.decode()
    assert "Granted by two vetters" in page
    assert person_document(profile).safeguarding_tier == Meets.IN_COMPANY


def test_one_vetter_alone_cannot_grant_it(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    """Not in the database either."""
    waiting.state, waiting.until = CheckState.GRANTED, timezone.localdate()
    waiting.first_approver = cast.vetter
    for second in (None, cast.vetter, cast.former):
        waiting.second_approver = second
        with pytest.raises(IntegrityError), transaction.atomic():
            waiting.save()


def test_nobody_decides_on_their_own_or_on_whom_they_brought_in(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    word = Word(is_yes=True, ground=Ground.CERTIFICATE, reason="I know me.")
    with pytest.raises(NotFound):
        checks.say_on_check(check=waiting, by=cast.former, word=word)
    Profile.objects.create(user=cast.vetter, standing="member", pseudonym="Heron")
    own = checks.ask_for_check(by=cast.vetter, tier=1, words="Me.")
    with pytest.raises(Refused):
        checks.say_on_check(check=own, by=cast.vetter, word=word)
    application = Application.objects.create(applicant=cast.former)
    Invitation.objects.create(
        inviter=cast.second_vetter, expires_at=timezone.now(), application=application
    )
    assert client_of(cast.second_vetter).get(f"{DESK}{waiting.pk}/").status_code == 404
    assert "check" not in kinds(cast.vetter)[1:]


def test_a_vetter_and_the_member_write_while_it_waits(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    for vetter in (cast.vetter, cast.second_vetter):
        Profile.objects.create(user=vetter, standing="member", pseudonym=vetter.email)
    client, url = client_of(cast.vetter), f"{DESK}{waiting.pk}/write/"
    for _time in range(2):
        answer = client.post(url)
        assert answer["Location"] == f"/messages/with/{cast.former.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    answer = client_of(cast.second_vetter).post(url, follow=True)
    assert "Another vetter writes with them already." in answer.content.decode()
    grants = ContactGrant.objects.filter(other_person=cast.former, ended_at=None)
    assert grants.count() == 1
    client_of(cast.former).post(f"{MINE}end/")
    assert not grants.exists()
    assert client.get(f"/messages/with/{cast.former.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["former", "vetter"])
def test_a_block_holds_at_the_desk_too(
    cast: Cast, waiting: SafeguardingCheck, who: str
) -> None:
    sides = {"former": (cast.former, cast.vetter), "vetter": (cast.vetter, cast.former)}
    blocker, blocked = sides[who]
    Block.objects.create(blocker=blocker, blocked=blocked)
    client_of(cast.vetter).post(f"{DESK}{waiting.pk}/write/")
    assert not ContactGrant.objects.exists()


def test_two_noes_are_told_in_the_words_for_the_member(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    for vetter in (cast.vetter, cast.second_vetter):
        client_of(vetter).post(f"{DESK}{waiting.pk}/decide/", NO)
    client = client_of(cast.former)
    page = client.get(MINE).content.decode()
    assert NO["told"] in page
    assert NO["reason"] not in page
    answer = client.post(MINE, ASKED)
    assert answer.status_code == 422
    assert "You can ask again from" in answer.content.decode()
    assert ASKED["words"] in answer.content.decode()
    SafeguardingCheck.objects.update(closed_at=timezone.now() - timedelta(days=31))
    assert client.post(MINE, ASKED).status_code == 302


def test_where_two_do_not_agree_a_third_decides(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    client_of(cast.vetter).post(f"{DESK}{waiting.pk}/decide/", NO)
    client_of(cast.second_vetter).post(f"{DESK}{waiting.pk}/decide/", yes())
    waiting.refresh_from_db()
    assert waiting.state == CheckState.WAITING
    page = client_of(cast.vetter).get(f"{DESK}{waiting.pk}/").content.decode()
    assert "A third vetter" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ground": Ground.NOTHING}, "A yes needs something to go by."),
        ({"until": ""}, "Say until when it counts."),
        ({"until": day(0)}, "Choose a day that is still to come."),
        ({"until": day(4 * 365)}, "three years at most"),
        ({"reason": ""}, "A reason is needed."),
        ({"answer": "no"}, "Write some words that the member reads."),
    ],
)
def test_what_is_missing_is_said_and_the_text_kept(
    cast: Cast, waiting: SafeguardingCheck, change: dict[str, str], said: str
) -> None:
    data = {**yes(), "told": "", **change}
    answer = client_of(cast.vetter).post(f"{DESK}{waiting.pk}/decide/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert data["reason"] in page
    assert not waiting.voices.exists()


def test_every_opening_is_in_the_log_and_what_is_over_opens_for_a_reason(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    client = client_of(cast.vetter)
    client.get(f"{DESK}{waiting.pk}/")
    seen = AuditEntry.objects.filter(
        action="viewed", actor=cast.vetter.pk, subject__endswith=str(waiting.pk)
    )
    assert seen.count() == 1
    grant(cast, waiting)
    assert "Ask Mia." not in client.get(f"{DESK}{waiting.pk}/").content.decode()
    answer = client.post(f"{DESK}{waiting.pk}/decide/", NO, follow=True)
    assert "Ask Mia." not in answer.content.decode()
    page = client.post(f"{DESK}{waiting.pk}/", {"why": "A complaint."}).content.decode()
    assert "Ask Mia." in page
    assert f"{waiting.pk}" in client.get(f"{DESK}?show=decided").content.decode()


def test_ended_it_hides_the_place_and_tells_the_lead(
    cast: Cast, waiting: SafeguardingCheck, project: Project
) -> None:
    grant(cast, waiting)
    need = make_need(project, cast.lead, safeguarding_tier=1)
    helper = User.objects.get(pk=cast.former.pk)
    offer = answers.apply(need=need, by=helper)
    answers.accept(answer=offer, by=cast.lead)
    own = f"/answers/{offer.pk}/"
    assert SECRET_PLACE in client_of(cast.former).get(own).content.decode()
    client = client_of(cast.vetter)
    end = f"{DESK}{waiting.pk}/end/"
    assert client.post(end, {"told": ""}).status_code == 422
    client.post(end, {"told": "The centre has taken its word back."})
    assert profile_of(cast.former).tier_today == Meets.NOBODY
    assert SECRET_PLACE not in client_of(cast.former).get(own).content.decode()
    assert "check missing" in kinds(cast.lead)
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "no longer have the check" in page
    page = client_of(cast.former).get(MINE).content.decode()
    assert "The centre has taken its word back." in page
    assert "check_over" in kinds(cast.former)
    assert client.post(end, {"told": "Again."}).status_code == 302


def test_it_runs_out_after_its_last_day(cast: Cast, waiting: SafeguardingCheck) -> None:
    grant(cast, waiting, after=40)
    chores.tell_of_end()
    assert "check_ends" not in kinds(cast.former)
    yesterday = timezone.localdate() - timedelta(days=1)
    soon = timezone.localdate() + timedelta(days=20)
    SafeguardingCheck.objects.update(until=soon)
    for _time in range(2):
        chores.tell_of_end()
    assert kinds(cast.former).count("check_ends") == 1
    SafeguardingCheck.objects.update(until=yesterday)
    Profile.objects.filter(user=cast.former).update(safeguarding_until=yesterday)
    profile = profile_of(cast.former)
    assert profile.tier_today == Meets.NOBODY
    assert profile.safeguarding_tier == Meets.IN_COMPANY
    chores.end_checks()
    assert profile_of(cast.former).safeguarding_tier == Meets.NOBODY
    waiting.refresh_from_db()
    assert waiting.state == CheckState.ENDED
    assert "check_over" in kinds(cast.former)


def test_a_suspended_member_has_no_check(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    grant(cast, waiting)
    profile = profile_of(cast.former)
    standing.suspend_member(profile=profile, by=cast.moderator, reason="Threats.")
    assert profile_of(cast.former).safeguarding_tier == Meets.NOBODY
    chores.end_checks()
    waiting.refresh_from_db()
    assert waiting.state == CheckState.ENDED


def test_nobody_is_granted_anything_who_was_suspended_meanwhile(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    """Or it would count on the day on which they are given back."""
    word = Word(is_yes=True, ground=Ground.CERTIFICATE, reason="Seen.")
    checks.say_on_check(check=waiting, by=cast.second_vetter, word=word)
    profile = profile_of(cast.former)
    standing.suspend_member(profile=profile, by=cast.moderator, reason="Threats.")
    client = client_of(cast.vetter)
    assert str(waiting.pk) not in client.get(DESK).content.decode()
    assert client.get(f"{DESK}{waiting.pk}/").status_code == 404
    with pytest.raises(Refused):  # the page was open before
        checks.say_on_check(check=waiting, by=cast.vetter, word=word)
    chores.end_checks()
    waiting.refresh_from_db()
    assert waiting.state == CheckState.WITHDRAWN
    standing.reinstate_member(
        profile=profile_of(cast.former), by=cast.vetter, reason=""
    )
    assert profile_of(cast.former).tier_today == Meets.NOBODY


def test_a_vetter_without_messages_of_their_own_writes_to_nobody(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    answer = client_of(cast.vetter).post(f"{DESK}{waiting.pk}/write/", follow=True)
    assert "You cannot write to this member." in answer.content.decode()
    assert not ContactGrant.objects.exists()


def test_leads_are_told_when_a_check_becomes_less(
    cast: Cast, waiting: SafeguardingCheck, project: Project
) -> None:
    checks.withdraw_check(by=cast.former)
    wide = checks.ask_for_check(by=cast.former, tier=Meets.ALONE, words="Ask Mia.")
    grant(cast, wide, after=20)
    need = make_need(project, cast.lead, safeguarding_tier=2)
    helper = User.objects.get(pk=cast.former.pk)
    answers.accept(answer=answers.apply(need=need, by=helper), by=cast.lead)
    less = checks.ask_for_check(by=helper, tier=Meets.IN_COMPANY, words="Ask Mia.")
    grant(cast, less)
    assert profile_of(cast.former).tier_today == Meets.IN_COMPANY
    assert kinds(cast.lead).count("check missing") == 1


def test_a_member_takes_back_and_gives_up(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    client = client_of(cast.former)
    client.post(f"{MINE}end/")
    waiting.refresh_from_db()
    assert waiting.state == CheckState.WITHDRAWN
    assert client_of(cast.vetter).get(f"{DESK}{waiting.pk}/").status_code == 404
    with pytest.raises(Refused):
        grant(cast, waiting)
    again = checks.ask_for_check(by=cast.former, tier=1, words="Ask Mia.")
    grant(cast, again)
    assert client.post(MINE, ASKED).status_code == 422
    client.post(f"{MINE}end/", {"granted": ""})
    assert profile_of(cast.former).tier_today == Meets.NOBODY
    assert "check_over" not in kinds(cast.former)


def test_a_wider_one_takes_the_place_of_the_one_before(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    grant(cast, waiting)
    wider = checks.ask_for_check(by=cast.former, tier=Meets.ALONE, words="More.")
    grant(cast, wider, after=100)
    assert profile_of(cast.former).tier_today == Meets.ALONE
    standing_ones = SafeguardingCheck.objects.filter(state=CheckState.GRANTED)
    assert [row.pk for row in standing_ones] == [wider.pk]


def test_what_is_over_is_forgotten_after_half_a_year(
    cast: Cast, waiting: SafeguardingCheck
) -> None:
    grant(cast, waiting)
    old = timezone.now() - timedelta(days=200)
    SafeguardingCheck.objects.update(closed_at=old)
    chores.forget_checks()
    assert SafeguardingCheck.objects.exists()
    SafeguardingCheck.objects.update(state=CheckState.ENDED, ended_at=old)
    chores.forget_checks()
    assert not SafeguardingCheck.objects.exists()


def test_the_queue_asks_no_more_the_longer_it_is(cast: Cast) -> None:
    client = client_of(cast.vetter)

    def count(more: int) -> int:
        for number in range(more):
            person = create_member(f"m{SafeguardingCheck.objects.count()}-{number}")
            checks.ask_for_check(by=person, tier=1, words="Ask.")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(DESK)
        return len(queries)

    count(1)
    assert count(1) == count(9)
