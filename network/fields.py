"""Model fields that are sealed in the database and open on first reading.

The primary key is bound in, so it must be set before saving. What knows no row is
refused: `QuerySet.update` and `bulk_update` with a value, expressions, lookups other
than `isnull`, serialisers. `values()` and `values_list()` yield the sealed text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.query_utils import DeferredAttribute

from network import cipher

_Set_contra = TypeVar("_Set_contra", contravariant=True)
_Get_co = TypeVar("_Get_co", covariant=True)

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    class _TextColumn(models.TextField[_Set_contra, _Get_co]): ...
else:

    class _TextColumn(models.TextField):
        def __class_getitem__(cls, _: object) -> type:
            return cls


PAD = "\0"  # no text holds it: forms and the database refuse it


class Sealed(str):
    """A token as it stands in the database; nothing else is written there."""

    __slots__ = ()


class NeedsRow(FieldError):
    """An encrypted value was to be written or sought without its row."""


class _OpensOnReading(DeferredAttribute):
    field: EncryptedTextField[Any, Any]

    def __get__(
        self, instance: models.Model | None, cls: type[models.Model] | None = None
    ) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.unsealed(value, pk=instance.pk)
            instance.__dict__[self.field.attname] = value
        return value

    # with a setter Python asks this class and not the instance's own dictionary
    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_TextColumn[_Set_contra, _Get_co]):
    """A text sealed for its row. The default stands as an empty column, unsealed.

    A sealed text is as long as what it seals. Where there is only one of few to say,
    `padded_to` (bytes) makes all equally long, and seals the default as well.
    """

    descriptor_class = _OpensOnReading

    def __init__(self, *args: Any, padded_to: int = 0, **kwargs: Any) -> None:
        self.padded_to = padded_to
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.padded_to:
            kwargs["padded_to"] = self.padded_to
        return name, path, args, kwargs

    if TYPE_CHECKING:
        _pyi_private_set_type: str | Combinable
        _pyi_private_get_type: str

    def dumped(self, value: Any) -> str:
        return str(value)

    def loaded(self, text: str) -> Any:
        return text

    def row_aad(self, pk: object) -> str:
        if pk is None:
            raise NeedsRow(f"{self} needs the row's key before it is saved")
        key = self.model._meta.pk.to_python(pk)  # the same row given as text
        return f"{self.model._meta.label}.{self.name}|{key}"

    def sealed(self, value: Any, *, pk: object) -> Sealed:
        text = self.dumped(value)
        missing = max(self.padded_to - len(text.encode()), 0)
        return Sealed(cipher.encrypt(text + PAD * missing, aad=self.row_aad(pk)))

    def unsealed(self, token: str, *, pk: object) -> Any:
        """Raises `crypto.Tampered`, also for a token of another row or field."""
        if token == "":
            return self.get_default()
        text = cipher.decrypt(token, aad=self.row_aad(pk))
        return self.loaded(text.rstrip(PAD) if self.padded_to else text)

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = getattr(model_instance, self.attname)
        if hasattr(value, "resolve_expression"):
            raise NeedsRow(f"{self} takes values, not expressions")
        if value is None:
            return None
        if value == self.get_default() and not self.padded_to:
            return Sealed("")
        return self.sealed(value, pk=model_instance.pk)

    def get_db_prep_save(
        self, value: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        if isinstance(value, Sealed):
            return str(value)
        if value is None:
            return None
        is_default = not hasattr(value, "as_sql") and value == self.get_default()
        if is_default and not self.padded_to:
            # cleared for many rows, or added by a migration to rows that exist
            return ""
        raise NeedsRow(
            f"{self} is sealed row by row: set it on the object and call save()"
        )

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise NeedsRow(f"{self} is encrypted and cannot be searched")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise NeedsRow(f"{self} is encrypted and cannot be searched")

    def value_to_string(self, obj: models.Model) -> str:
        # dumps, revisions and audit trails would hold the value in plain
        raise NeedsRow(f"{self} is not written into dumps")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        misused = [
            option
            for option, is_set in (
                ("unique", self.unique),
                ("db_index", bool(getattr(self, "db_index", False))),
                ("db_default", self.has_db_default()),
            )
            if is_set
        ]
        return [*super().check(**kwargs), *self._option_errors(misused)]

    def _option_errors(self, options: Sequence[str]) -> list[checks.CheckMessage]:
        return [
            checks.Error(
                f"An encrypted field cannot have {option}.", obj=self, id="network.E001"
            )
            for option in options
        ]


class EncryptedJSONField(EncryptedTextField[_Set_contra, _Get_co]):
    """Any JSON value, sealed for its row as one text."""

    empty_strings_allowed = False

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def dumped(self, value: Any) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)

    def loaded(self, text: str) -> Any:
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})


class EncryptedKeyField(EncryptedTextField[_Set_contra, _Get_co]):
    """A data key, wrapped by the master key; `rotate_keys` wraps it anew."""

    if TYPE_CHECKING:
        _pyi_private_set_type: bytes | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: bytes  # type: ignore[assignment]

    def dumped(self, value: Any) -> str:
        return bytes(value).hex()

    def loaded(self, text: str) -> bytes:
        return bytes.fromhex(text)

    def to_python(self, value: Any) -> Any:
        return value


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField[Any, Any]]:
    """Those of the model's own table."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]
