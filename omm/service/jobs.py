"""Work that a child process does for this one, which looks after other things meanwhile. Knows nothing of the work."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import msgspec

from omm import config
from omm.engine.jobs import Done, Report
from omm.errors import EngineFailed, from_code
from omm.types import Failed, Value

_POLL_S = 0.2


def run(module: str, job: Value) -> Iterator[Report | None]:
    """What the process reports up to its Done, None now and then while it reports nothing; closing ends it.

    Raises:
        OmmError: what the process says is wrong.
        EngineFailed: it died.
    """
    with (
        subprocess.Popen(
            # NOTE: -P, because else a file in the current directory could take the place of any module.
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=config.runner_env(),
        ) as child,
        contextlib.ExitStack() as undo,
    ):
        undo.callback(child.kill)
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(msgspec.json.encode(job) + b"\n")
        child.stdin.flush()
        for line in _lines(child.stdout):
            report: Report | None = msgspec.json.decode(line, type=Report) if line else None
            match report:
                case Done():
                    return
                case Failed(code=code, message=message, param=param):
                    raise from_code(code, message, param)
            yield report
    raise EngineFailed(f"the process that did the work has unexpectedly stopped with code {child.returncode}")


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    """Lines as they come, empty ones while none comes, so that the reader can look after other things."""
    rest = b""
    with selectors.DefaultSelector() as selector:  # NOTE: select.select takes no file with a number from 1024 on
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(_POLL_S):
                yield b""
                continue
            if not (chunk := os.read(pipe.fileno(), 1 << 16)):
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
