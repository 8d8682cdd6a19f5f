"""Servers for other people's clients. What is not installed here is not collected."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from omm.config import Settings
from tests.live.conftest import MODEL, running

KEY = "secret"

NEEDS = {
    "test_langchain.py": "langchain_tests",
    "test_langchain_promises.py": "langchain_ollama",
    "test_llamaindex_promises.py": "llama_index",
}
collect_ignore = [test for test, package in NEEDS.items() if not importlib.util.find_spec(package)]


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server is. It has the model under a second name too, for clients that switch, and keeps responses."""
    models: Path = tmp_path_factory.mktemp("models")
    settings = Settings.load({}, models=models, host="127.0.0.1:0", threads=1, response_store="memory")
    with running(settings) as address:
        requests.post(f"{address}/api/pull", json={"model": MODEL, "stream": False}, timeout=60).raise_for_status()
        copy = {"source": MODEL, "destination": "other"}
        requests.post(f"{address}/api/copy", json=copy, timeout=60).raise_for_status()
        yield address


@pytest.fixture(scope="session")
def guarded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that wants `KEY`, answers one request at a time and lets none wait."""
    models: Path = tmp_path_factory.mktemp("models")
    settings = Settings.load({}, models=models, host="127.0.0.1:0", threads=1, api_key=KEY, num_parallel=1, max_queue=0)
    with running(settings) as address:
        headers = {"authorization": f"Bearer {KEY}"}
        body = {"model": MODEL, "stream": False}
        requests.post(f"{address}/api/pull", json=body, headers=headers, timeout=60).raise_for_status()
        yield address
