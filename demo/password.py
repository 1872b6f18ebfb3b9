"""The one password of the demonstration's cast: made at random on the first run."""

import os
import secrets
from pathlib import Path

from django.conf import settings

WORDS = (
    *("cairn", "harbour", "lantern", "orchard", "saddle", "willow", "copper"),
    *("meadow", "thimble", "gravel", "anchor", "barley", "cinder", "driftwood"),
    *("ember", "fennel", "granite", "heather", "iris", "juniper"),
)


def demo_password() -> str:
    path = Path(settings.VAR_DIR) / "demo_password"
    if not path.exists():
        phrase = "-".join(secrets.choice(WORDS) for _ in range(4))
        number = secrets.randbelow(9000) + 1000
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{phrase}-{number}")
    return path.read_text().strip()
