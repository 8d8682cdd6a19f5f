"""What a running server leaves about itself: its log, and a note, whose lock tells a living server from a leftover."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from omm import config


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Which process serves what. `started_ns` is Unix time."""

    pid: int
    host: str
    port: int
    version: str
    models: str
    started_ns: int


def note_path(port: int) -> Path:
    """Where the server on a port keeps its note. It stays when the server ends, unlocked."""
    return config.state_dir() / f"server-{port}.json"


def log_path(port: int) -> Path:
    """Where the server on a port logs when it runs in the background."""
    name = "server.log" if port == config.DEFAULT_PORT else f"server-{port}.log"
    return config.state_dir() / "logs" / name


@contextlib.contextmanager
def claim(note: Note) -> Iterator[bool]:
    """Hold the note of a port while the server runs; false if another address's server on that port has it.

    NOTE: the lock and not the number says that the process lives: numbers are given again. The kernel lets go of it
    however the process ends. The file is never removed, or two servers could each hold a lock on a file of that name.
    """
    import fcntl

    path = note_path(note.port)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        os.ftruncate(file.fileno(), 0)
        file.write(msgspec.json.encode(note))
        file.flush()
        yield True


def find(port: int) -> Note | None:
    """The note of the server that runs on a port of this machine under this user, if one does."""
    import fcntl

    try:
        with note_path(port).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return msgspec.json.decode(file.read(), type=Note)
    except (OSError, msgspec.DecodeError):
        pass
    return None
