"""What the machine gives: free memory and usable cores, of which a container may have less than the machine.

Source: Linux, Documentation/admin-guide/cgroup-v2.rst. Containers of version 1 are taken for the whole machine.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")


def free_memory(cgroup: Path = CGROUP) -> int:
    """Bytes of memory that can be had now."""
    free = psutil.virtual_memory().available
    limit, used = _words(cgroup / "memory.max"), _words(cgroup / "memory.current")
    if limit in ([], ["max"]) or not used:
        return free
    words = _words(cgroup / "memory.stat")
    facts = dict(zip(words[::2], words[1::2], strict=False))
    # NOTE: what was read from files counts as used, and goes when the memory is wanted.
    cached = int(facts.get("active_file", 0)) + int(facts.get("inactive_file", 0))
    return max(0, min(free, int(limit[0]) - int(used[0]) + cached))


def usable_cores(cgroup: Path = CGROUP) -> int:
    """Physical cores this process may run on: hyperthreads add nothing to matrix products."""
    physical = psutil.cpu_count(logical=False) or 1
    # NOTE: macOS cannot tell which cores a process may use.
    allowed = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else physical
    match _words(cgroup / "cpu.max"):
        case [quota, period] if quota != "max":
            # NOTE: threads that wait for each other use up what there is, and then all of them stand still.
            allowed = min(allowed, int(quota) // int(period))
    return max(1, min(physical, allowed))


def _words(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return path.read_text().split()
    return []
