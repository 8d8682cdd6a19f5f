"""Errors and headers of all routes, counting, listings, and what Claude Code sends."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm.errors import LoadFailed, OutOfMemory
from omm.types import ChatRequest, Message
from tests.fakes import FakeInference, FakeLibrary, record

PATH = "/anthropic/v1/messages"
COUNT = PATH + "/count_tokens"
MODELS = "/anthropic/v1/models"
VERSION = {"anthropic-version": "2023-06-01"}
BODY: dict[str, Any] = {"model": "tiny", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


# --- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PATH, "/v1/messages", COUNT, "/v1/messages/count_tokens"])
def test_an_unknown_model(client: TestClient, path: str) -> None:
    result = client.simulate_post(path, json={**BODY, "model": "nobody"})
    assert result.status_code == 404
    assert result.json == {
        "type": "error",
        "error": {"type": "not_found_error", "message": "model: nobody not found, try pulling it first"},
        "request_id": result.headers["request-id"],
    }


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000])
def test_bodies_that_are_no_request(client: TestClient, raw: bytes) -> None:
    result = client.simulate_post(PATH, body=raw)
    assert (result.status_code, result.json["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize("path", ["/anthropic/v1", "/anthropic/v1/complete", "/v1/messages/batches", "/v1/complete"])
def test_unknown_routes(client: TestClient, path: str) -> None:
    result = client.simulate_post(path, json={}, headers=VERSION)
    assert (result.status_code, result.json["type"]) == (404, "error")
    assert result.json["error"]["type"] == "not_found_error"


def test_wrong_methods(client: TestClient) -> None:
    result = client.simulate_get(PATH)
    assert (result.status_code, result.json["error"]["type"]) == (405, "invalid_request_error")


@pytest.mark.parametrize("error", [LoadFailed("broken"), OutOfMemory("large")])
def test_errors_that_last_are_not_to_be_tried_again(
    client: TestClient, inference: FakeInference, error: LoadFailed
) -> None:
    inference.raises = error
    result = client.simulate_post(PATH, json=BODY)
    assert (result.status_code, result.json["error"]["type"]) == (500, "api_error")
    assert result.headers["x-should-retry"] == "false"


def test_a_body_that_is_too_long(make_client: Callable[..., TestClient]) -> None:
    result = make_client(max_body=100).simulate_post(PATH, json={**BODY, "system": "x" * 100})
    assert (result.status_code, result.json["error"]["type"]) == (413, "request_too_large")


def test_a_body_that_is_refused_unread(serve: Callable[..., tuple[str, int]]) -> None:
    connection = http.client.HTTPConnection(*serve(max_body=100), timeout=60)
    connection.request("POST", PATH, body=b"x" * 1000)
    response = connection.getresponse()
    body = json.loads(response.read())
    assert (response.status, body["error"]["type"]) == (413, "request_too_large")
    assert body["request_id"] == response.headers["request-id"]
    connection.close()


@pytest.mark.parametrize("path", [PATH, "/v1/messages"])
def test_000_25_26_28_keys(make_client: Callable[..., TestClient], path: str) -> None:
    client = make_client(api_key="secret")
    for headers in ({}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}):
        result = client.simulate_post(path, json=BODY, headers=headers)
        assert (result.status_code, result.json["type"]) == (401, "error")
        assert result.json["error"]["type"] == "authentication_error"
    for headers in ({"x-api-key": "secret"}, {"authorization": "Bearer secret"}):
        assert client.simulate_post(path, json=BODY, headers=headers).status_code == 200


def test_strange_origins(client: TestClient) -> None:
    result = client.simulate_post(PATH, json=BODY, headers={"origin": "http://evil.example"})
    assert (result.status_code, result.json["error"]["type"]) == (403, "permission_error")


@pytest.mark.parametrize("path", [PATH, MODELS, "/api/hello"])
def test_every_answer_names_its_request(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        headers = client.simulate_request(method, path, json=BODY).headers
        assert re.fullmatch(r"req_[0-9a-f]{24}", headers["request-id"])
        assert headers["request-id"] == headers["x-request-id"]


@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21", "x"])
def test_any_version_and_beta_will_do(client: TestClient, version: str) -> None:
    headers = {"anthropic-version": version, "anthropic-beta": "a,b", "accept": "application/json", "x-app": "cli"}
    for path in (PATH, "/v1/messages"):
        assert client.simulate_post(path, json={**BODY, "stream": True}, headers=headers).status_code == 200


def test_a_version_does_not_hide_the_routes_of_others(client: TestClient) -> None:
    for path in ("/v1/health", "/v1/ollm/models"):
        assert client.simulate_get(path, headers=VERSION).json == client.simulate_get(path).json
    body = {"model": "tiny", "messages": BODY["messages"]}
    result = client.simulate_post("/v1/chat/completions", json=body, headers=VERSION)
    assert (result.status_code, result.json["object"]) == (200, "chat.completion")


def test_a_body_that_nests_too_deeply(client: TestClient) -> None:
    content: Any = "x"
    for _ in range(340):
        content = [{"type": "tool_result", "tool_use_id": "a", "content": content}]
    result = client.simulate_post(PATH, json={**BODY, "messages": [{"role": "user", "content": content}]})
    assert result.status_code == 400
    assert result.json["error"] == {
        "type": "invalid_request_error",
        "message": "the request is nested too deeply",
    }


# --- counting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [COUNT, "/v1/messages/count_tokens?beta=true"])
def test_counting(client: TestClient, inference: FakeInference, path: str) -> None:
    body = {"model": "tiny", "messages": BODY["messages"], "system": "Be brief.", "tools": []}
    result = client.simulate_post(path, json=body)
    assert (result.status_code, result.json) == (200, {"input_tokens": len("hiBe brief.")})
    turns = (Message(role="system", content="Be brief."), Message(role="user", content="hi"))
    assert inference.request == ChatRequest(model="tiny", messages=turns)
    assert client.simulate_post(path, json={**body, "max_tokens": 5}).status_code == 200


def test_counting_validates(client: TestClient) -> None:
    for fields in ({"messages": []}, {"max_tokens": 0}, {"tools": [{"name": "x"}]}, {"model": 3}):
        assert client.simulate_post(COUNT, json={**BODY, **fields}).status_code == 400


# --- models -------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(library: FakeLibrary) -> FakeLibrary:
    """Models a to e, the newest first."""
    for age, name in enumerate("abcde"):
        library.records[f"{name}:latest"] = msgspec.structs.replace(record(f"{name}:latest"), modified_ns=9 - age)
    del library.records["tiny:latest"]
    return library


def listed(client: TestClient, query: str) -> tuple[str, bool]:
    body = client.simulate_get(MODELS, query_string=query).json
    ids = "".join(row["id"] for row in body["data"])
    assert (body["first_id"], body["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))
    return ids, body["has_more"]


@pytest.mark.parametrize(("path", "headers"), [(MODELS, {}), ("/v1/models", VERSION)])
def test_the_shape_of_models(client: TestClient, path: str, headers: dict[str, str]) -> None:
    row = {
        "type": "model",
        "id": "tiny",
        "display_name": "tiny",
        "created_at": "2023-11-14T22:13:20Z",
        "lifecycle": "active",
        "max_input_tokens": 2048,
        "max_tokens": 2048,
    }
    found = client.simulate_get(path, headers=headers)
    assert found.json == {"data": [row], "has_more": False, "first_id": "tiny", "last_id": "tiny"}
    for name in ("tiny", "tiny:latest"):
        assert client.simulate_get(f"{path}/{name}", headers=headers).json == row
    missing = client.simulate_get(f"{path}/no/such", headers=headers)
    assert (missing.status_code, missing.json["error"]["type"]) == (404, "not_found_error")


def test_without_a_version_the_shared_route_is_openai(client: TestClient) -> None:
    assert client.simulate_get("/v1/models").json["object"] == "list"
    assert client.simulate_get("/v1/models/tiny").json["object"] == "model"


@pytest.mark.parametrize(
    ("query", "ids", "has_more"),
    [
        ("", "abcde", False),
        ("limit=2", "ab", True),
        ("limit=1000", "abcde", False),
        ("limit=2&after_id=b", "cd", True),
        ("limit=2&after_id=c:latest", "de", False),
        ("after_id=e", "", False),
        ("limit=2&before_id=d", "bc", True),
        ("before_id=c", "ab", False),
        ("lifecycle=active&lifecycle=retired", "abcde", False),
        ("lifecycle=retired", "", False),
    ],
)
def test_pages(client: TestClient, many: FakeLibrary, query: str, ids: str, has_more: bool) -> None:
    assert listed(client, query) == (ids, has_more)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit=²", "after_id=z", "before_id=z"]
)
def test_pages_that_there_are_not(client: TestClient, query: str) -> None:
    result = client.simulate_get(MODELS, query_string=query)
    assert (result.status_code, result.json["error"]["type"]) == (400, "invalid_request_error")
    assert result.json["error"]["message"].startswith(query.partition("=")[0] + ": ")


def test_no_models(client: TestClient, library: FakeLibrary) -> None:
    library.records = {}
    assert client.simulate_get(MODELS).json == {"data": [], "has_more": False, "first_id": None, "last_id": None}


# --- Claude Code --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/hello", "/anthropic/api/hello", "/anthropic/"])
def test_claude_code_asks_whether_there_is_a_server(client: TestClient, path: str) -> None:
    for method in ("HEAD", "GET"):
        result = client.simulate_request(method, path)
        assert (result.status_code, result.content) == (200, b"")


def claude_code_turn() -> dict[str, Any]:
    """A first request as the command line client sends it, in full size."""
    cached = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"p": {}}}
    tools = [
        {"name": f"Tool{n}", "description": "Does much. " * 300, "input_schema": schema, "eager_input_streaming": True}
        for n in range(12)
    ]
    return {
        "model": "tiny",
        "max_tokens": 32000,
        "stream": True,
        "thinking": {"type": "adaptive", "display": "omitted"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        "output_config": {"effort": "high"},
        "metadata": {"user_id": json.dumps({"device_id": "d" * 64, "session_id": "s"})},
        "system": [
            {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1; cch=0;"},
            {"type": "text", "text": "You are a command line tool.", **cached},
            {"type": "text", "text": "Long rules. " * 900, **cached},
        ],
        "tools": tools,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "<system-reminder>Today is today.</system-reminder>"},
                    {"type": "text", "text": "List the files.", **cached},
                ],
            },
            {"role": "system", "content": [{"type": "text", "text": "More tools exist."}]},
        ],
    }


def test_claude_codes_first_turn(client: TestClient, inference: FakeInference) -> None:
    body = claude_code_turn()
    assert len(json.dumps(body)) > 48_000
    result = client.simulate_post("/v1/messages?beta=true", json=body, headers=VERSION)
    assert result.status_code == 200
    assert result.text.endswith('event: message_stop\ndata: {"type":"message_stop"}\n\n')
    request = inference.request
    assert [turn.role for turn in request.messages] == ["system", "user"]
    assert request.messages[0].content.startswith("You are a command line tool.\n\nLong rules.")
    assert request.messages[0].content.endswith("\n\nMore tools exist.")
    assert request.messages[1].content.endswith("</system-reminder>\n\nList the files.")
    assert len(request.tools) == 12


def test_claude_codes_billing_line_does_not_change_the_prompt(client: TestClient, inference: FakeInference) -> None:
    body = claude_code_turn()
    client.simulate_post("/v1/messages", json=body)
    body["system"][0]["text"] = "x-anthropic-billing-header: cc_version=2.2; cch=1;"
    client.simulate_post("/v1/messages", json=body)
    assert inference.calls[0] == inference.calls[1]


# --- any JSON -----------------------------------------------------------------------------------------------------

LEAVES = st.none() | st.booleans() | st.integers(-3, 70) | st.sampled_from(["", "text", "tool_use", "base64", "x"])
KEYS = st.sampled_from(
    [
        "type",
        "text",
        "content",
        "source",
        "role",
        "name",
        "id",
        "input",
        "data",
        "thinking",
        "tool_use_id",
        "input_schema",
    ]
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
BLOCKS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["text", "image", "document", "search_result", "tool_use", "tool_result", "thinking", "z"]
            )
        },
        optional={
            "text": VALUES,
            "source": VALUES,
            "content": VALUES,
            "title": VALUES,
            "id": LEAVES,
            "name": LEAVES,
            "input": VALUES,
            "tool_use_id": LEAVES,
            "thinking": LEAVES,
            "signature": st.sampled_from(["", "omm1", "omm1AAAA", "omm1eJw=", "é"]),
        },
    )
    | VALUES,
    max_size=3,
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]), "content": BLOCKS | LEAVES}),
    max_size=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=MESSAGES, system=BLOCKS | LEAVES, tools=VALUES, choice=VALUES, stream=st.booleans())
def test_any_json_is_answered(client: TestClient, **fields: Any) -> None:
    body = {**BODY, **fields, "tool_choice": fields["choice"]}
    result = client.simulate_post(PATH, json=body)
    assert result.status_code in (200, 400)
    if result.status_code == 400:
        assert set(result.json) == {"type", "error", "request_id"}
