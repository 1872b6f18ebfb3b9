"""What was erased leaves a line outside the database, and nothing of whose it was."""

from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from network import health, parts, periodic, tombstones
from network.models import Tombstone, User
from network.parts import Erasable
from tests.cast import create_account

pytestmark = pytest.mark.django_db
KIND = "account"


def file_of(settings: Any) -> Path:
    return Path(settings.TOMBSTONES)


def erase(key: UUID) -> None:
    with tombstones.erasing(kind=KIND, keys=[key]):
        User.objects.filter(pk=key).delete()


def replay(**options: Any) -> str:
    out = StringIO()
    call_command("replay_erasures", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_line_tells_that_and_when_and_not_who(settings: Any) -> None:
    person = create_account("canary")
    erase(person.pk)
    path = file_of(settings)
    (line,) = filter(None, path.read_text().splitlines())
    assert set(json.loads(line)) == {"id", "kind", "mark", "at"}
    for canary in ("canary", str(person.pk), person.pk.hex):
        assert canary not in line
        assert canary not in str(Tombstone.objects.values_list())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_line_is_on_the_disk_before_anything_is_erased(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = create_account("canary")
    order = []
    monkeypatch.setattr(tombstones.os, "fsync", lambda _file: order.append("disk"))
    with tombstones.erasing(kind=KIND, keys=[person.pk]):
        order.append("erased")
    assert order[0] == "disk"
    assert order[-1] == "erased"


def test_without_the_line_nothing_is_erased(settings: Any, tmp_path: Path) -> None:
    person = create_account("canary")
    settings.TOMBSTONES = tmp_path / "not" / "there"
    with pytest.raises(OSError, match="not"):
        erase(person.pk)
    assert User.objects.filter(pk=person.pk).exists()
    assert not Tombstone.objects.exists()


def erase_and_break() -> None:
    with tombstones.erasing(kind=KIND, keys=[uuid4()]):
        with tombstones.erasing(kind="story withdrawn", keys=[uuid4()]):
            pass
        raise ZeroDivisionError


def test_an_erasure_that_broke_off_is_taken_back_with_what_it_took_along() -> None:
    earlier = uuid4()
    erase(earlier)
    with pytest.raises(ZeroDivisionError):
        erase_and_break()
    kept = tombstones.read()
    assert kept.marks(KIND) == {tombstones.mark_of(KIND, earlier)}
    assert kept.stones.keys() == tombstones.known()
    assert health.erasures().is_ok


def test_a_part_that_failed_alone_is_taken_back_alone() -> None:
    with tombstones.erasing(kind=KIND, keys=[uuid4()]):
        try:
            with tombstones.erasing(kind="story withdrawn", keys=[uuid4()]):
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert [stone.kind for stone in tombstones.read().stones.values()] == [KIND]


def test_a_process_that_dies_leaves_a_line_that_the_replay_ends() -> None:
    """As when it is killed between the disk and the commit."""
    person = create_account("canary")
    with transaction.atomic():
        tombstones.keep(kind=KIND, keys=[person.pk])
        transaction.set_rollback(True)
    assert not health.erasures().is_ok
    assert "run replay_erasures" in health.erasures().detail
    assert "account: 1 to be erased again" in replay()
    assert User.objects.filter(pk=person.pk).exists()  # it only told
    replay(erase=True)
    assert not User.objects.filter(pk=person.pk).exists()
    assert health.erasures().is_ok


def test_replaying_twice_writes_no_second_line(settings: Any) -> None:
    person = create_account("canary")
    with transaction.atomic():
        tombstones.keep(kind=KIND, keys=[person.pk])
        transaction.set_rollback(True)
    before = file_of(settings).read_bytes()
    for _time in range(2):
        replay(erase=True)
    assert file_of(settings).read_bytes() == before
    assert Tombstone.objects.count() == 1


def test_a_line_that_was_cut_off_spoils_no_other(settings: Any) -> None:
    erase(uuid4())
    with file_of(settings).open("a") as file:
        file.write('\n{"id": "0123')
    erase(uuid4())
    kept = tombstones.read()
    assert len(kept.stones) == 2
    assert len(kept.unreadable) == 1
    assert "unreadable" in health.erasures().detail
    with pytest.raises(CommandError, match="unreadable line"):
        replay(erase=True)


def test_what_cannot_be_erased_is_told_and_holds_up_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubborn, other = create_account("stubborn"), create_account("other")
    with transaction.atomic():
        tombstones.keep(kind=KIND, keys=[stubborn.pk, other.pk])
        transaction.set_rollback(True)
    part = parts.erasables.get(KIND)
    assert part is not None

    def refuses(key: UUID) -> None:
        if key == stubborn.pk:
            raise ZeroDivisionError
        part.erase(key)

    monkeypatch.setitem(parts.erasables._parts, KIND, Erasable(part.standing, refuses))
    with pytest.raises(CommandError, match="Not erased"):
        replay(erase=True)
    assert list(User.objects.all()) == [stubborn]
    assert not health.erasures().is_ok
    monkeypatch.undo()


def test_a_kind_that_nobody_knows_is_no_silence() -> None:
    with transaction.atomic():
        tombstones.keep(kind="of tomorrow", keys=[uuid4()])
        transaction.set_rollback(True)
    with pytest.raises(CommandError, match="of tomorrow"):
        replay(erase=True)


def test_a_file_that_is_not_there_is_no_empty_one() -> None:
    with pytest.raises(CommandError, match="There is no file"):
        replay(erase=True)


def test_a_file_that_was_lost_is_written_anew(settings: Any) -> None:
    erase(uuid4())
    before = tombstones.read().stones.keys()
    file_of(settings).unlink()
    assert "missing from the file" in health.erasures().detail
    periodic.complete_tombstones()
    assert tombstones.read().stones.keys() == before
    periodic.complete_tombstones()
    assert len(file_of(settings).read_text().split()) == len(
        json.dumps(tombstones.line_of(Tombstone())).split()
    )


def test_another_machines_file_counts_too(settings: Any, tmp_path: Path) -> None:
    person = create_account("canary")
    with transaction.atomic():
        tombstones.keep(kind=KIND, keys=[person.pk])
        transaction.set_rollback(True)
    other = file_of(settings).rename(tmp_path / "other.jsonl")
    file_of(settings).touch()
    replay(erase=True)
    assert User.objects.filter(pk=person.pk).exists()
    replay(erase=True, file=[other])
    assert not User.objects.filter(pk=person.pk).exists()
