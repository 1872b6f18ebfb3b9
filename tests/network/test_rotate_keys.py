from base64 import b64encode
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models

from network import audit, crypto
from network.management.commands import rotate_keys
from network.models import AuditEntry, OutgoingMail, User

pytestmark = pytest.mark.django_db
NEW = f"new:{b64encode(b'n' * 32).decode()}"


def rotate(**options: Any) -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def mails() -> list[OutgoingMail]:
    return [
        OutgoingMail.objects.create(
            to=f"{n}@example.org", template="t", context={"n": n}, language="en"
        )
        for n in range(7)
    ]


@pytest.fixture
def two_keys(mails: list[OutgoingMail], settings: Any) -> str:
    """The old key's line; the new key now comes first."""
    (old,) = settings.FIELD_KEYS
    settings.FIELD_KEYS = [NEW, old]
    return str(old)


def tokens() -> list[str]:
    rows = OutgoingMail.objects.values_list("to", "context")
    return [token for row in rows for token in row]


def test_all_rows_open_without_the_old_key(
    mails: list[OutgoingMail], two_keys: str, settings: Any
) -> None:
    assert "7 rows are now on key new" in rotate(batch=3)
    settings.FIELD_KEYS = [NEW]
    assert all(token.startswith("v1:new:") for token in tokens())
    for row in mails:
        fresh = OutgoingMail.objects.get(pk=row.pk)
        assert (fresh.to, fresh.context) == (row.to, row.context)


def test_no_version_is_raised(mails: list[OutgoingMail], two_keys: str) -> None:
    before = dict(OutgoingMail.objects.values_list("pk", "version"))
    rotate()
    assert dict(OutgoingMail.objects.values_list("pk", "version")) == before


def test_second_run_passes_over_what_is_done(two_keys: str) -> None:
    rotate()
    before = tokens()
    assert "0 rows" in rotate()
    assert tokens() == before


def test_broken_run_goes_on_where_it_stopped(
    two_keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, seen = rotate_keys._rotate, []

    def fails_at_the_fifth(model: type[models.Model], row: dict[str, Any]) -> bool:
        seen.append(row)
        if len(seen) == 5:
            raise DatabaseError("the line is gone")
        return plain(model, row)

    with monkeypatch.context() as patch:
        patch.setattr(rotate_keys, "_rotate", fails_at_the_fifth)
        with pytest.raises(DatabaseError):
            rotate(batch=2)
    assert "3 rows" in rotate()
    assert all(token.startswith("v1:new:") for token in tokens())


def test_tampered_row_is_named_and_left(
    mails: list[OutgoingMail], two_keys: str
) -> None:
    victim, other = mails[0], mails[1]
    moved = crypto.Sealed(OutgoingMail.objects.values_list("to").get(pk=other.pk)[0])
    models.QuerySet(OutgoingMail).filter(pk=victim.pk).update(to=moved)
    with pytest.raises(CommandError, match=str(victim.pk)):
        rotate()
    assert sum(token.startswith("v1:new:") for token in tokens()) == 12
    with pytest.raises(crypto.Tampered):
        _ = OutgoingMail.objects.get(pk=victim.pk).to


def test_audit_log_is_rotated_stays_sealed_and_append_only(two_keys: str) -> None:
    person = User.objects.create_user("rotated@example.org")
    audit.record(action="looked", by=person, subject=person, reason="a reason")
    audit.seal()
    models.QuerySet(OutgoingMail).delete()
    AuditEntry.objects.get()
    rotate()
    entry = AuditEntry.objects.get()
    assert entry.reason == "a reason"
    assert AuditEntry.objects.values_list("reason").get()[0].startswith("v1:new:")
    assert list(audit.broken_links()) == []
    entry.action = "forged"
    with pytest.raises(DatabaseError, match="append-only"):
        entry.save()


def test_every_model_with_a_sealed_column_is_found() -> None:
    found = rotate_keys.sealed_models()
    assert {OutgoingMail, AuditEntry} <= set(found)
    assert all(crypto.encrypted_fields(model) for model in found)
