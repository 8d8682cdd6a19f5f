"""How the server's log looks: lines for people, or JSON for programs."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import msgspec

from omm import units
from omm.config import Settings

MAX_BYTES = 4 << 20
# NOTE: what a stranger wrote must neither begin a line of the log nor reach the terminal as an escape sequence.
ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {10: "\\n", 9: "\t"}
INDENTS = ESCAPES | {10: "\n  "}  # for what has lines of its own


class Lines(logging.Formatter):
    """One line a record, and tracebacks below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line."""
        record.message = record.message.translate(ESCAPES)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        """The traceback, indented: the error in it may hold what a stranger wrote."""
        return "  " + super().formatException(ei).translate(INDENTS)


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


class Rotating(logging.StreamHandler[TextIO]):
    """Writes to stderr, which is a file that nobody else renames; begins a new one when it is large, and keeps one."""

    def __init__(self, path: Path) -> None:
        super().__init__(sys.stderr)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        super().emit(record)
        if os.fstat(self.stream.fileno()).st_size > MAX_BYTES:
            with contextlib.suppress(OSError):  # the old one then grows on
                self._begin_anew()

    def _begin_anew(self) -> None:
        old = os.fstat(self.stream.fileno())
        self._path.replace(self._path.with_suffix(".log.1"))
        with self._path.open("ab") as file:
            # What a library prints goes past this handler, so the descriptors themselves have to move.
            for descriptor in (1, 2):
                if os.path.samestat(os.fstat(descriptor), old):
                    os.dup2(file.fileno(), descriptor)


def goes_to(path: Path, out: TextIO | None = None) -> bool:
    """Whether `out`, or stderr, is this file."""
    with contextlib.suppress(OSError, ValueError):  # no such file, or a stream without a descriptor
        return os.path.samestat(os.fstat((out or sys.stderr).fileno()), path.stat())
    return False


def _handler(out: TextIO, own: Path | None) -> logging.Handler:
    return Rotating(own) if own and goes_to(own, out) else logging.StreamHandler(out)


def start(settings: Settings, out: TextIO | None = None, own: Path | None = None) -> None:
    """Log to `out`, or stderr, as the settings say. If that is the file `own`, it is kept from growing for ever."""
    out = out or sys.stderr
    handler = _handler(out, own)
    handler.setFormatter(formatter(settings.log_format, out.isatty()))
    logging.basicConfig(level=logging.DEBUG if settings.debug else logging.INFO, handlers=[handler], force=True)
    logging.getLogger("omm.prompts").disabled = not settings.log_prompts
    # NOTE: waitress reports every client that leaves, and a queue whenever all threads are busy; both are normal here.
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
