"""Waiting for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(is_true: Callable[[], bool]) -> bool:
    """Ask until it holds, for a minute at most: for what another does and nobody tells of."""
    deadline = time.monotonic() + 60
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
