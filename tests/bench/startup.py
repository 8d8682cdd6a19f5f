"""How long simple commands take beside a bare Python, in pairs, so that what else the machine does hits both.

`python -m tests.bench.startup [PAIRS]` prints one row for each command. A server must run for all but the first.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

BARE = [sys.executable, "-c", "pass"]
OMM = [sys.executable, "-m", "omm", "--no-start"]
COMMANDS = (["--version"], ["list"], ["ps"], ["show", "tiny"], ["run", "tiny", "Hi"])


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run, with nothing on standard input."""
    started = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return time.perf_counter() - started


def ratio(command: Sequence[str], num_pairs: int) -> tuple[float, float]:
    """Median seconds of the command, and the median of how many bare Pythons each run took."""
    pairs = [(seconds(command), seconds(BARE)) for _ in range(num_pairs)]
    return statistics.median(own for own, _ in pairs), statistics.median(own / bare for own, bare in pairs)


def main(args: Sequence[str]) -> None:
    """Print the table."""
    for command in COMMANDS:
        own, times = ratio([*OMM, *command], int(args[0]) if args else 7)
        print(f"omm {' '.join(command):<14} {own * 1000:6.0f} ms  {times:5.1f} x python")


if __name__ == "__main__":
    main(sys.argv[1:])
