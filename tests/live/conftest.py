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
from waitress import wasyncore
from waitress.server import BaseWSGIServer

from omm.config import Settings
from omm.server import build_app, listen
from tests.waiting import eventually

MODEL = "tiny"


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server is; it has pulled the model."""
    models = tmp_path_factory.mktemp("models")
    settings = Settings.load({}, models=models, host="127.0.0.1:0", threads=1, sources=("tiny", "catalogue"))
    with running(settings) as address:
        requests.post(f"{address}/api/pull", json={"model": MODEL, "stream": False}, timeout=60).raise_for_status()
        yield address


@pytest.fixture(scope="module", autouse=True)
def _nothing_stays_loaded(url: str) -> Iterator[None]:
    """What one file of tests has loaded is not there for the next."""

    def loaded() -> list[str]:
        return [row["name"] for row in requests.get(f"{url}/api/ps", timeout=60).json()["models"]]

    yield
    for name in loaded():
        requests.post(f"{url}/api/generate", json={"model": name, "keep_alive": 0}, timeout=60).raise_for_status()
    assert eventually(lambda: not loaded())


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Serve from a thread until the block ends."""
    app, close = build_app(settings)
    server = listen(app, settings)
    loop = getattr(server, "map", None) or server._map  # several sockets, or one
    listeners = [part for part in loop.values() if isinstance(part, BaseWSGIServer)]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listeners[0].effective_port}"
    finally:
        close()
        server.task_dispatcher.shutdown()
        with contextlib.suppress(OSError):  # an earlier pull ran it already and closed the trigger
            listeners[0].trigger.pull_trigger(lambda: wasyncore.close_all(loop))
        thread.join(60)
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
