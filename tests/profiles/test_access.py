"""Who sees what of whom: the same profile through every pair of eyes."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from moderation.models import Report
from network.access import NotFound
from network.models import AuditEntry, Notice, User
from profiles import access
from profiles.actions import blocks, connections
from profiles.actions import profile as profile_actions
from profiles.models import (
    Audience,
    Connection,
    Kind,
    Profile,
    ProfileSkill,
    ProfileView,
)
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db

WAY = "I mend boats, and listen."


@pytest.fixture
def survivor(cast: Cast) -> Profile:
    profile = cast.survivor.profile
    profile.way, profile.country, profile.slots = WAY, "TN", ["sat-am"]
    profile.place = {"town_id": 2464470, "lat": 36.81, "lon": 10.17}
    profile.save()
    ProfileSkill.objects.create(profile=profile, skill="translation", level=10)
    return profile


def page(viewer: User | None, person: User) -> Any:
    return client_of(viewer).get(f"/people/{person.pk}/")


def connect(one: User, other: User) -> Connection:
    asked = connections.request_connection(by=one, recipient=other.profile)
    return connections.accept_connection(connection=asked, by=other)


def test_a_member_sees_the_members_tier_and_no_more(
    cast: Cast, survivor: Profile
) -> None:
    shown = access.profile_for_viewer(cast.stranger, cast.survivor.pk)
    assert (shown.pseudonym, shown.kind, shown.way) == ("Survivor", "survivor", WAY)
    assert shown.slots == ()
    assert shown.country == ""
    html = page(cast.stranger, cast.survivor).content.decode()
    assert "Written translation" in html
    for private in ("Tunisia", "Saturday, Morning", "36.8", cast.survivor.email):
        assert private not in html


def test_a_connection_sees_more(cast: Cast, survivor: Profile) -> None:
    connect(cast.stranger, cast.survivor)
    html = page(cast.stranger, cast.survivor).content.decode()
    assert "Tunisia" in html
    assert "Saturday, Morning" in html
    assert "36.8" not in html  # a place is for matching only


@pytest.mark.parametrize("field", ["pseudonym", "kind", "way", "skills", "languages"])
def test_a_private_field_is_in_nobodys_page(
    cast: Cast, survivor: Profile, field: str
) -> None:
    profile_actions.set_audience(
        profile=survivor, by=cast.survivor, audience={field: Audience.PRIVATE}
    )
    connect(cast.stranger, cast.survivor)
    shown = access.profile_for_viewer(cast.stranger, cast.survivor.pk)
    assert not getattr(shown, field)
    own = access.profile_for_viewer(cast.survivor, cast.survivor.pk)
    assert getattr(own, field)


def test_anonymous_people_see_only_what_is_public(
    cast: Cast, survivor: Profile
) -> None:
    hidden, missing = page(None, cast.survivor), Client().get(f"/people/{uuid4()}/")
    assert hidden.status_code == missing.status_code == 302
    audience = {"pseudonym": Audience.PUBLIC}
    profile_actions.set_audience(profile=survivor, by=cast.survivor, audience=audience)
    answer = page(None, cast.survivor)
    assert answer.status_code == 200
    assert "Survivor" in answer.content.decode()
    assert WAY not in answer.content.decode()


def test_hidden_and_missing_are_the_same_bytes(cast: Cast) -> None:
    missing = client_of(cast.stranger).get(f"/people/{uuid4()}/")
    assert missing.status_code == 404
    Profile.objects.filter(user=cast.survivor).update(is_listed=False)
    for person in (cast.survivor, cast.suspended, cast.applicant, cast.vetter):
        answer = page(cast.stranger, person)
        assert answer.status_code == 404
        assert answer.content == missing.content


@pytest.mark.parametrize(
    "who", ["applicant", "suspended", "vetter", "moderator", "admin"]
)
def test_who_is_no_active_member_sees_no_member(cast: Cast, who: str) -> None:
    assert page(getattr(cast, who), cast.survivor).status_code == 404


def test_a_pause_hides_and_ends(cast: Cast) -> None:
    profile = cast.survivor.profile
    until = timezone.now() + timedelta(days=7)
    profile_actions.pause(profile=profile, by=cast.survivor, until=until)
    assert page(cast.stranger, cast.survivor).status_code == 404
    profile_actions.pause(profile=profile, by=cast.survivor, until=None)
    assert page(cast.stranger, cast.survivor).status_code == 200


def test_a_survivor_may_be_left_alone_by_formers(cast: Cast) -> None:
    profile = cast.survivor.profile
    profile.contact_rules = {"no_formers": True}
    profile.save()
    assert page(cast.former, cast.survivor).status_code == 404
    assert page(cast.survivor, cast.former).status_code == 404
    found = client_of(cast.survivor).get("/people/").content.decode()
    assert str(cast.former.pk) not in found
    assert str(cast.stranger.pk) in found
    assert page(cast.stranger, cast.survivor).status_code == 200
    answer = client_of(cast.former).post(f"/people/{cast.survivor.pk}/connect/", {})
    assert answer.status_code == 404
    assert not Connection.objects.exists()


def test_a_label_that_was_taken_off_opens_nobody(cast: Cast) -> None:
    profile = cast.survivor.profile
    profile.contact_rules = {"no_formers": True}
    profile.save()
    cast.former.profile.kind = ""
    cast.former.profile.save()
    assert page(cast.former, cast.survivor).status_code == 404
    listed = client_of(cast.former).get("/people/").content.decode()
    assert str(cast.survivor.pk) not in listed
    answer = client_of(cast.former).post(f"/people/{cast.survivor.pk}/connect/", {})
    assert answer.status_code == 404
    assert not Connection.objects.exists()


VIEWS = ("", "connect/", "block/")


@pytest.mark.parametrize("blocker", ["stranger", "survivor"])
def test_a_block_hides_both_from_both_everywhere(cast: Cast, blocker: str) -> None:
    pair = {"stranger": cast.survivor, "survivor": cast.stranger}
    connect(cast.stranger, cast.survivor)
    blocks.block_person(by=getattr(cast, blocker), person=pair[blocker])
    for viewer, other in (
        (cast.stranger, cast.survivor),
        (cast.survivor, cast.stranger),
    ):
        client = client_of(viewer)
        for view in VIEWS:
            url = f"/people/{other.pk}/{view}"
            is_own_block = view == "block/" and viewer == getattr(cast, blocker)
            expected = 200 if is_own_block else 404
            assert client.get(url).status_code == expected, url
        listed = client.get("/connections/").context["contacts"]
        assert not (listed.received)
        assert not (listed.sent)
        assert not (listed.connected)
        assert not access.can_contact(viewer, other).ok
        with pytest.raises(NotFound):
            access.visible_member(viewer, other.pk)


def views_used(viewer: User) -> int:
    return ProfileView.objects.filter(viewer=viewer).count()


def test_the_31st_profile_of_a_new_member_is_refused(cast: Cast) -> None:
    members = [create_member(f"member{number}") for number in range(31)]
    client = client_of(cast.newcomer)
    for member in members[:30]:
        assert client.get(f"/people/{member.pk}/").status_code == 200
    answer = client.get(f"/people/{members[30].pk}/")
    assert answer.status_code == 429
    assert "Enough for today" in answer.content.decode()
    assert views_used(cast.newcomer) == 30
    assert client.get(f"/people/{members[0].pk}/").status_code == 200  # seen today
    client.get(f"/people/{members[30].pk}/")
    assert AuditEntry.objects.filter(action="view budget reached").count() == 1
    alerts = Notice.objects.filter(person=cast.moderator, kind="view_budget")
    assert alerts.count() == 1
    report = Report.objects.get()
    assert (report.about, report.reason) == (cast.newcomer, "collecting")
    assert alerts[0].url == f"/staff/reports/{report.pk}/"
    page = client_of(cast.moderator).get(alerts[0].url).content.decode()
    assert "Opened unusually many profiles in one day" in page
    assert cast.newcomer.profile.pseudonym in page
    assert client_of(cast.former).get(f"/people/{members[30].pk}/").status_code == 200


def test_looking_twice_counts_once(cast: Cast) -> None:
    client = client_of(cast.former)
    for _visit in range(3):
        client.get(f"/people/{cast.survivor.pk}/")
    assert views_used(cast.former) == 1


def test_ones_own_preview_shows_each_tier(cast: Cast, survivor: Profile) -> None:
    client = client_of(cast.survivor)
    seen = {
        who: client.get(f"/me/preview/?as={who}").content.decode()
        for who in ("stranger", "member", "connection", "lead")
    }
    assert WAY in seen["member"]
    assert WAY not in seen["stranger"]
    assert "Tunisia" not in seen["member"]
    assert "Tunisia" in seen["connection"]
    assert "Written translation" in seen["lead"]
    assert WAY not in seen["lead"]


def test_what_they_say_of_their_way_stands_sealed_in_the_table(cast: Cast) -> None:
    profile = cast.survivor.profile
    profile.way = "A bomb in a market took my aunt."
    profile.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT way FROM profiles_profile")
        assert "market" not in str(cursor.fetchall())
    assert Profile.objects.get(pk=profile.pk).way == profile.way


def test_the_label_cannot_be_told_from_the_length_of_what_seals_it(cast: Cast) -> None:
    """Nor from an empty column: survivors alone are asked for their rules."""
    profile = cast.former.profile
    rules: list[dict[str, bool]] = [{}, {"no_formers": True, "facilitator": True}]
    lengths = set()
    for kind, chosen in product([*Kind.values, ""], rules):
        profile.kind, profile.contact_rules = kind, chosen
        profile.save()
        row = Profile.objects.filter(pk=profile.pk)
        lengths.add(tuple(map(len, row.values_list("kind", "contact_rules")[0])))
        fresh = row.get()
        assert (fresh.kind, fresh.contact_rules) == (kind, chosen)
    assert len(lengths) == 1
    assert min(lengths.pop()) > 64


def test_the_preview_marks_whose_eyes_it_looks_through(cast: Cast) -> None:
    client = client_of(cast.former)
    for who in ("stranger", "member", "connection", "lead"):
        page = client.get(f"/me/preview/?as={who}").content.decode()
        assert re.findall(r'href="\?as=(\w+)" aria-current="true"', page) == [who]


def test_a_row_of_words_has_the_comma_of_its_script(cast: Cast) -> None:
    Profile.objects.filter(user=cast.survivor).update(languages=["en", "ar"])
    client = client_of(cast.former)
    for path in (f"/people/{cast.survivor.pk}/", "/people/"):
        assert "English, Arabic" in client.get(path).content.decode()
        assert "الإنجليزية، العربية" in client.get(f"/ar{path}").content.decode()
