"""Where the log goes: to standard error, as lines for people or as one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from ui.terminal import one_line

PACKAGES = ("rag", "ingest", "ui", "eval")
"""The loggers whose level the settings choose; of libraries, warnings are logged."""
NAME = "dateline"


def start_logging(level: str, as_json: bool) -> None:
    """From now on records go to standard error; a second call takes the place of the first."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == NAME]:
        root.removeHandler(handler)
    handler = StandardError()
    handler.set_name(NAME)
    handler.setFormatter(JsonLine() if as_json else Line())
    root.addHandler(handler)
    for name in PACKAGES:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(as_json)


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is when it writes."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class Line(logging.Formatter):
    """`TIME LEVEL LOGGER: MESSAGE` on one line, whatever the message holds; a traceback on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {one_line(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLine(logging.Formatter):
    """One object: time in UTC, level, logger, message, the traceback where there is one, and the record's own `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps({**getattr(record, "fields", {}), **entry}, default=str)
