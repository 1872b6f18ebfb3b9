from __future__ import annotations

from django.conf import settings
from django.db import models

from network.models import BaseModel


class Canary(BaseModel):
    """That a member of the directory is invented: whoever opens the profile looks at
    everybody. A row of its own, and no field of the profile, so that nothing that
    reads profiles can show it, export it or bring it into an index.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name_plural = "canaries"
