"""Who looked at one's profile: whom the page names, whom it does not, how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import audit, parts
from network.models import User
from profiles import chores, onlookers
from profiles.actions import blocks
from profiles.actions import profile as profile_actions
from profiles.models import Audience, ProfileView, Standing
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db
URL = "/me/seen-by/"
UNNAMED = "Somebody whom you do not see"
Turn = Callable[[Cast], Any]


def look(viewer: User, subject: User, days_ago: int = 0) -> ProfileView:
    day = timezone.localdate() - timedelta(days=days_ago)
    return ProfileView.objects.create(viewer=viewer, subject=subject.profile, day=day)


def page(person: User, **asked: Any) -> str:
    answer = client_of(person).get(URL, asked)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_whoever_opens_a_profile_is_read_by_its_owner(cast: Cast) -> None:
    assert "Nobody in the last 90 days" in page(cast.survivor)
    opened = client_of(cast.stranger).get(f"/people/{cast.survivor.pk}/")
    assert "They can read that you opened their profile" in opened.content.decode()
    told = page(cast.survivor)
    assert f"/people/{cast.stranger.pk}/" in told
    assert "Stranger" in told
    assert UNNAMED not in told.partition("<details")[0]
    for other in (cast.stranger, cast.former):
        assert "Stranger" not in page(other)


def set_profile(person: User, **values: Any) -> None:
    for name, value in values.items():
        setattr(person.profile, name, value)
    person.profile.save()


TURNS: dict[str, Turn] = {
    "they blocked": lambda c: blocks.block_person(by=c.former, person=c.survivor),
    "was blocked": lambda c: blocks.block_person(by=c.survivor, person=c.former),
    "pauses": lambda c: profile_actions.pause(
        profile=c.former.profile,
        by=c.former,
        until=timezone.now() + timedelta(days=3),
    ),
    "left": lambda c: set_profile(c.former, standing=Standing.LEFT),
    "suspended": lambda c: set_profile(c.former, standing=Standing.SUSPENDED),
    "unlisted": lambda c: set_profile(c.former, is_listed=False),
    "hides the name": lambda c: set_profile(
        c.former, audience={"pseudonym": Audience.CONNECTIONS}
    ),
    "kept apart": lambda c: set_profile(c.survivor, contact_rules={"no_formers": True}),
}


@pytest.mark.parametrize("turn", TURNS)
def test_who_is_not_there_is_not_named_and_the_page_does_not_say_why(
    cast: Cast, turn: str
) -> None:
    look(cast.former, cast.survivor)
    assert "Former" in page(cast.survivor)
    TURNS[turn](cast)
    told = page(User.objects.get(pk=cast.survivor.pk))
    assert str(cast.former.pk) not in told
    assert "Former" not in told
    assert told.partition("<details")[0].count(UNNAMED) == 1


def test_how_many_are_not_named_is_not_told(cast: Cast) -> None:
    for name in ("one", "two", "three"):
        unlisted = create_member(name)
        set_profile(unlisted, is_listed=False)
        look(unlisted, cast.survivor)
    assert page(cast.survivor).partition("<details")[0].count(UNNAMED) == 1


def test_an_opening_by_staff_is_told_and_reading_a_report_is_not(cast: Cast) -> None:
    audit.record_view(by=cast.moderator, subject="moderation.Report:1", reason="queue")
    assert "Our team" not in page(cast.survivor)
    audit.record_view(by=cast.dpo, subject=cast.survivor.profile, reason="A threat.")
    told = page(cast.survivor)
    assert "Our team, for a reason that is on record" in told
    assert "A threat." not in told


def test_after_ninety_days_it_is_forgotten(cast: Cast) -> None:
    look(cast.former, cast.survivor, days_ago=90)
    look(cast.lead, cast.survivor, days_ago=91)
    told = page(cast.survivor)
    assert "Former" in told
    assert "Lead" not in told
    chores.forget_looks()
    assert [view.viewer for view in ProfileView.objects.all()] == [cast.former]


def test_it_goes_along_in_the_export_without_the_names_of_others(cast: Cast) -> None:
    look(cast.former, cast.survivor)
    set_profile(cast.lead, is_listed=False)
    look(cast.lead, cast.survivor, days_ago=1)
    part = parts.exporters.get("6-traces")
    assert part is not None
    seen = [row["seen_by"] for row in part.rows(cast.survivor) if "seen_by" in row]
    assert seen == [1, 1]
    made = [row for row in part.rows(cast.lead) if "profiles_opened" in row]
    assert [row["profiles_opened"] for row in made] == [1]
    assert str(cast.survivor.profile.pk) not in str(made)


def test_the_list_is_paged_by_days_and_costs_the_same(cast: Cast) -> None:
    def cost() -> int:
        client = client_of(cast.survivor)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    for days in range(3):
        look(cast.former, cast.survivor, days)
    cost()
    few = cost()
    for number in range(onlookers.DAYS + 3):
        look(create_member(f"more{number}"), cast.survivor, number)
    assert cost() == few
    assert "More0<" in page(cast.survivor)
    second = page(cast.survivor, page=2)
    assert "More0<" not in second
    assert f"More{onlookers.DAYS}<" in second


def test_who_is_no_active_member_has_no_such_page(cast: Cast) -> None:
    for person in (cast.applicant, cast.suspended, cast.moderator):
        assert client_of(person).get(URL).status_code == 404
    assert client_of(cast.newcomer).get(URL).status_code == 200
