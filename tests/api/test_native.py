"""omm's own routes, and what holds for every route: HEAD, OPTIONS, connections that stay open."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable

import pytest
from falcon.testing import TestClient

from omm.api.app import ROUTES
from omm.errors import StorageFailed
from tests.fakes import FakeArchive, FakeInference, FakeLibrary

READS = [path for path, resource in ROUTES if hasattr(resource, "on_get")]
DIGEST = "sha256:" + "0" * 64
NAMES = {"digest": DIGEST, "name:path": "tiny", "model_reference:path": "nobody", "session_id": "x", "response_id": "x"}


def concrete(path: str) -> str:
    for name, value in NAMES.items():
        path = path.replace(f"{{{name}}}", value)
    return path


# --- health -----------------------------------------------------------------------------------------------------


def test_alive(client: TestClient) -> None:
    assert client.simulate_get("/health").json["status"] == "ok"


def test_ready(client: TestClient) -> None:
    result = client.simulate_get("/health/ready")
    assert (result.status_code, result.json) == (200, {"status": "ready"})


def test_not_ready_while_the_server_stops(client: TestClient, inference: FakeInference) -> None:
    inference.is_closing = True
    result = client.simulate_get("/health/ready")
    assert (result.status_code, result.json) == (503, {"error": "the server is shutting down"})
    assert client.simulate_get("/health").status_code == 200


def test_not_ready_without_its_store(client: TestClient, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise StorageFailed("the disk is gone")

    monkeypatch.setattr(library, "list", fail)
    assert client.simulate_get("/health/ready").status_code == 500


# --- every route ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", READS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    got, head = (client.simulate_request(method, concrete(path)) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("content-type") == got.headers.get("content-type")


def test_head_lets_go_of_what_get_would_send(
    client: TestClient, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed = []

    class Archive(FakeArchive):
        def close(self) -> None:
            closed.append(self)

    caplog.set_level(logging.INFO, "omm.api.access")
    monkeypatch.setattr(library, "export", lambda name: Archive())
    head = client.simulate_head("/api/export?model=tiny")
    assert (head.status_code, head.headers["content-length"], len(closed)) == (200, "512", 1)
    assert [record.message.split()[:3] for record in caplog.records] == [["HEAD", "/api/export", "200"]]


@pytest.mark.parametrize("path", [path for path, _ in ROUTES])
def test_options_tells_the_methods(client: TestClient, path: str) -> None:
    result = client.simulate_options(concrete(path))
    assert (result.status_code, result.content) == (200, b"")
    allowed = {*result.headers["allow"].split(", ")}
    resource = dict(ROUTES)[path]
    named = {name.removeprefix("on_").upper() for name in dir(resource) if name.startswith("on_")}
    assert named <= allowed
    assert ("HEAD" in allowed) == ("GET" in named or "HEAD" in named)


@pytest.mark.parametrize("path", [path for path, _ in ROUTES])
def test_other_methods_are_refused_in_words(client: TestClient, path: str) -> None:
    result = client.simulate_patch(concrete(path))
    assert result.status_code == 405
    assert result.json
    assert "allow" in result.headers


def test_a_connection_serves_several_requests(serve: Callable[..., tuple[str, int]]) -> None:
    connection = http.client.HTTPConnection(*serve(), timeout=10)
    for method, path, body in (
        ("GET", "/api/tags", None),
        ("POST", "/api/chat", '{"model": "tiny", "stream": false, "messages": [{"role": "user", "content": "Hi"}]}'),
        ("GET", "/v1/models/nobody", None),
        ("HEAD", "/v1/health", None),
        ("POST", "/v1/plan", "{"),
        ("OPTIONS", "/api/tags", None),
        ("GET", "/health", None),
    ):
        connection.request(method, path, body)
        first = connection.sock
        response = connection.getresponse()
        response.read()
        assert response.version == 11
        assert response.headers["connection"] != "close"
        assert connection.sock is first is not None
    connection.close()
