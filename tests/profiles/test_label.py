"""What somebody was: shown for a time, taken back; what they know at first hand."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from network.models import Notice
from profiles import access, chores, queries
from profiles.access import Tier
from profiles.actions.consent import forget_label
from profiles.models import Profile
from tests.cast import Cast, client_of
from tests.profiles.test_me import form_of, save

pytestmark = pytest.mark.django_db


def later(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def label_seen(profile: Profile) -> str:
    return access.shown_at(profile, Tier.CONNECTION).kind


def test_a_label_is_shown_until_its_last_day_and_then_to_nobody(cast: Cast) -> None:
    assert save(client_of(cast.former), kind_until=later(3)) == 302
    profile = access.find_profile(cast.former.pk)
    assert label_seen(profile) == "former"
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert label_seen(profile) == "former"
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert label_seen(profile) == ""
        page = client_of(cast.former).get("/me/preview/?as=connection")
        assert "Came to the network as" not in page.content.decode()


def test_when_its_time_is_over_its_owner_hears_once(cast: Cast) -> None:
    save(client_of(cast.former), kind_until=later(3))
    chores.hide_labels()
    assert access.find_profile(cast.former.pk).kind_until is not None
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        chores.hide_labels()
        chores.hide_labels()
    profile = access.find_profile(cast.former.pk)
    assert (profile.kind, profile.kind_until) == ("former", None)
    assert label_seen(profile) == ""
    told = Notice.objects.filter(person=cast.former, kind="label_over")
    assert told.count() == 1


def test_put_off_while_the_chore_runs_it_stays_shown(cast: Cast) -> None:
    save(client_of(cast.former), kind_until=later(3))
    profile = access.find_profile(cast.former.pk)
    chores.hide_label(profile.pk)  # it had been on the list of those that are over
    profile.refresh_from_db()
    assert profile.kind_until is not None
    assert label_seen(profile) == "former"


def test_a_last_day_that_is_over_is_refused_with_what_was_written(cast: Cast) -> None:
    client = client_of(cast.former)
    data = form_of(client, kind_until=later(-1), way="Baking bread.")
    answer = client.post("/me/profile/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This day is over" in page
    assert later(-1) in page
    assert "Baking bread." in page


def test_what_one_knows_at_first_hand_is_kept_and_seen_by_nobody(cast: Cast) -> None:
    client = client_of(cast.former)
    chosen = {"backgrounds": ["far-right", "gang"], "is_across": "on"}
    assert save(client, **chosen) == 302
    profile = access.find_profile(cast.former.pk)
    assert profile.first_hand == {"known": ["far-right", "gang"], "is_across": True}
    editor = client.get("/me/profile/").content.decode()
    assert re.search(r'value="far-right"[^>]* checked', editor)
    for viewer in (cast.former, cast.survivor, cast.moderator):
        page = client_of(viewer).get(f"/people/{cast.former.pk}/").content.decode()
        assert "Far-right" not in page
    for seen_as in ("stranger", "member", "connection", "lead"):
        page = client.get(f"/me/preview/?as={seen_as}").content.decode()
        assert "Far-right" not in page


def test_stored_it_is_as_long_as_no_answer_and_says_nothing(cast: Cast) -> None:
    save(client_of(cast.former), backgrounds=["far-right", "gang", "jihadist"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_hand FROM profiles_profile")
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) > 1
    assert len({len(text) for text in stored}) == 1
    assert not any("far-right" in text for text in stored)


def test_it_is_in_the_export_in_words(cast: Cast) -> None:
    save(client_of(cast.former), backgrounds=["sectarian"])
    sections = queries.export_sections(cast.former)
    text = json.dumps([one.rows for one in sections], default=str)
    assert '"known": ["sectarian"]' in text


def test_it_goes_with_the_label(cast: Cast) -> None:
    client = client_of(cast.former)
    save(client, backgrounds=["gang"], kind_until=later(9))
    forget_label(profile=access.find_profile(cast.former.pk), by=cast.former)
    profile = access.find_profile(cast.former.pk)
    assert (profile.kind, profile.kind_until, profile.first_hand) == ("", None, {})
    page = client.get("/me/profile/").content.decode()
    assert "backgrounds" not in page
    assert "kind_until" not in page


def test_the_editor_says_what_one_told(cast: Cast) -> None:
    page = client_of(cast.former).get("/me/profile/").content.decode()
    assert "You told us: Former." in page
