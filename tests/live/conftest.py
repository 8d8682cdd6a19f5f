"""A real server on a free port with the model that ships in the package: nothing here is scripted."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ollama
import pytest
import requests
import waitress

from omm.api.strict import harden
from omm.config import Settings
from omm.server import build_app

MODEL = "tiny"


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server is; it has pulled the model."""
    settings = Settings.load({}, models=tmp_path_factory.mktemp("models"))
    app, close = build_app(settings)
    with running(app, settings) as address:
        requests.post(f"{address}/api/pull", json={"model": MODEL, "stream": False}, timeout=60).raise_for_status()
        yield address
        close()


@contextlib.contextmanager
def running(app: Any, settings: Settings) -> Iterator[str]:
    """Serve an application from a thread until the block ends."""
    server = waitress.create_server(
        app, host="127.0.0.1", port=0, threads=40, connection_limit=512, channel_request_lookahead=1
    )
    harden(server, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        with contextlib.suppress(OSError):  # an earlier pull ran it already and closed the trigger
            server.trigger.pull_trigger(lambda: [part.close() for part in list(server._map.values())])
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def http(url: str) -> Iterator[Http]:
    """Plain requests to it."""
    with Http(url) as session:
        yield session


@pytest.fixture
def sdk(url: str) -> Iterator[ollama.Client]:
    """The official client."""
    with ollama.Client(host=url) as client:
        yield client


@pytest.fixture(scope="session")
def gguf_path(repository: Path) -> Path:
    """The file of the model that ships."""
    return repository / "omm" / "embedded" / f"{MODEL}.gguf"


class Http(requests.Session):
    """A session that knows the server."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.trust_env = False
        self.url = url

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", 120)
        return super().request(method, self.url + url, *args, **kwargs)
