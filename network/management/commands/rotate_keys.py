"""Seals every encrypted column again with the first key of `FIELD_KEYS`.

May be stopped and started again: rows that are on the first key are passed over. No
row's `version` is raised, since nothing that is shown or indexed changes.

Sessions are not rotated: those sealed with a key that is taken away are signed out.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction
from django.db.models.functions import Left
from rich.console import Console
from rich.progress import Progress

from network import triggers
from network.adapters import resealed_secret, sealed_values, with_secrets
from network.cipher import FORMAT
from network.crypto import (
    EncryptedTextField,
    Sealed,
    Tampered,
    encrypted_fields,
    key_ring,
)
from network.models import AuditEntry

Row = dict[str, Any]
Rows = models.QuerySet[models.Model]
Column = EncryptedTextField[Any, Any]


def sealed_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and encrypted_fields(model)
    ]


def rows_on_old_keys(model: type[models.Model]) -> Rows:
    """Rows with a column that another key than the first sealed."""
    prefix = f"{FORMAT}:{key_ring().first}:"
    waiting = models.Q()
    # a plain query set: the model's own would raise `version` on update
    rows: Rows = models.QuerySet(model)
    for field in encrypted_fields(model):
        head = f"head_of_{field.name}"
        start = Left(field.name, len(prefix), output_field=models.TextField())
        rows = rows.alias(**{head: start})
        waiting |= (
            ~models.Q(**{head: prefix})
            & ~models.Q(**{head: ""})
            & models.Q(**{f"{head}__isnull": False})
        )
    return rows.filter(waiting)


class Command(BaseCommand):
    help = "Seals all encrypted columns with the first key of FIELD_KEYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows at a time")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        counts = {model: rows_on_old_keys(model).count() for model in sealed_models()}
        unreadable: list[str] = []
        with Progress(console=Console(stderr=True), transient=True) as progress:
            for model, count in counts.items():
                bar = progress.add_task(model._meta.label, total=count)
                for size, failures in _rotated_batches(model, batch):
                    unreadable += failures
                    progress.advance(bar, size)
        factors, lost = _rotate_factors()
        unreadable += lost
        done = sum(counts.values()) + factors + len(lost) - len(unreadable)
        self.stdout.write(f"{done} rows are now on key {key_ring().first}")
        if unreadable:
            raise CommandError("Left as they were: " + ", ".join(unreadable))


def _rotated_batches(
    model: type[models.Model], batch: int
) -> Iterator[tuple[int, list[str]]]:
    """Yields per batch its size and the rows that do not open."""
    last: object = None
    while True:
        with transaction.atomic(), _writable(model):
            rows = _next_rows(model, after=last, batch=batch)
            failures = [str(row["pk"]) for row in rows if not _rotate(model, row)]
        if not rows:
            return
        last = rows[-1]["pk"]
        yield len(rows), [f"{model._meta.label} {pk}" for pk in failures]


@contextmanager
def _writable(model: type[models.Model]) -> Iterator[None]:
    """The audit log refuses every change; its seals are of the plain texts and hold."""
    if model is not AuditEntry:
        yield
        return
    triggers.remove(connection)
    yield
    triggers.install(connection)


def _next_rows(model: type[models.Model], *, after: object, batch: int) -> list[Row]:
    rows = rows_on_old_keys(model).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    if after is not None:
        rows = rows.filter(pk__gt=after)
    names = [field.name for field in encrypted_fields(model)]
    return list(rows.values("pk", *names)[:batch])


def _rotate(model: type[models.Model], row: Row) -> bool:
    try:
        fresh = {
            field.name: _resealed(field, row[field.name], pk=row["pk"])
            for field in encrypted_fields(model)
            if row[field.name]
        }
    except Tampered:
        return False
    models.QuerySet(model).filter(pk=row["pk"]).update(**fresh)
    return True


def _resealed(field: Column, token: str, *, pk: object) -> Sealed:
    return field.sealed(field.unsealed(token, pk=pk), pk=pk)


def _rotate_factors() -> tuple[int, list[str]]:
    """The secrets in allauth's own table, which no field of ours seals."""
    done, lost = 0, []
    rows: Rows = models.QuerySet(Authenticator).order_by("pk")
    for pk, user, data in rows.values_list("pk", "user_id", "data"):
        if not any(_is_on_old_key(token) for token in sealed_values(data)):
            continue
        try:
            fresh = with_secrets(data, partial(resealed_secret, owner=user))
        except Tampered:
            lost.append(f"{Authenticator._meta.label} {pk}")
        else:
            # a code that is used meanwhile changes the row: then the next run does it
            done += rows.filter(pk=pk, data=data).update(data=fresh)
    return done, lost


def _is_on_old_key(token: str) -> bool:
    return not token.startswith(f"{FORMAT}:{key_ring().first}:")
