"""Partners: checked by staff before they see or offer anything."""

from django.db import transaction
from django.utils import timezone

from network import audit
from network.access import NotFound, Role, has_role
from network.models import User
from profiles.models import Organisation


def verify_organisation(*, organisation: Organisation, by: User) -> Organisation:
    """Raises `NotFound` for all but vetters and administrators."""
    if not has_role(by, Role.VETTER, Role.ADMIN):
        raise NotFound
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if row.verified_at is None:
            row.verified_at, row.verified_by = timezone.now(), by
            row.save(update_fields=["verified_at", "verified_by"])
            audit.record(action="organisation verified", by=by, subject=row)
    return row
