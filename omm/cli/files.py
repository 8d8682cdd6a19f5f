"""Files that a command line names, of which `-` is the standard input or output."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def read_bytes(name: str) -> bytes:
    """All bytes of a file. Raises OSError."""
    if name != "-":
        return Path(name).expanduser().read_bytes()
    return b"" if sys.stdin is None else sys.stdin.buffer.read()


def piped() -> str | None:
    """The text on the standard input; None where that is a terminal, or nothing."""
    return None if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()


@contextlib.contextmanager
def appending(name: str) -> Iterator[IO[bytes]]:
    """A file to add to. Raises OSError."""
    if name == "-":
        yield sys.stdout.buffer
        return
    with Path(name).open("ab") as file:
        yield file
