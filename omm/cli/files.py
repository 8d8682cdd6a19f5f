"""Files that a command line names, of which `-` is the standard input or output."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def read_bytes(name: str, size_max: int = -1) -> bytes:
    """The bytes of a file, or as many as are wanted at most: devices and pipes may have no end. Raises OSError."""
    if name != "-":
        with Path(name).expanduser().open("rb") as file:
            return file.read(size_max)
    return sys.stdin.buffer.read(size_max)


def piped() -> str | None:
    """The text on the standard input; None where that is a terminal."""
    return None if sys.stdin.isatty() else sys.stdin.read()


@contextlib.contextmanager
def appending(name: str) -> Iterator[IO[bytes]]:
    """A file to add to. Raises OSError."""
    if name == "-":
        yield sys.stdout.buffer
        return
    with Path(name).expanduser().open("ab") as file:
        yield file
