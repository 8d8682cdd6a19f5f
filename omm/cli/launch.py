"""Start a server in the background and wait until it answers. The only place that leaves a process behind."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import omm
from omm import config, instance
from omm.config import Settings
from omm.errors import SourceUnavailable

READY_TIMEOUT_S = 60.0
POLL_S = 0.05
GRACE_S = 1.0


def make_log_folder() -> None:
    """Make the folder of logs, which is its owner's alone, as they may hold prompts."""
    (config.state_dir() / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)


def start(settings: Settings, port: int, is_up: Callable[[], bool], given: Mapping[str, str] | None = None) -> bool:
    """Start a server for `settings` unless another command has just done so, and wait until `is_up`.

    `given` are settings from flags, as they were written. Returns whether one was started.

    Raises:
        SourceUnavailable: it ended or did not get ready; the message quotes the end of its log.
    """
    path = instance.log_path(port)
    make_log_folder()
    with _turn(config.state_dir() / f"start-{port}.lock"):
        if is_up():
            return False
        with path.open("ab") as log:
            size_before = log.tell()
            process = _spawn(settings, log, given or {})
        _wait(process, is_up, path, size_before)
        process.returncode = 0  # it is meant to outlive this command, which else gets a warning
    print(f"Started the omm server (log: {path})", file=sys.stderr)
    return True


def _spawn(settings: Settings, log: IO[bytes], given: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # What came from flags and relative paths must hold for the server too, which runs elsewhere.
    values = {
        **given,
        "host": settings.host,
        "port": str(settings.port),
        "models": str(settings.models.absolute()),
    }
    env = config.child_env(**{f"OMM_{name.upper()}": text for name, text in values.items()})
    return subprocess.Popen(
        [sys.executable, "-m", "omm", "serve"],
        env=env,
        cwd=Path(omm.__file__).parents[1],  # importable from there, and never a folder the user wants to unmount
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], is_up: Callable[[], bool], path: Path, log_start: int) -> None:
    started_at = time.monotonic()
    ended_at: float | None = None
    while not is_up():
        now = time.monotonic()
        # A server that found the address taken ends at once; the one that took it may still be getting ready.
        if ended_at is None and process.poll() is not None:
            ended_at = now
        if ended_at is not None and now - ended_at > GRACE_S:
            raise _failed("ended", path, log_start)
        if now - started_at > READY_TIMEOUT_S:
            process.terminate()
            process.wait()
            raise _failed(f"was not ready after {READY_TIMEOUT_S:.0f} s", path, log_start)
        time.sleep(POLL_S)


def _failed(reason: str, path: Path, log_start: int) -> SourceUnavailable:
    last = _last_line(path, log_start)
    return SourceUnavailable(f"the omm server {reason}{': ' if last else ''}{last} (log: {path})")


def _last_line(path: Path, start: int) -> str:
    """What a server that could not start said last, which is why."""
    with path.open("rb") as file:
        file.seek(start)
        lines = file.read().decode(errors="replace").rstrip().splitlines()
    return lines[-1].removeprefix("Error: ") if lines else ""


@contextlib.contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Let one command at a time start a server: the second then finds the first one's."""
    try:
        import fcntl
    except ImportError:  # Windows: two starts end with one server all the same, as the loser finds the port taken
        yield
        return
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
