"""The application over scripted services, called in process or through a real server."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import falcon.testing
import pytest
import waitress
from waitress import wasyncore

from omm.api.app import create_app
from omm.api.services import Services
from omm.api.strict import harden
from omm.config import Settings
from tests.fakes import FakeInference, FakeLibrary, record

Client = falcon.testing.TestClient


@pytest.fixture
def inference() -> FakeInference:
    return FakeInference()


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(records={"tiny:latest": record()})


@pytest.fixture
def make_client(inference: FakeInference, library: FakeLibrary, tmp_path: Path) -> Callable[..., Client]:
    """Make a client of an application with these settings."""

    def make(**flags: Any) -> Client:
        settings = Settings.load({}, models=tmp_path, **flags)
        return Client(
            create_app(Services(inference, library, settings=settings), settings), headers={"host": "localhost:11434"}
        )

    return make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


@pytest.fixture
def serve(inference: FakeInference, library: FakeLibrary, tmp_path: Path) -> Iterator[Callable[..., tuple[str, int]]]:
    """Start real servers; each call returns host and port."""
    running: list[tuple[Any, threading.Thread]] = []

    def start(**flags: Any) -> tuple[str, int]:
        settings = Settings.load({}, models=tmp_path, **flags)
        app = create_app(Services(inference, library, settings=settings), settings)
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, channel_request_lookahead=1)
        harden(server, settings)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        return "127.0.0.1", server.effective_port

    yield start
    for server, thread in running:
        server.task_dispatcher.shutdown()
        with contextlib.suppress(OSError):  # an earlier pull ran the thunk already and closed the trigger
            server.trigger.pull_trigger(functools.partial(wasyncore.close_all, server._map))
        thread.join(60)
        assert not thread.is_alive()
