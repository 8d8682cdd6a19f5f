"""How the server's log looks: lines for people, or JSON for programs."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import msgspec

from omm import units
from omm.config import Settings

# NOTE: what a stranger wrote must neither begin a line of the log nor reach the terminal as an escape sequence.
ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {10: "\\n", 9: "\t"}


class Lines(logging.Formatter):
    """One line a record, and tracebacks below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line."""
        record.message = record.message.translate(ESCAPES)
        return super().formatMessage(record)


class Json(logging.Formatter):
    """One JSON object a line; a request's facts are an object in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": units.rfc3339(int(record.created * 1e6) * 1000),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        if request := getattr(record, "request", None):
            line["request"] = request
        return msgspec.json.encode(line).decode()


def formatter(kind: str, on_terminal: bool) -> logging.Formatter:
    """The formatter for a log of this kind, text or json."""
    if kind == "json":
        return Json()
    return Lines("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S" if on_terminal else None)


def start(settings: Settings, out: TextIO | None = None) -> None:
    """Log to `out`, or stderr, as the settings say."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(formatter(settings.log_format, handler.stream.isatty()))
    logging.basicConfig(level=logging.DEBUG if settings.debug else logging.INFO, handlers=[handler], force=True)
    logging.getLogger("omm.prompts").disabled = not settings.log_prompts
    # NOTE: waitress reports every client that leaves, and a queue whenever all threads are busy; both are normal here.
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
