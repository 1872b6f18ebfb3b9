"""On `OutgoingMail`, which holds a sealed text and a sealed JSON value."""

import copy
import pickle
import uuid
from typing import Any

import pytest
from django.core import checks, serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Upper
from django.forms import modelform_factory

from network import crypto
from network.fields import EncryptedJSONField, EncryptedKeyField, EncryptedTextField
from network.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db
CANARY = "canary@example.org"


def mail(**values: Any) -> OutgoingMail:
    values = {"to": CANARY, "template": "t", "language": "en", **values}
    return OutgoingMail.objects.create(**values)


def stored(row: OutgoingMail, column: str = "to") -> Any:
    query = f'SELECT "{column}" FROM network_outgoingmail WHERE id = %s'  # noqa: S608
    key = OutgoingMail._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(query, [key])
        return cursor.fetchone()[0]


def write(row: OutgoingMail, value: str | None, column: str = "to") -> None:
    key = OutgoingMail._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE network_outgoingmail SET "{column}" = %s WHERE id = %s',  # noqa: S608
            [value, key],
        )


def test_value_is_sealed_in_the_database_and_plain_on_the_object() -> None:
    row = mail(context={"place": "Lyon", "when": [1, None]})
    assert stored(row).startswith("v1:")
    assert CANARY not in stored(row)
    assert "Lyon" not in stored(row, "context")
    fresh = OutgoingMail.objects.get(pk=row.pk)
    assert fresh.to == CANARY
    assert fresh.context == {"place": "Lyon", "when": [1, None]}
    assert row.to == CANARY


def test_two_swapped_rows_do_not_open() -> None:
    first, second = mail(to="first"), mail(to="second")
    one, other = stored(first), stored(second)
    write(first, other)
    write(second, one)
    for row in (first, second):
        with pytest.raises(crypto.Tampered):
            _ = OutgoingMail.objects.get(pk=row.pk).to


def test_value_moved_to_another_column_does_not_open() -> None:
    row = mail()
    write(row, stored(row), column="context")
    with pytest.raises(crypto.Tampered):
        _ = OutgoingMail.objects.get(pk=row.pk).context


@pytest.mark.parametrize("value", ["plain", "v1:k1:AAAA", "v1:nobody:AAAA"])
def test_foreign_value_is_never_taken_for_the_text(value: str) -> None:
    row = mail()
    write(row, value)
    with pytest.raises(crypto.Tampered):
        _ = OutgoingMail.objects.get(pk=row.pk).to


def test_row_given_by_a_key_in_words_is_the_same_row() -> None:
    key = str(uuid.uuid4()).upper()
    mail(id=key)
    assert OutgoingMail.objects.get(pk=key).to == CANARY


def test_default_and_empty_text_stand_as_an_empty_column() -> None:
    row = mail(to="", context={})
    assert stored(row) == stored(row, "context") == ""
    fresh = OutgoingMail.objects.get(pk=row.pk)
    assert (fresh.to, fresh.context) == ("", {})


def test_deferred_value_opens_when_it_is_read() -> None:
    row = mail()
    fresh = OutgoingMail.objects.only("template").get(pk=row.pk)
    assert "to" in fresh.get_deferred_fields()
    assert fresh.to == CANARY


def test_refresh_brings_the_value_of_the_database() -> None:
    row = mail()
    other = OutgoingMail.objects.get(pk=row.pk)
    other.to = "changed"
    other.save()
    row.refresh_from_db()
    assert row.to == "changed"


def test_saving_other_fields_leaves_the_sealed_value() -> None:
    row = OutgoingMail.objects.get(pk=mail().pk)
    before = stored(row)
    row.attempts = 1
    row.save(update_fields=["attempts"])
    assert stored(row) == before
    row.save()
    assert OutgoingMail.objects.get(pk=row.pk).to == CANARY


def test_changed_json_is_saved() -> None:
    row = OutgoingMail.objects.get(pk=mail(context={"tries": 1}).pk)
    row.context["tries"] = 2
    row.save()
    assert OutgoingMail.objects.get(pk=row.pk).context == {"tries": 2}


def test_bulk_create_seals_each_row() -> None:
    rows = [OutgoingMail(to=f"{n}@example.org", template="t") for n in range(3)]
    OutgoingMail.objects.bulk_create(rows)
    assert {row.to for row in OutgoingMail.objects.all()} == {row.to for row in rows}
    assert not any("@" in stored(row) for row in rows)


