"""A backup is restored: who and what was erased since is erased again.

With a real file of SQLite, copied and copied back, and searched byte by byte.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cms.actions import stories
from cms.models import Story, StoryPage
from demo.consents import load_consent_texts
from network import health, notify, tombstones
from network.models import OutgoingMail, User
from profiles.actions import volunteers
from profiles.actions.erasing import erase_account
from profiles.models import Profile, VolunteerRegistration
from search import sources
from search.replica import replica
from tests.cast import Cast, client_of
from tests.cms.conftest import told
from tests.profiles.conftest import registered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,
]
# in plain in the tables as long as the account stands
PLAIN = ("former@example.org", "Quillwort", "I left twice")
OFFERED = "vol@example.org"  # sealed wherever it stands


def copy(source: Any, target: Any) -> None:
    source.backup(target)


def back_up(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        copy(connection.connection, file)


def restore(path: Path) -> None:
    """As after the loss of the machine: what came later is unknown."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        copy(file, connection.connection)
    replica.reset()


def raw() -> bytes:
    name = Path(str(connection.settings_dict["NAME"]))
    files = [name.with_name(name.name + end) for end in ("", "-wal", "-journal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def indexed() -> str:
    return " ".join(str(document) for document in sources.everything())


def addressed() -> set[str]:
    return {mail.to for mail in OutgoingMail.objects.all()}


def replay(**options: Any) -> str:
    out = StringIO()
    call_command("replay_erasures", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def backup(cast: Cast, tmp_path: Path) -> Path:
    """Taken while a member, their story, a volunteer and a second story stand."""
    load_consent_texts()
    Profile.objects.filter(user=cast.former).update(pseudonym="Quillwort")
    told("leaving-twice", author=cast.former)
    told("forty-messages-a-day", author=cast.survivor)
    row = registered()
    volunteers.confirm_registration(registration=row)
    registered("form-2")  # waits beside the first
    notify.mail_person(cast.former, "something_for_you")
    path = tmp_path / "backup.sqlite3"
    back_up(path)
    return path


def erase_them(cast: Cast) -> None:
    erase_account(person=User.objects.get(pk=cast.former.pk))
    withdrawn = Story.objects.get(author=cast.survivor)
    stories.withdraw_story(story=withdrawn, by=cast.survivor)
    waiting = VolunteerRegistration.objects.get(confirmed_at=None)
    volunteers.confirm_registration(registration=waiting)  # the two become one
    first = VolunteerRegistration.objects.get(merged_into=None)
    volunteers.erase_address(registration=first)


def test_after_a_restore_nothing_is_left_of_who_was_erased(
    cast: Cast, backup: Path
) -> None:
    paths = [page.url for page in StoryPage.objects.all()]
    erase_them(cast)
    assert health.erasures().is_ok
    restore(backup)

    # they are all back: what is looked for below could be found
    for canary in PLAIN:
        assert canary.encode() in raw()
    for canary in (str(cast.former.pk), "I left twice"):
        assert canary in indexed()
    assert {"former@example.org", OFFERED} <= addressed()
    assert [Client().get(path).status_code for path in paths] == [200, 200]
    assert not health.erasures().is_ok
    page = client_of(cast.admin).get("/health/").content.decode()
    assert "run replay_erasures" in page

    told_of = replay()
    assert "account: 1" in told_of
    assert "registration: 2" in told_of
    assert User.objects.filter(email="former@example.org").exists()
    replay(erase=True)

    for canary in PLAIN:
        assert canary.encode() not in raw(), canary
    for canary in (str(cast.former.pk), "I left twice"):
        assert canary not in indexed()
    assert not {"former@example.org", OFFERED} & addressed()
    assert not any(row.email for row in VolunteerRegistration.objects.all())
    assert [Client().get(path).status_code for path in paths] == [410, 410]
    assert health.erasures().is_ok
    # nobody else
    assert User.objects.filter(pk=cast.survivor.pk).exists()
    assert Profile.objects.filter(user=cast.stranger).exists()


def test_replayed_twice_it_changes_nothing_more(cast: Cast, backup: Path) -> None:
    erase_them(cast)
    restore(backup)
    replay(erase=True)
    before = tombstones.read().stones.keys()
    assert "0 erased again" in replay(erase=True)
    assert tombstones.read().stones.keys() == before == tombstones.known()


def test_whoever_comes_again_with_the_same_address_stays(
    cast: Cast, backup: Path
) -> None:
    erase_them(cast)
    fresh = User.objects.create_user("former@example.org")
    again = registered("form-3")
    assert "account: 0" in replay()
    replay(erase=True)
    assert User.objects.filter(pk=fresh.pk).exists()
    again.refresh_from_db()
    assert again.email == OFFERED


def test_a_deleted_story_that_was_public_in_the_backup_is_deleted(
    cast: Cast, backup: Path
) -> None:
    story = Story.objects.get(author=cast.survivor)
    path = StoryPage.objects.get(public_key=story.page_key).url
    stories.withdraw_story(story=story, by=cast.survivor)
    stories.delete_story(story=story, by=cast.survivor)
    restore(backup)
    replay(erase=True)
    assert not Story.objects.filter(pk=story.pk).exists()
    assert Client().get(path).status_code == 410


def test_the_shell_of_a_vetter_is_no_account_to_erase(cast: Cast, backup: Path) -> None:
    restore(backup)
    shell = User.objects.get(pk=cast.vetter.pk)
    with tombstones.erasing(kind="account", keys=[shell.pk]):
        shell.email = f"{shell.pk}@erased.invalid"
        shell.save()
    assert "account: 0" in replay()
