"""How fast tokens come, over the last few seconds. Pure: the time is an argument."""

from __future__ import annotations

from collections import deque

WINDOW_S = 5.0
MIN_SPAN_S = 0.5  # of shorter ones the first tokens tell too much


class Pace:
    """Counts of the window, each with its time. Not thread-safe."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, count: int, now_s: float) -> None:
        """Note that tokens came."""
        self._counts.append((now_s, count))
        self._forget(now_s)

    def per_second(self, now_s: float) -> float:
        """Tokens per second since the first of the window; 0 when it is empty."""
        self._forget(now_s)
        if not self._counts:
            return 0.0
        return sum(count for _, count in self._counts) / max(MIN_SPAN_S, now_s - self._counts[0][0])

    def _forget(self, now_s: float) -> None:
        while self._counts and self._counts[0][0] < now_s - WINDOW_S:
            self._counts.popleft()