def test_copies_and_pickles_open() -> None:
    row = OutgoingMail.objects.get(pk=mail().pk)
    assert copy.copy(row).to == CANARY
    assert pickle.loads(pickle.dumps(row)).to == CANARY  # noqa: S301


@pytest.mark.parametrize(
    "value", ["words", Value("words"), F("template"), Upper("template")]
)
def test_update_without_a_row_is_refused(value: Any) -> None:
    row = mail()
    before = stored(row)
    with pytest.raises(FieldError, match="call save"), transaction.atomic():
        OutgoingMail.objects.filter(pk=row.pk).update(to=value)
    row.to = value
    with pytest.raises(FieldError), transaction.atomic():
        OutgoingMail.objects.bulk_update([row], ["to"])
    assert stored(row) == before


def test_update_may_clear_many_rows() -> None:
    row = mail(context={"a": 1})
    OutgoingMail.objects.update(to="", context={})
    row.refresh_from_db()
    assert (row.to, row.context) == ("", {})


def test_expression_on_the_object_is_refused() -> None:
    row = mail()
    row.to = F("template")
    with pytest.raises(FieldError, match="not expressions"):
        row.save()


@pytest.mark.parametrize(
    "lookup", ["to", "to__exact", "to__contains", "to__in", "to__gt", "to__length"]
)
def test_lookups_are_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match="cannot be searched"):
        OutgoingMail.objects.filter(**{lookup: ["x"]}).exists()


def test_isnull_is_the_one_lookup() -> None:
    mail()
    assert OutgoingMail.objects.filter(to__isnull=False).count() == 1
    assert OutgoingMail.objects.filter(to__isnull=True).count() == 0


def test_values_give_the_sealed_text_only() -> None:
    row = mail()
    assert OutgoingMail.objects.values("to").get()["to"] == stored(row)
    assert OutgoingMail.objects.values_list("to", flat=True).get() == stored(row)


def test_dumps_are_refused() -> None:
    mail()
    with pytest.raises(FieldError, match="dumps"):
        serializers.serialize("json", OutgoingMail.objects.all())


def test_forms_show_and_take_the_plain_value() -> None:
    form_class = modelform_factory(OutgoingMail, fields=["to", "context"])
    row = OutgoingMail.objects.get(pk=mail(context={"a": 1}).pk)
    assert CANARY in form_class(instance=row).as_p()
    form = form_class({"to": "new", "context": '{"b": 2}'}, instance=row)
    assert form.is_valid()
    form.save()
    fresh = OutgoingMail.objects.get(pk=row.pk)
    assert (fresh.to, fresh.context) == ("new", {"b": 2})


def test_reading_costs_no_query() -> None:
    row = OutgoingMail.objects.get(pk=mail().pk)
    with connection.execute_wrapper(_no_query):
        assert row.to == CANARY


def _no_query(*_: Any) -> None:
    raise AssertionError("a query was made")


def test_field_that_knows_no_row_yet_is_refused() -> None:
    row = AuditEntry(pk=None, reason="why")
    with pytest.raises(FieldError, match="key"):
        AuditEntry._meta.get_field("reason").pre_save(row, add=True)


def test_data_key_field_holds_bytes() -> None:
    key = crypto.new_data_key()
    field = EncryptedKeyField()
    assert field.loaded(field.dumped(key)) == key


def test_options_that_would_betray_a_value_fail_the_check() -> None:
    class Careless(models.Model):
        name = EncryptedTextField(unique=True, db_default="x")
        data = EncryptedJSONField(null=True)

        class Meta:
            app_label = "network"
            managed = False

    try:
        errors = Careless._meta.get_field("name").check()
        assert {e.id for e in errors if isinstance(e, checks.Error)} == {"network.E001"}
        assert len(errors) == 2
        assert Careless._meta.get_field("data").check() == []
    finally:
        del Careless._meta.apps.all_models["network"]["careless"]
        Careless._meta.apps.clear_cache()


def test_migrations_rebuild_the_field() -> None:
    _, path, args, options = OutgoingMail._meta.get_field("context").deconstruct()
    assert path == "network.fields.EncryptedJSONField"
    assert EncryptedJSONField(*args, **options).get_default() == {}
