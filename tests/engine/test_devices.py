"""What accelerators there are, measured elsewhere and not too often."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from omm.config import runner_env
from omm.engine import devices
from omm.engine.devices import Devices, measure
from omm.engine.memory import Device

GPU = Device(name="CUDA0", free=1, total=2)


class Counted:
    """Measures what it is told to, at a time that tests set."""

    def __init__(self, *found: Device) -> None:
        self.found, self.count, self.now_s = list(found), 0, 0.0

    def __call__(self) -> list[Device]:
        self.count += 1
        return self.found


def test_a_fresh_measurement_is_kept() -> None:
    counted = Counted(GPU)
    known = Devices(counted, lambda: counted.now_s)
    assert known.within(5) == [GPU]
    counted.now_s = 4
    assert known.within(5) == [GPU]
    assert counted.count == 1
    counted.now_s = 6
    known.within(5)
    assert counted.count == 2


def test_a_machine_without_any_is_asked_once() -> None:
    counted = Counted()
    known = Devices(counted, lambda: counted.now_s)
    for counted.now_s in (0.0, 100.0):
        assert known.within(5) == []
    assert counted.count == 1


@pytest.mark.model
def test_this_machine_is_measured_in_another_process() -> None:
    found = measure(runner_env())
    assert all(0 <= device.free <= device.total and device.name for device in found)


def test_a_measurement_that_fails_finds_nothing(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    assert measure({"PYTHONHOME": os.devnull}) == []
    assert "cannot be measured" in caplog.text


def test_a_chatty_driver_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = b'ggml_cuda_init: found 1\n[{"name": "CUDA0", "free": 1, "total": 2}]'
    done = subprocess.CompletedProcess([], 0, printed, b"")
    monkeypatch.setattr(devices.subprocess, "run", lambda *_, **__: done)
    assert measure({}) == [GPU]
