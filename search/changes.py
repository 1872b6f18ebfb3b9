"""Entries of the outbox as changes for an engine.

A document is always read as the database has it now, so that an entry read late or
twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from network.models import OutboxEntry
from search import sources
from search.documents import Change
from search.keys import doc_id

KINDS: Final = frozenset(sources.READERS)


def changes(
    entries: Iterable[OutboxEntry], version_of: Callable[[OutboxEntry], int]
) -> Iterator[Change]:
    """One for each thing that the entries tell of, with its highest version."""
    versions: dict[str, dict[str, int]] = defaultdict(dict)
    for entry in entries:
        if entry.kind in KINDS:
            of_kind = versions[entry.kind]
            version = version_of(entry)
            of_kind[entry.key] = max(version, of_kind.get(entry.key, 0))
    for kind, keys in versions.items():
        for key, document in sources.documents(kind, keys).items():
            yield Change(doc_id(kind, key), keys[key], document)
