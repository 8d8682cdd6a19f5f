"""The accelerators of this machine, measured in a process of its own.

NOTE: a driver keeps memory in whatever process asks it, and may take that process down: the server never asks.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping

import msgspec

from omm.engine.memory import Device

log = logging.getLogger(__name__)

TIMEOUT_S = 30.0


class Devices:
    """What was measured last, and a new measurement when that is too old. Safe to call from any thread."""

    def __init__(self, measure: Callable[[], list[Device]], clock: Callable[[], float] = time.monotonic) -> None:
        self._measure, self._clock = measure, clock
        self._lock = threading.Lock()  # guards the two below; held while measuring, which one thread does for all
        self._found: list[Device] = []
        self._measured_at: float | None = None

    def within(self, max_age_s: float) -> list[Device]:
        """The devices with their memory in bytes, measured at most so long ago.

        A machine without any keeps none: it is measured once.
        """
        with self._lock:
            if self._measured_at is None or (self._found and self._clock() - self._measured_at > max_age_s):
                self._found = self._measure()
                self._measured_at = self._clock()
            return self._found


def measure(env: Mapping[str, str]) -> list[Device]:
    """Ask the drivers, in a process with this environment. None are found when that fails."""
    command = [sys.executable, "-P", "-m", "omm.engine.devices"]
    try:
        done = subprocess.run(command, env=dict(env), capture_output=True, check=True, timeout=TIMEOUT_S)
        # Drivers may print too, so that only the last line counts.
        return msgspec.json.decode(done.stdout.splitlines()[-1], type=list[Device])
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError, IndexError) as exc:
        log.warning("accelerators cannot be measured: %s", exc)
        return []


def main() -> None:
    """Print the devices as JSON."""
    from omm.engine import llama

    llama.start_backend()
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(llama.gpu_devices()))


if __name__ == "__main__":
    main()
