"""The application with a response store beside the scripted services."""

from __future__ import annotations

from pathlib import Path

import pytest
from falcon.testing import TestClient

from omm.api.app import create_app
from omm.api.services import Services
from omm.config import Settings
from omm.store.responses import Bounds, MemoryStore
from tests.fakes import FakeInference, FakeLibrary


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(Bounds(max_count=100, max_age_s=-1))


@pytest.fixture
def storing(inference: FakeInference, library: FakeLibrary, store: MemoryStore, tmp_path: Path) -> TestClient:
    """A client of a server that keeps its answers."""
    app = create_app(Services(inference, library, store), Settings.load({}, models=tmp_path))
    return TestClient(app, headers={"host": "localhost:11434"})
