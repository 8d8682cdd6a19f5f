"""What signals do while something runs: above all when Ctrl-C interrupts, and when it must not."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Sequence
from types import FrameType


@contextlib.contextmanager
def handled(numbers: Sequence[signal.Signals], handler: signal._HANDLER) -> Iterator[None]:
    """Have another handler for these signals."""
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in numbers:
            signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def deaf() -> contextlib.AbstractContextManager[None]:
    """Ctrl-C does nothing.

    NOTE: it is not ignored as a signal, which programs that are started would inherit.
    """
    return handled((signal.SIGINT,), _nothing)


def heard() -> contextlib.AbstractContextManager[None]:
    """The first Ctrl-C interrupts; another one does not disturb the ending of what it interrupted."""
    return handled((signal.SIGINT,), _once)


def _nothing(number: int, frame: FrameType | None) -> None:
    pass


def _once(number: int, frame: FrameType | None) -> None:
    signal.signal(number, _nothing)
    raise KeyboardInterrupt
