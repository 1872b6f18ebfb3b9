"""Keys for a developer's machine: made at random once, kept in `var/`, mode 0600."""

import json
import os
import secrets
from base64 import b64encode
from pathlib import Path
from typing import TypedDict


class Keys(TypedDict):
    secret_key: str
    field_keys: list[str]
    blind_index_key: str


def fresh_keys() -> Keys:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "field_keys": [f"k1:{b64encode(secrets.token_bytes(32)).decode()}"],
        "blind_index_key": b64encode(secrets.token_bytes(32)).decode(),
    }


def development_keys(folder: Path) -> Keys:
    """Reads `folder/keys.json`, writing it first when there is none.

    Two processes that start at once agree: the file appears whole, by a link that
    fails when the other was faster.
    """
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"keys.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(fresh_keys(), file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        draft.unlink()
    keys: Keys = json.loads(path.read_text())
    return keys
