import uuid

from django.db import models
from django.utils import timezone


class Tombstone(models.Model):
    """Something was erased: of what kind and when, not what or whose. The same line
    stands in a file outside the database: see `network.tombstones`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=64)  # of the row's key, readable by nobody
    at = models.DateTimeField(default=timezone.now)
