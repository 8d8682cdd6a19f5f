"""The application around the routes: errors in each protocol's shape, limits, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from omm.api.errors import error_response
from omm.errors import BY_CODE, Busy, NotFound, OmmError
from tests.fakes import FakeInference, FakeLibrary

CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "my secret question"}]}


# --- errors -----------------------------------------------------------------------------------------------------


def test_unknown_paths_answer_in_the_shape_of_their_protocol(client: TestClient) -> None:
    ollama = client.simulate_get("/api/nothing")
    assert (ollama.status_code, ollama.json) == (404, {"error": "path '/api/nothing' not found"})
    openai = client.simulate_post("/v1/files")
    assert openai.status_code == 404
    assert openai.json["error"] == {
        "message": "path '/v1/files' not found",
        "type": "invalid_request_error",
        "param": None,
        "code": "unknown_url",
    }
    for path in ("/anthropic/v1/nothing", "/v1/messages/nothing", "/v1/messages/batches"):
        anthropic = client.simulate_post(path)
        assert anthropic.status_code == 404
        assert anthropic.json["type"] == "error"
        assert anthropic.json["error"] == {"type": "not_found_error", "message": f"path '{path}' not found"}
        assert anthropic.json["request_id"].startswith("req_")


def test_a_prefix_ends_at_a_slash() -> None:
    error = NotFound("x")
    assert error_response(error, "/v1x")[1] == {"error": "x"}
    assert "type" not in error_response(error, "/v1/messagesx")[1]
    assert error_response(error, "/v1")[1]["error"] != "x"


def test_a_full_queue_is_overloaded_to_anthropics_clients() -> None:
    assert error_response(Busy("full"), "/api/chat")[0] == 503
    assert error_response(Busy("full"), "/v1/chat/completions")[0] == 503
    status, body = error_response(Busy("full"), "/v1/messages")
    assert status == 529
    assert body["error"] == {"type": "overloaded_error", "message": "full"}


@pytest.mark.parametrize("code", sorted(BY_CODE))
@pytest.mark.parametrize("path", ["/api/x", "/v1/x", "/v1/messages"])
def test_every_error_has_a_body_in_every_protocol(code: str, path: str) -> None:
    error = BY_CODE[code]("what happened", param="field")
    status, body = error_response(error, path)
    assert 400 <= status < 600
    assert "what happened" in str(body)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/chat"), ("PUT", "/api/tags"), ("TRACE", "/")])
def test_wrong_methods(client: TestClient, method: str, path: str) -> None:
    result = client.simulate_request(method, path)
    assert result.status_code in {400, 405}
    assert list(result.json) == ["error"]


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    result = client.simulate_get("/api/delete")
    assert result.status_code == 405
    assert {"POST", "DELETE"} <= {*result.headers["allow"].split(", ")}


def test_an_unforeseen_error_hides_its_text_and_is_logged(
    client: TestClient, inference: FakeInference, caplog: pytest.LogCaptureFixture
) -> None:
    inference.raises = ZeroDivisionError("/home/someone/secret")  # type: ignore[assignment]
    result = client.simulate_post("/api/chat", json=CHAT)
    assert result.status_code == 500
    assert result.json == {"error": "internal error; the server's log has the details"}
    assert "ZeroDivisionError" in caplog.text


def test_an_unforeseen_error_in_a_stream_ends_it_with_a_line(client: TestClient, library: FakeLibrary) -> None:
    library.steps = [*library.steps, "not a step"]  # type: ignore[list-item]
    result = client.simulate_post("/api/pull", json={"model": "tiny"})
    assert result.text.splitlines() == [
        '{"status":"success"}',
        '{"error":"internal error; the server\'s log has the details","code":"internal_error"}',
    ]


@pytest.mark.parametrize("path", ["/api/tags", "/api/tags/", "/health/"])
def test_a_trailing_slash_is_no_redirect(client: TestClient, path: str) -> None:
    assert client.simulate_get(path).status_code == 200


# --- limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate", "/api/create", "/api/delete"])
def test_a_body_over_the_limit_is_refused(make_client: Callable[..., TestClient], path: str) -> None:
    result = make_client(max_body=100).simulate_post(path, body=b'{"model": "' + b"x" * 100 + b'"}')
    assert result.status_code == 413
    assert "limit of 100" in result.json["error"]


def test_a_body_at_the_limit_is_read(make_client: Callable[..., TestClient]) -> None:
    body = b'{"model": "tiny", "prompt": "hi"}'
    assert make_client(max_body=len(body)).simulate_post("/api/generate", body=body).status_code == 200


# --- log --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [True, False])
def test_the_log_has_one_line_and_no_prompt(client: TestClient, caplog: pytest.LogCaptureFixture, stream: bool) -> None:
    caplog.set_level(logging.DEBUG)
    client.simulate_post(
        "/api/chat?key=sk-1", json={**CHAT, "stream": stream}, headers={"authorization": "Bearer sk-2"}
    )
    (line,) = [entry.getMessage() for entry in caplog.records if entry.name.startswith("omm.")]
    assert line.startswith("POST /api/chat 200 ")
    assert line.endswith("ms tiny:latest: 7 tokens in (3 cached), 2 out at 4000000/s, the first after 0ms")


def test_the_log_cannot_be_forged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.simulate_get("/x%0aPOST%20/api/delete%20200")
    (line,) = [entry.getMessage() for entry in caplog.records if entry.name.startswith("omm.")]
    assert "\n" not in line


def test_errors_are_logged_too(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.simulate_get("/nothing", headers={"host": "evil.example"})
    assert "GET /nothing 403" in caplog.text


def test_an_error_can_be_raised_by_code() -> None:
    body: Any = error_response(OmmError("x"), "/v1/x")[1]
    assert body["error"] == {"message": "x", "type": "server_error", "param": None, "code": None}
