"""One request's outbox and cancel handle."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from omm.engine.messages import Reply, is_last


class Outbox:
    """Replies of one request, in order, ending with exactly one last reply. Thread-safe.

    `cancel` is called once, when the reader closes before the end.
    """

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._queue: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self._ended = threading.Event()  # the last reply is in the queue
        self._cancel = cancel
        self.is_done = False

    def put(self, reply: Reply) -> None:
        """Add a reply; called by whoever reads the runner."""
        self._queue.put(reply)
        if is_last(reply):
            self._ended.set()

    def next(self, timeout_s: float | None = None) -> Reply | None:
        """Wait for a reply; None after `timeout_s`, or when the last one was taken already."""
        if self.is_done:
            return None
        try:
            reply = self._queue.get(timeout=timeout_s) if timeout_s != 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
        self.is_done = is_last(reply)
        return reply

    def gather(self, time_s: float) -> None:
        """Let replies collect for a while, but no longer than until the last one is there."""
        self._ended.wait(time_s)

    def close(self) -> None:
        """Stop the work if it still goes on. May be called again."""
        if not self.is_done:
            self.is_done = True
            self._cancel()
