"""What a process that does one job says of how it ended."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from omm.engine.jobs import Quantization, Report
from omm.errors import EngineFailed
from omm.types import Failed

BREAKING = """
from omm.engine.jobs import Quantization, work
work(Quantization, lambda job, report: {}[job.source])
"""


def test_what_nobody_foresaw_is_told() -> None:
    command = [sys.executable, "-c", BREAKING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(msgspec.json.encode(Quantization(source="s", target="t", file_type=0)) + b"\n")
        child.stdin.flush()
        (line,) = child.stdout
    report = msgspec.json.decode(line, type=Report)
    assert report == Failed(code=EngineFailed.code, message="the work failed: KeyError: 's'")
    assert child.returncode == 0
