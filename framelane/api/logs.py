"""How log lines look: as JSON, one object a line, or plain for people. Neither holds credentials, see `redaction`."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from framelane.api.redaction import one_line, redacted, redacted_value
from framelane.lib import log_context

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}
# Celery's, who puts the arguments of messages there.
_STANDARD |= {"data"}


class JsonFormatter(logging.Formatter):
    """time, level, logger, request_id, message; what the line belongs to (`framelane.lib.log_context`); whatever was
    passed as `extra`; and the traceback when there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if traceback := _traceback(self, record):
            line["traceback"] = traceback
        text = json.dumps(redacted_value(line), ensure_ascii=False)
        # JSON lets them stand, and some readers of lines end a line there.
        return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


class PlainFormatter(logging.Formatter):
    """`time LEVEL logger [request_id] message name=value ...`, and the traceback on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        request_id = fields.pop("request_id", "-")
        told = "".join(f" {name}={value}" for name, value in fields.items())
        line = f"{_time(record)} {record.levelname} {record.name} [{request_id}] {record.getMessage()}{told}"
        lines = [one_line(redacted(line)), *(one_line(redacted(part)) for part in _traceback(self, record).split("\n"))]
        return "\n".join(part for part in lines if part)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the line belongs to, and what was passed as `extra`, which wins."""
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return {**log_context.current(), **extra}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    told = [formatter.formatException(record.exc_info)] if record.exc_info else []
    return "\n".join([*told, *([record.stack_info] if record.stack_info else [])])
