"""Structured logs: JSON lines of named fields; what a person typed has no field."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

# an allow-list: whatever else a caller passes as `extra` is dropped
FIELDS = (
    "route",
    "method",
    "status",
    "milliseconds",
    "task",
    "count",
    "consumer",
    "part",
    "error",
)


OURS = "waymark"


class Expected(logging.Filter):
    """What was refused with an answer (4xx) is no fault of ours: a warning, no trace.
    Django logs a wrong host and the like as errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
            record.exc_info = record.exc_text = None
        return True


class JsonLines(logging.Formatter):
    """Time, level, logger, event and the allowed fields.

    Of a message only the template is kept, never its arguments; a third party's message
    without arguments may have been filled in before, so of that only the place is kept.
    Of an error its type and the places are kept, not its words.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] == OURS or record.args:
            line["event"] = str(record.msg)[:200]
        else:
            line["place"] = f"{record.module}:{record.lineno} {record.funcName}"
        line |= {
            name: getattr(record, name) for name in FIELDS if hasattr(record, name)
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=False)
