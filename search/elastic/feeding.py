"""Changes as bulk operations. External versions let the server ignore old ones."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.documents import Change, NeedDocument, PersonDocument, TextDocument
from search.elastic.indices import Indices
from search.elastic.rows import TOMBSTONE, need_row, person_row, text_row
from search.engine import EngineUnavailable

Refresh = Literal["true", "false", "wait_for"]
OLD_VERSION = 409
BUSY = (429, 503)  # too much at once; a shard whose copy is just taking over
RETRIES, FIRST_PAUSE, LONGEST_PAUSE = 6, 0.25, 8.0  # seconds

Operation = dict[str, Any]


def feed(
    client: Elasticsearch,
    indices: Indices,
    changes: Iterable[Change],
    refresh: Refresh,
) -> None:
    """Raises EngineUnavailable when any but an old version was refused.

    What was taken before that stays, so that the same changes can be sent again.
    """
    outcomes = streaming_bulk(
        client,
        _operations(changes, indices),
        raise_on_error=False,
        refresh=refresh,
        require_alias=True,  # never an index that makes itself
        max_retries=RETRIES,
        initial_backoff=FIRST_PAUSE,
        max_backoff=LONGEST_PAUSE,
        retry_on_status=BUSY,
    )
    refused = {
        (outcome["index"]["status"], _reason(outcome["index"]))
        for taken, outcome in outcomes
        if not taken and outcome["index"]["status"] != OLD_VERSION
    }
    if refused:
        raise EngineUnavailable(f"changes refused: {sorted(refused)}")


def _operations(changes: Iterable[Change], indices: Indices) -> Iterator[Operation]:
    for change in changes:
        match change.document:
            case PersonDocument() as person:
                yield _operation(change, indices.people, person_row(person))
            case NeedDocument() as need:
                yield _operation(change, indices.needs, need_row(need))
            case TextDocument() as text:
                yield _operation(change, indices.texts, text_row(text))
            case None:
                for index in indices.all:
                    yield _operation(change, index, dict(TOMBSTONE))


def _operation(change: Change, index: str, row: dict[str, Any]) -> Operation:
    return {
        "_op_type": "index",
        "_index": index,
        "_id": change.doc_id,
        "version": change.version,
        "version_type": "external",
        "_source": row,
    }


def _reason(outcome: dict[str, Any]) -> str:
    """The sort of error only: its text may quote a document."""
    error = outcome.get("error")
    return str(error.get("type")) if isinstance(error, dict) else "unknown"
