"""What a running server leaves about itself: its log, and a note, whose lock tells a living server from a leftover."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from omm import config

NUM_TRIES, PAUSE_S = 10, 0.01


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Which process serves what. `started_ns` is Unix time; `log` is the file it logs to, empty where that is none."""

    pid: int
    host: str
    port: int
    version: str
    models: str
    started_ns: int
    log: str = ""


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

    False as well where notes cannot be written, which keeps nobody from serving.

    NOTE: the lock and not the number says that the process lives: numbers are given again. The kernel lets go of it
    however the process ends. The file is never removed, or two servers could each hold a lock on a file of that name.
    """
    with contextlib.ExitStack() as stack:
        file = _claimed(note)
        if file is not None:
            stack.enter_context(file)
        yield file is not None


def _claimed(note: Note) -> IO[bytes] | None:
    """The note's file, written and locked until it is closed; None if it is another's or cannot be written."""
    path = note_path(note.port)
    with contextlib.ExitStack() as undo, contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = undo.enter_context(path.open("ab", buffering=0))
        if _lock(file):
            os.ftruncate(file.fileno(), 0)
            file.write(msgspec.json.encode(note))
            undo.pop_all()
            return file
    return None


def _lock(file: IO[bytes]) -> bool:
    """Lock a file until it is closed; false if somebody else keeps it locked."""
    import fcntl

    for _ in range(NUM_TRIES):  # NOTE: whoever looks for a server has the lock, too, for a moment
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(PAUSE_S)
    return False


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
