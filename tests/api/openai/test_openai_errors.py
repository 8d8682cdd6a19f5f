"""The envelope of errors, the headers of all answers, and that any JSON is answered."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.api.app import create_app
from omm.api.openai import schema
from omm.api.openai.media import ImagesBody
from omm.api.openai.rerank import RerankBody
from omm.api.services import Services
from omm.config import Settings
from omm.errors import Busy, Corrupt, EngineFailed, LoadFailed, OmmError, OutOfMemory, Unsupported
from omm.types import Options
from tests.fakes import FakeInference, FakeLibrary, record

CHAT = "/v1/chat/completions"
BODY = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_json"),
        (b"  ", "invalid_json"),
        (b"{", "invalid_json"),
        (b"[]", "invalid_json"),
        (b"3", "invalid_json"),
        (b"\xff", "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b"{}", "missing_required_parameter"),
    ],
)
def test_bodies_that_are_no_request(client: TestClient, raw: bytes, code: str) -> None:
    result = client.simulate_post(CHAT, body=raw)
    assert result.status_code == 400
    error = result.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["code"]) == ("invalid_request_error", code)
    assert (error["param"] is None) == (code == "invalid_json")


def test_the_content_type_does_not_matter(client: TestClient) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        result = client.simulate_post(CHAT, body=json.dumps(BODY), headers={"content-type": kind, "accept": "x/y"})
        assert result.status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code", "headers"),
    [
        (Busy("full"), 503, "server_overloaded", {"retry-after": "1"}),
        (LoadFailed("broken"), 500, "model_load_failed", {"x-should-retry": "false"}),
        (OutOfMemory("large"), 500, "out_of_memory", {"x-should-retry": "false"}),
        (Corrupt("damaged"), 500, None, {"x-should-retry": "false"}),
        (EngineFailed("broke"), 500, None, {}),
        (Unsupported("no"), 400, "unsupported_content", {}),
    ],
)
def test_errors_of_the_service(
    client: TestClient, inference: FakeInference, error: OmmError, status: int, code: str, headers: dict[str, str]
) -> None:
    inference.raises = error
    result = client.simulate_post(CHAT, json=BODY)
    kind = "server_error" if status >= 500 else "invalid_request_error"
    assert result.status_code == status
    assert result.json == {"error": {"message": str(error), "type": kind, "param": None, "code": code}}
    for name in ("retry-after", "x-should-retry"):
        assert result.headers.get(name) == headers.get(name)


@pytest.mark.parametrize("path", ["/v1", "/v1/fine_tuning/jobs", "/v1/files", "/v1/assistants", "/v1/nope/deep"])
def test_unknown_routes(client: TestClient, path: str) -> None:
    result = client.simulate_post(path, json={})
    assert (result.status_code, result.json["error"]["code"]) == (404, "unknown_url")
    assert result.json["error"]["type"] == "invalid_request_error"


def test_a_wrong_key(make_client: Callable[..., TestClient]) -> None:
    client = make_client(api_key="secret")
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic c2VjcmV0"}):
        result = client.simulate_get("/v1/models", headers=headers)
        assert (result.status_code, result.headers["www-authenticate"]) == (401, "Bearer")
        assert result.json["error"]["code"] == "invalid_api_key"
        assert result.headers["x-request-id"]
    for headers in ({"authorization": "Bearer secret"}, {"x-api-key": "secret"}):
        assert client.simulate_get("/v1/models", headers=headers).status_code == 200


def test_without_a_key_any_will_do(client: TestClient) -> None:
    for headers in ({}, {"authorization": "Bearer omm"}, {"authorization": "Basic YTpi"}, {"x-api-key": "x"}):
        assert client.simulate_get("/v1/models", headers=headers).status_code == 200


def test_a_body_that_is_too_long(make_client: Callable[..., TestClient]) -> None:
    result = make_client(max_body=100).simulate_post(CHAT, json={**BODY, "user": "x" * 100})
    assert (result.status_code, result.json["error"]["code"]) == (413, "request_too_large")


# --- request ids ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/models", "/v1/nope", "/api/tags", "/health", "/"])
def test_every_answer_has_an_id(client: TestClient, path: str) -> None:
    ids = [client.simulate_get(path).headers["x-request-id"] for _ in range(2)]
    assert all(re.fullmatch(r"req_[0-9a-f]{24}", found) for found in ids)
    assert ids[0] != ids[1]


def test_streams_have_an_id(client: TestClient) -> None:
    result = client.simulate_post(CHAT, json={**BODY, "stream": True}, headers={"x-request-id": "mine-7"})
    assert result.headers["x-request-id"] == "mine-7"


@pytest.mark.parametrize("given_id", ["a b", "x" * 201, "é", "a\tb"])
def test_an_id_that_could_do_harm_is_replaced(client: TestClient, given_id: str) -> None:
    found = client.simulate_get("/v1/models", headers={"x-request-id": given_id}).headers["x-request-id"]
    assert found.startswith("req_")


def test_what_the_application_never_sees_has_an_id(serve: Callable[..., tuple[str, int]]) -> None:
    connection = http.client.HTTPConnection(*serve(max_body=100), timeout=60)
    try:
        connection.request("POST", CHAT, body=b"x" * 1000, headers={"x-request-id": "mine"})
        response = connection.getresponse()
        assert (response.status, response.headers["x-request-id"]) == (413, "mine")
        assert json.loads(response.read())["error"]["code"] == "request_too_large"
    finally:
        connection.close()


# --- anything ---------------------------------------------------------------------------------------------------

SHAPES: dict[str, Any] = {
    CHAT: schema.ChatBody,
    "/v1/completions": schema.CompletionBody,
    "/v1/embeddings": schema.EmbeddingsBody,
    "/v1/images/generations": ImagesBody,
    "/v1/rerank": RerankBody,
}
WORDS = st.sampled_from(
    ["", "tiny", "json_object", "high", "none", "aGk=", "user", "data:,x", "ü\u0000\ud7ff", "x" * 300]
)
NUMBERS = st.one_of(st.integers(), st.integers(-(10**400), 10**400), st.floats(allow_nan=False, allow_infinity=False))
KEYS = st.sampled_from(
    [
        *("role", "content", "type", "text", "image_url", "url", "file", "input_audio", "name", "function", "mode"),
        *("json_schema", "schema", "tool_calls", "arguments", "17", "effort", "include_usage", "tools"),
        *Options.__struct_fields__,
    ]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
GOOD: dict[str, Any] = {"model": "tiny", "messages": BODY["messages"], "prompt": "x", "input": "x", "query": "x"}


@pytest.mark.parametrize("path", sorted(SHAPES))
def test_any_json_is_answered(path: str, tmp_path: Path) -> None:
    inference = FakeInference()
    services = Services(inference, FakeLibrary(records={"tiny:latest": record()}))
    client = TestClient(create_app(services, Settings.load({}, models=tmp_path)), headers={"host": "localhost"})
    names = [name for name in SHAPES[path].__struct_encode_fields__ if name != "model"]

    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.sampled_from(names), VALUES, max_size=4))
    def ask(body: dict[str, Any]) -> None:
        result = client.simulate_post(path, body=json.dumps({**GOOD, **body}))
        assert result.status_code in (200, 400)
        if result.status_code == 400:
            error = result.json["error"]
            assert error["message"]
            assert error["type"] == "invalid_request_error"

    ask()
