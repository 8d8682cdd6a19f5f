"""omm status, logs and shutdown: the server on this machine, seen from outside. None of them starts one."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

from omm import instance, units
from omm.cli import output
from omm.cli.client import Client, Unreachable
from omm.cli.params import UsageError
from omm.cli.session import Session
from omm.errors import Conflict, Forbidden, InvalidRequest, OmmError, SourceUnavailable
from omm.instance import Note

if TYPE_CHECKING:
    import typer

STOP_TIMEOUT_S = 30.0
POLL_S = 0.05
FOLLOW_S = 0.25
ELSEWHERE = "one in the foreground logs to its terminal, one of omm service to 'journalctl --user -u omm'"


def status(session: Session, as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False) -> None:
    """Tell whether the server runs, and what it does"""
    client = _passive(session)
    version = client.version()
    note = _note(client)
    loaded = client.running()
    if as_json:
        models = [{"name": row.name, "active": row.active, "waiting": row.waiting} for row in loaded]
        facts = {"address": str(client.address), "version": version, "models_loaded": models}
        output.print_json({**facts, **_facts(note)} if note else facts)
        return
    print(f"omm {output.shown(version, sys.stdout)} runs at {client.address}")
    for name, text in _rows(note) if note else []:
        print(f"  {name:<8} {text}")
    for row in loaded:
        output.say(f"  {'loaded':<8} {row.name}, {row.active} active, {row.waiting} waiting")


def _passive(session: Session) -> Client:
    """A client that never starts a server."""
    return Client(dataclasses.replace(session.settings, no_start=True))


def _note(client: Client) -> Note | None:
    return instance.find(client.address.port) if client.address.is_loopback else None


def _rows(note: Note) -> Iterator[tuple[str, str]]:
    yield "process", str(note.pid)
    yield "since", units.human_time(note.started_ns, output.now_ns())
    yield "models", note.models
    if note.log:
        yield "log", note.log


def _facts(note: Note) -> dict[str, Any]:
    return {
        "pid": note.pid,
        "started_at": units.rfc3339(note.started_ns),
        "models": note.models,
        "log": note.log or None,
    }


# --- logs ---------------------------------------------------------------------------------------------------------


def logs(
    session: Session,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on printing what is added")] = False,
    lines: Annotated[str, typer.Option("-n", "--lines", metavar="N", help="How many of the last lines")] = "50",
) -> None:
    """Print the log of a server that runs in the background"""
    if not lines.isdecimal() or len(lines) > 9:
        raise UsageError(f"--lines takes a number of lines, not {lines!r}")
    client = _passive(session)
    path = instance.log_path(client.address.port)
    note = _note(client)
    if note and not note.log:  # then what is there is an earlier server's
        raise SourceUnavailable(f"the server (process {note.pid}) has no log file: {ELSEWHERE}")
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise SourceUnavailable(f"no log at {path}: {ELSEWHERE}") from None
    with file:
        for line in collections.deque(file, int(lines)):
            output.say(line, end="")
        if follow:
            sys.stdout.flush()
            _follow(path, file)


def _follow(path: Path, file: TextIO) -> None:
    """Print what is added, also after the log moved aside, until interrupted."""
    with contextlib.ExitStack() as stack:
        while True:
            # First, so that what was written up to the move is still read.
            has_moved = _has_moved(path, file)
            while line := file.readline():
                output.say(line, end="")
            sys.stdout.flush()
            if has_moved:
                file = stack.enter_context(path.open(encoding="utf-8", errors="replace"))
            else:
                time.sleep(FOLLOW_S)


def _has_moved(path: Path, file: TextIO) -> bool:
    """Whether another file has the name by now."""
    with contextlib.suppress(FileNotFoundError):
        return not os.path.samestat(path.stat(), os.fstat(file.fileno()))
    return False


# --- shutdown -----------------------------------------------------------------------------------------------------


def shutdown(session: Session) -> None:
    """Stop the server that runs on this machine"""
    client = _passive(session)
    port = client.address.port
    note = _note(client)
    if note is None:
        _explain_missing(client)
        return
    try:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
            os.kill(note.pid, signal.SIGTERM)
    except PermissionError:
        raise Forbidden(f"process {note.pid} belongs to another user") from None
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while instance.find(port) == note:
        if time.monotonic() > deadline:
            raise Conflict(f"the omm server (process {note.pid}) is still at work after {STOP_TIMEOUT_S:.0f} s")
        time.sleep(POLL_S)
    print(f"Stopped the omm server (process {note.pid})")


def _explain_missing(client: Client) -> None:
    try:
        client.version()
    except Unreachable:
        raise
    except OmmError as exc:
        raise InvalidRequest(f"nothing to stop: {exc.message}") from exc
    raise Forbidden(f"the server at {client.address} runs on another machine or for another user; stop it there")
