"""What a container has is no more than what it may use."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from omm.engine import machine

GIB = 1 << 30


@pytest.fixture(autouse=True)
def large_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """16 cores and 64 GiB free."""

    class Memory:
        available = 64 * GIB

    class Process:
        def cpu_affinity(self) -> list[int]:
            return list(range(16))

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    monkeypatch.setattr(psutil, "cpu_count", lambda logical: 16)
    monkeypatch.setattr(psutil, "Process", Process)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text + "\n")
    return folder


def test_without_a_limit_all_of_the_machine_is_there(tmp_path: Path) -> None:
    for cgroup in (tmp_path / "none", write(tmp_path, memory_max="max", memory_current="1", cpu_max="max 100000")):
        assert machine.free_memory(cgroup) == 64 * GIB
        assert machine.usable_cores(cgroup) == 16


def test_a_container_has_what_its_limit_leaves(tmp_path: Path) -> None:
    stat = f"anon {GIB}\nfile {2 * GIB}\nactive_file {GIB}\ninactive_file {GIB}"
    write(tmp_path, memory_max=str(8 * GIB), memory_current=str(3 * GIB), memory_stat=stat)
    assert machine.free_memory(tmp_path) == 7 * GIB
    write(tmp_path, memory_current=str(20 * GIB))
    assert machine.free_memory(tmp_path) == 0
    write(tmp_path, memory_max=str(1000 * GIB))
    assert machine.free_memory(tmp_path) == 64 * GIB


@pytest.mark.parametrize(("quota", "cores"), [(50_000, 1), (250_000, 2), (9_900_000, 16)])
def test_a_container_has_the_cores_whose_time_it_may_use(tmp_path: Path, quota: int, cores: int) -> None:
    assert machine.usable_cores(write(tmp_path, cpu_max=f"{quota} 100000")) == cores
