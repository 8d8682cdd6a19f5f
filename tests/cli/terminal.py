"""A program on a pseudo terminal, and what its user sees."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from typing import Any

import pyte

COLUMNS, LINES = 80, 24
# Makes the pseudo terminal the program's own, so that Ctrl-C reaches it as a signal.
TAKE_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "omm", *sys.argv[1:]])
"""


class _Screen(pyte.HistoryScreen):
    """Answers the questions that programs ask a terminal, such as where the cursor is."""

    reply: Callable[[bytes], Any]

    def write_process_input(self, data: str) -> None:
        self.reply(data.encode())


class Terminal:
    """Runs `omm` with these arguments at 80 by 24, as the kind of terminal that `env` names.

    `before` is Python to be run first in its process.
    """

    def __init__(self, args: Sequence[str], env: dict[str, str], before: str = "") -> None:
        self._master, slave = pty.openpty()
        self._columns = COLUMNS
        self._screen = _Screen(COLUMNS, LINES, history=1000)
        self.resize(COLUMNS)
        self._screen.reply = lambda answer: os.write(self._master, answer)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{before}\n{TAKE_TERMINAL}", *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")},
        )
        os.close(slave)

    @property
    def text(self) -> str:
        """All lines, those that scrolled away first, without blanks at their ends."""
        above = ["".join(row[x].data for x in range(self._columns)) for row in self._screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self._screen.display]).rstrip()

    def resize(self, columns: int) -> None:
        """Make the window as wide as this; the program gets a signal."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
        self._screen.resize(LINES, columns)
        self._columns = columns

    def send(self, keys: str) -> None:
        """Type; `\\x03` is Ctrl-C."""
        self.send_bytes(keys.encode())

    def send_bytes(self, data: bytes) -> None:
        """Type what is no UTF-8."""
        os.write(self._master, data)

    def wait_for(self, text: str, count: int = 1, timeout_s: float = 60) -> str:
        """Wait until the screen shows a text; return all it shows."""
        return self._wait(lambda: self.text.count(text) >= count, f"{text!r} × {count}", timeout_s)

    def wait_raw(self, data: bytes, timeout_s: float = 60) -> str:
        """Wait until the program has written certain bytes."""
        return self._wait(lambda: data in self.raw, repr(data), timeout_s)

    def wait_end(self, timeout_s: float = 60) -> int:
        """Wait until the program ends; return its exit code."""
        self._wait(lambda: self.process.poll() is not None, "the end", timeout_s)
        while self._read(0):
            pass
        return self.process.wait()

    def _wait(self, is_met: Callable[[], bool], wanted: str, timeout_s: float) -> str:
        deadline = time.monotonic() + timeout_s
        while not is_met():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {wanted} on the screen:\n{self.text}")
            self._read(0.05)
        return self.text

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._master], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the program closed its side
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)
