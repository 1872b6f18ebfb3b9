"""A person's own list of notices."""

from django.utils import timezone

from network.models import Notice, User


def mark_notices_read(*, by: User) -> int:
    """Not audited: it is a reading mark, and nobody else's matter."""
    return Notice.objects.filter(person=by, read_at=None).update(read_at=timezone.now())
