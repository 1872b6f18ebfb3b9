from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from network import audit, triggers
from network.models import AuditEntry, AuditSeal, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("audited@example.org")


def record(person: User, *actions: str) -> list[AuditEntry]:
    return [
        audit.record(action=action, by=person, subject=person) for action in actions
    ]


@contextmanager
def intruder() -> Iterator[None]:
    """Somebody who owns the database takes the triggers off."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def broken() -> list[str]:
    return list(audit.broken_links())


def test_entries_hold_ids_and_no_value(person: User) -> None:
    audit.record(action="looked", by=person, subject=person, reason="she asked me to")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM network_auditentry")
        row = str(cursor.fetchall())
    assert str(person.pk).replace("-", "") in row.replace("-", "")
    assert "audited@example.org" not in row
    assert "she asked" not in row


def test_an_entry_goes_with_the_action_that_failed(person: User) -> None:
    def act() -> None:
        record(person, "never happened")
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        act()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("model", [AuditEntry, AuditSeal])
@pytest.mark.parametrize("how", ["update", "delete", "insert again"])
def test_the_database_refuses_every_change(
    person: User, model: type[models.Model], how: str
) -> None:
    record(person, "looked")
    audit.seal()
    refused = pytest.raises(DatabaseError, match=r"append-only|unique|duplicate")
    with refused, transaction.atomic():
        tamper(model, how)
    assert broken() == []


def tamper(model: type[models.Model], how: str) -> None:
    rows = models.QuerySet(model)
    if how == "update":
        column = "action" if model is AuditEntry else "chain_hash"
        rows.update(**{column: "forged"})
    elif how == "delete":
        rows._raw_delete("default")
    else:
        insert_again(rows.get())


def insert_again(row: models.Model) -> None:
    """SQLite's REPLACE would delete the old row without asking a trigger."""
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} INTO {table} SELECT * FROM {table}")  # noqa: S608


def test_blanking_is_all_that_may_happen_to_an_entry(person: User) -> None:
    (entry,) = record(person, "looked")
    blank = {"action": "", "subject": "", "reason": "", "salt": "", "actor": None}
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(is_dropped=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(**blank, is_dropped=True, at=timezone.now())
    AuditEntry.objects.update(**blank, is_dropped=True)
    assert AuditEntry.objects.get().at == entry.at


def test_the_chain_holds_and_grows(person: User) -> None:
    record(person, "one", "two")
    assert audit.seal() == 2
    record(person, "three")
    assert audit.seal(since=timedelta(hours=1)) == 1
    assert audit.seal() == 0
    assert broken() == []
    assert audit.state().sealed == 3


def test_what_came_late_is_sealed_by_the_full_look(person: User) -> None:
    ago = timezone.now() - timedelta(hours=3)
    AuditEntry.objects.create(action="late", at=ago, subject="x", salt="y")
    assert audit.seal(since=timedelta(hours=2)) == 0
    assert audit.seal() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"action": "forged"},
        {"actor": None},
        {"subject": "network.User:somebody"},
        {"at": timezone.now()},
        {"salt": "0" * 32},
    ],
)
def test_a_changed_entry_is_found(person: User, change: dict[str, object]) -> None:
    entries = record(person, "one", "two", "three")
    audit.seal()
    with intruder():
        AuditEntry.objects.filter(pk=entries[1].pk).update(**change)
    (sentence,) = broken()
    assert "was changed" in sentence


def test_a_reason_moved_from_another_entry_is_found(person: User) -> None:
    for reason in ("first", "second"):
        audit.record(action="looked", by=person, subject=person, reason=reason)
    audit.seal()
    with intruder(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE network_auditentry "
            "SET reason = (SELECT min(reason) FROM network_auditentry)"
        )
    assert len(broken()) == 1


def test_a_deleted_entry_and_a_deleted_seal_are_found(person: User) -> None:
    record(person, "one", "two", "three")
    audit.seal()
    first, middle, _last = AuditSeal.objects.order_by("seq")
    with intruder():
        AuditEntry.objects.filter(pk=first.entry_id).delete()
        AuditSeal.objects.filter(pk=middle.pk).delete()
    gone, unlinked = broken()
    assert "gone" in gone
    assert "does not follow" in unlinked


def test_a_rewritten_seal_is_found(person: User) -> None:
    entries = record(person, "one", "two")
    audit.seal()
    with intruder():
        AuditEntry.objects.filter(pk=entries[0].pk).update(action="forged")
        forged = audit.entry_hash(AuditEntry.objects.get(pk=entries[0].pk))
        AuditSeal.objects.filter(entry_id=entries[0].pk).update(entry_hash=forged)
    assert any("does not follow" in sentence for sentence in broken())


def test_dropping_what_is_old_keeps_the_chain_whole(person: User) -> None:
    entries = record(person, "old", "new")
    audit.seal()
    with intruder():
        long_ago = timezone.now() - timedelta(days=3 * 365)
        rows = AuditEntry.objects.filter(pk=entries[0].pk)
        rows.update(at=long_ago)
    assert audit.drop_old() == 1
    old = rows.get()
    assert (old.action, old.subject, old.reason, old.salt) == ("", "", "", "")
    assert old.actor is None
    assert broken() == []
    assert audit.state().dropped == 1


def test_verify_says_that_all_is_well_and_notes_the_head(person: User) -> None:
    record(person, "one", "two")
    audit.seal()
    record(person, "three")
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert "2 entries sealed" in out.getvalue()
    assert "1 waiting" in out.getvalue()
    assert audit.state().head in out.getvalue()


def test_verify_names_what_is_broken_and_fails(person: User) -> None:
    record(person, "one")
    audit.seal()
    with intruder():
        AuditEntry.objects.update(action="forged")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 broken"):
        call_command("audit", "verify", stdout=StringIO(), stderr=errors)
    assert "was changed" in errors.getvalue()


def test_a_noted_head_shows_that_the_end_was_cut_off(person: User) -> None:
    record(person, "one", "two")
    audit.seal()
    head = audit.state().head
    call_command("audit", "verify", "--head", head, stdout=StringIO())
    with intruder():
        last = AuditSeal.objects.order_by("-seq")[0]
        AuditEntry.objects.filter(pk=last.entry_id).delete()
        last.delete()
    call_command("audit", "verify", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command(
            "audit", "verify", "--head", head, stdout=StringIO(), stderr=StringIO()
        )


def test_everyday_sealing_has_an_index_to_go_by() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "network_auditentry")
    assert ["at"] in [each["columns"] for each in found.values() if each["index"]]
