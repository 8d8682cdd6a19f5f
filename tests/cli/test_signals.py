"""When Ctrl-C interrupts, and when it must not."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from omm.cli import signals


def press() -> None:
    """As a terminal does at Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def test_where_it_is_heard_it_interrupts_once() -> None:
    ending = contextlib.ExitStack()
    ending.callback(press)
    with pytest.raises(KeyboardInterrupt) as caught, signals.heard(), ending:
        press()
    assert caught.value.__context__ is None


def test_handlers_come_back_even_after_an_interrupt() -> None:
    before = signal.getsignal(signal.SIGINT)
    with signals.deaf():
        with contextlib.suppress(KeyboardInterrupt), signals.heard():
            press()
        press()
        with pytest.raises(KeyboardInterrupt), signals.heard():
            press()
    assert signal.getsignal(signal.SIGINT) is before


def test_programs_started_where_it_is_not_heard_are_interrupted() -> None:
    with signals.deaf():
        press()
        program = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -signal.SIGINT
