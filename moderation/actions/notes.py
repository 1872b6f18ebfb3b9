"""Notes of vetters beside an application."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation import access
from moderation.actions.vetting import locked
from moderation.models import TAKEN_BACK_WITHIN, DossierNote
from network import audit
from network.access import Refused
from network.models import User
from profiles.models import Application


def add_note(*, key: UUID, application: Application, by: User, words: str) -> None:
    """`key` is the form's own: sent twice it is one note.

    Raises `NotFound` for who may not read the application, `Refused` once it is
    decided.
    """
    with transaction.atomic():
        row = locked(access.application_for_vetter(by, application.pk))
        if not row.is_waiting:
            raise Refused(_("This application is decided."))
        if not DossierNote.objects.filter(pk=key).exists():
            DossierNote.objects.create(pk=key, application=row, author=by, words=words)
            audit.record(action="note added", by=by, subject=row)


def take_back_note(*, note_id: UUID, application: Application, by: User) -> bool:
    """Deletes a note of one's own; whether there was one to take back. Another's and
    one that has stood for longer are as good as none. Raises `NotFound`."""
    with transaction.atomic():
        row = locked(access.application_for_vetter(by, application.pk))
        since = timezone.now() - TAKEN_BACK_WITHIN
        fresh = DossierNote.objects.filter(
            pk=note_id, application=row, author=by, created_at__gt=since
        )
        count, _models = fresh.delete()
        if count:
            audit.record(action="note taken back", by=by, subject=row)
    return bool(count)
