"""What a moderator does to a profile short of suspending its owner."""

from uuid import UUID

from django.db import transaction

from network import audit
from network.models import User
from profiles.actions import changes
from profiles.models import Profile


def hide_profile(*, user_id: UUID, by: User) -> None:
    """Takes it out of the directory and of matching until its owner shows it again."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(user=user_id)
        row.is_listed = row.is_matched = row.is_open_to_contact = False
        row.save(update_fields=["is_listed", "is_matched", "is_open_to_contact"])
        audit.record(action="profile hidden", by=by, subject=row)
        changes.tell_person(row, withdrawn=True)
