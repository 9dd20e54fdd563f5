"""Structured logs for both processes of a node: one JSON object a line, without personal data.

What an exception says may hold a person's name (a database quotes the row it refuses), so an exception is logged
as its type and the places it passed, never as its text. Lines of other libraries keep their template, not what was
filled in.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any, Final

NAMESPACE: Final = "renkei"
"""Loggers below this name are ours: their messages are constant texts, their values go in ``facts``."""


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time, level, node, process, logger, message and its facts."""

    def __init__(self, node: str, process: str) -> None:
        super().__init__()
        self._origin = {"node": node, "process": process}

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **self._origin,
            "logger": record.name,
            "message": str(record.msg),
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line |= facts
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["places"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(node: str, process: str, stream: IO[str] | None = None, level: int = logging.INFO) -> None:
    """Send everything that this process logs to ``stream`` (standard error) as lines of JSON."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(node, process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(NAMESPACE).setLevel(level)


def _places(trace: Any) -> list[str]:
    return [
        f"{frame.filename.rsplit('/site-packages/', 1)[-1]}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(trace)[-12:]
    ]
