"""omm run --mcp: opens a toolbox, asks the user about calls, and sees to it that no server outlives the command."""

from __future__ import annotations

import contextlib
import signal
import sys
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from omm import config
from omm.cli import mcp_config, output, signals
from omm.cli.mcp import Servers
from omm.cli.replies import ModelInfo
from omm.cli.toolbox import Toolbox
from omm.config import Settings
from omm.errors import InvalidRequest, SourceUnavailable

ENDINGS = (signal.SIGTERM, signal.SIGHUP)
ANSWERS: dict[str, bool | None] = {
    "y": True, "yes": True, "a": None, "always": None, "n": False, "no": False, "": False,
}  # fmt: skip


@contextlib.contextmanager
def opened(path: Path, allowed: Sequence[str], info: ModelInfo, settings: Settings) -> Iterator[Toolbox]:
    """The tools of the servers that a file names; `allowed` are called without asking.

    Raises:
        InvalidRequest: the file makes no sense, nobody can be asked and nothing is allowed, or that is not there.
        SourceUnavailable: no server could be used.
        Unsupported: the `mcp` package is not installed.
    """
    can_ask = sys.stdin.isatty() and sys.stderr.isatty()
    if not (can_ask or allowed):
        raise InvalidRequest("nobody can be asked here: say what may be called, with --mcp-allow all or NAME,…")
    if not info.can("tools"):
        output.note("warning: this model does not know tools")
    timeout_s = settings.mcp_timeout if settings.mcp_timeout > 0 else None
    servers = Servers(mcp_config.read(path), timeout_s=timeout_s, log_dir=config.state_dir() / "logs")
    with _exit_on(ENDINGS):
        try:
            toolbox = _filled(path, servers, can_ask=can_ask)
            toolbox.allow(allowed)
            yield toolbox
        finally:
            with signals.handled((*ENDINGS, signal.SIGINT), signal.SIG_IGN):
                servers.close()


def _filled(path: Path, servers: Servers, *, can_ask: bool) -> Toolbox:
    with output.spinner("starting tools"):
        tools, failures = servers.start()
    reasons = [f"{path}: {mcp_config.KEY}.{failure.server}: {failure.reason}" for failure in failures]
    if failures and not tools:
        raise SourceUnavailable("\n".join(reasons))
    for reason in reasons:
        output.note(f"warning: {reason}")
    return Toolbox(servers, tools, ask if can_ask else None)


def ask(title: str) -> bool | None:
    """Ask whether a tool may be called: once, from now on (None), or not, which is also what the end of input says."""
    termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question was shown is no answer
    while True:
        sys.stderr.write(output.shown(f"Allow {title}? y once, a always in this session, n no: ", sys.stderr))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stderr.write("\n")
        answer = line.strip().lower()
        if answer in ANSWERS:
            return ANSWERS[answer]


# --- signals ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _exit_on(numbers: Sequence[signal.Signals]) -> Iterator[None]:
    """Let these signals end the command as an error would, so that what is open gets closed."""
    with signals.handled([number for number in numbers if signal.getsignal(number) is signal.SIG_DFL], _exit):
        yield


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
