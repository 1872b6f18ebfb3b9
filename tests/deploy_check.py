"""`manage.py check --deploy` with a whole production environment; `python -m
tests.deploy_check`. Also that production refuses to start when a part is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from secrets import token_bytes, token_urlsafe

NEEDED = {
    "WAYMARK_SECRET_KEY": token_urlsafe(60),
    "WAYMARK_FIELD_KEYS": f"k1:{b64encode(token_bytes(32)).decode()}",
    "WAYMARK_BLIND_INDEX_KEY": b64encode(token_bytes(32)).decode(),
    "WAYMARK_HOSTS": "waymark.example",
    "WAYMARK_BASE_URL": "https://waymark.example",
    "WAYMARK_FROM": "Waymark <hello@waymark.example>",
}


def check(folder: str, **left_out: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        **NEEDED,
        "WAYMARK_PRODUCTION": "1",
        "WAYMARK_VAR": folder,
        **left_out,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    return subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        whole = check(folder)
        if whole.returncode:
            print(whole.stdout, whole.stderr)
            return 1
        for name in NEEDED:
            if not check(folder, **{name: ""}).returncode:
                print(f"Production starts without {name}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
