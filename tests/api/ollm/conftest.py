"""The scripted services with a model whose file is there, so that it can be planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from falcon.testing import TestClient

from omm.api.app import create_app
from omm.api.services import Services
from omm.config import Settings
from omm.engine.devices import Devices
from omm.engine.memory import Device
from omm.types import ModelRecord
from tests.fakes import FakeInference, FakeLibrary, record

MIB = 1 << 20
GIB = 1 << 30


def stored(folder: Path, name: str = "tiny:latest", size: int = 4 * MIB, **fields: object) -> ModelRecord:
    """A model of 8 layers with a file of so many bytes."""
    weights = folder / f"sha256-{name.replace(':', '-').replace('/', '-')}"
    weights.write_bytes(b"")
    with weights.open("r+b") as file:
        file.truncate(size)
    shape = {"num_layers": 8, "kv_elements_per_token": 512, "metadata": {"general.architecture": "llama"}}
    return msgspec.structs.replace(record(name), weights=str(weights), **{**shape, **fields})


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(records={"tiny:latest": stored(tmp_path)})


@pytest.fixture
def make_native(inference: FakeInference, library: FakeLibrary, tmp_path: Path) -> Callable[..., TestClient]:
    """Make a client of a server on a machine with these accelerators, named as llama.cpp does, each with 8 GiB."""

    def make(*devices: str, **flags: object) -> TestClient:
        settings = Settings.load({}, models=tmp_path, **flags)
        found = [Device(name=name, free=8 * GIB, total=8 * GIB) for name in devices]
        services = Services(inference, library, settings=settings, devices=Devices(lambda: found))
        return TestClient(create_app(services, settings), headers={"host": "localhost:11434"})

    return make


@pytest.fixture
def client(make_native: Callable[..., TestClient]) -> TestClient:
    return make_native()
