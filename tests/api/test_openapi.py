"""The document of all routes, and the pages that show it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from falcon.testing import TestClient

from omm.api import openapi
from omm.api.app import ROUTES
from omm.api.operations import OPERATIONS
from tests.fakes import FakeInference

# Routes that are no part of the API: what the pages need, and a path that answers 404 on purpose.
HIDDEN = {*openapi.ASSETS, *openapi.STARTS, "/v1/responses/compact"}
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document(ROUTES)


def plain(path: str) -> str:
    return path.replace(":path", "")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_seed_001_01_every_route_and_method_is_described(document: dict[str, Any]) -> None:
    served = {
        (method, plain(path))
        for path, resource in ROUTES
        for method in METHODS
        if hasattr(resource, f"on_{method}") and path not in HIDDEN
    }
    described = {(method, path) for method, path, _ in operations(document) if method != "head"}
    assert served == described


def test_no_row_of_the_table_is_left_over(document: dict[str, Any]) -> None:
    described = {(method.upper(), path) for method, path, _ in operations(document)}
    assert described == set(OPERATIONS)


def test_the_native_paths_are_spelled_as_promised(document: dict[str, Any]) -> None:
    assert {
        "/v1/health",
        "/v1/ollm/models",
        "/v1/ollm/models/{model_reference}",
        "/v1/plan",
        "/v1/prompt",
        "/v1/prompt/stream",
        "/v1/sessions",
        "/v1/sessions/{session_id}",
        "/v1/sessions/{session_id}/prompt",
        "/v1/sessions/{session_id}/prompt/stream",
    } <= set(document["paths"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references
    assert references <= set(document["components"]["schemas"])


def test_names_are_short_and_legal(document: dict[str, Any]) -> None:
    names = set(document["components"]["schemas"])
    assert all(re.fullmatch(r"[a-zA-Z0-9._-]+", name) for name in names)
    assert not any("omm" in name or "schema" in name for name in names)
    assert {"ollama.ChatBody", "openai.ChatBody", "RuntimePlan"} <= names


def test_operations_have_an_id_of_their_own_and_words(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for _, path, operation in operations(document):
        # Written for who reads the document, unlike a docstring of the code.
        assert re.fullmatch(r"[A-Z][^.`\n]{7,79}", operation["summary"]), path
        assert re.fullmatch(r"([^`]+\.)?", operation["description"]), path
        assert operation["tags"][0] in {"omm", "Ollama", "OpenAI", "Anthropic", "Native"}


def test_path_parameters_are_declared(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        declared = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_every_body_has_an_example_that_decodes(document: dict[str, Any]) -> None:
    for (method, path), operation in OPERATIONS.items():
        if operation.request in (None, bytes) or operation.request_media != "application/json":
            continue
        assert operation.examples, (method, path)
        for example in operation.examples.values():
            msgspec.convert(example, operation.request)
        content = document["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
        assert {
            each["value"] == example
            for each, example in zip(content["examples"].values(), operation.examples.values(), strict=True)
        } == {True}


@pytest.mark.parametrize(
    ("path", "busy", "shape"),
    [
        ("/api/chat", "503", "ErrorReply"),
        ("/v1/chat/completions", "503", "OpenAIError"),
        ("/v1/messages", "529", "AnthropicError"),
        ("/v1/prompt", "503", "DetailReply"),
    ],
)
def test_errors_are_in_the_protocols_shape(document: dict[str, Any], path: str, busy: str, shape: str) -> None:
    responses = document["paths"][path]["post"]["responses"]
    assert {"200", "400", "401", "404", "413", "500", busy} <= set(responses)
    assert responses["400"]["content"]["application/json"]["schema"]["$ref"].endswith(shape)


def test_streams_are_declared_beside_objects(document: dict[str, Any]) -> None:
    def media(path: str) -> set[str]:
        return set(document["paths"][path]["post"]["responses"]["200"]["content"])

    assert media("/api/chat") == {"application/json", "application/x-ndjson"}
    assert media("/v1/chat/completions") == {"application/json", "text/event-stream"}
    assert media("/v1/prompt/stream") == {"text/event-stream"}
    reply = document["paths"]["/v1/prompt/stream"]["post"]["responses"]["200"]["content"]["text/event-stream"]
    data = reply["schema"]["properties"]["data"]
    assert data["contentMediaType"] == "application/json"
    assert {"$ref": "#/components/schemas/TextEvent"} in data["contentSchema"]["anyOf"]
    reply = document["paths"]["/v1/completions"]["post"]["responses"]["200"]["content"]["text/event-stream"]
    last, data = reply["schema"]["properties"]["data"]["anyOf"]
    assert last == {"const": "[DONE]"}
    assert {"$ref": "#/components/schemas/OpenAIError"} in data["contentSchema"]["anyOf"]


def test_models_are_declared_in_both_shapes_that_share_the_path(document: dict[str, Any]) -> None:
    for path, names in {
        "/v1/models": ["openai.models.ModelsReply", "anthropic.ModelsReply"],
        "/v1/models/{name}": ["openai.models.ModelReply", "anthropic.ModelReply"],
    }.items():
        operation = document["paths"][path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert [shape["$ref"].rpartition("/")[2] for shape in schema["anyOf"]] == names
        assert "anthropic-version" in operation["description"]


def test_ranges_come_from_the_shapes(document: dict[str, Any]) -> None:
    fields = document["components"]["schemas"]["GenerationBody"]["properties"]
    assert fields["top_p"]["anyOf"][0] == {"type": "number", "exclusiveMinimum": 0, "maximum": 1}


def test_the_document_is_served(client: TestClient, document: dict[str, Any]) -> None:
    for _ in range(2):
        result = client.simulate_get("/openapi.json")
        assert result.status_code == 200
        assert result.json == document
    assert document["openapi"].startswith("3.1")


def test_answers_match_the_document(client: TestClient, document: dict[str, Any], inference: FakeInference) -> None:
    """The examples are answered with a declared status in a declared form."""
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in content.get("examples", {}).values():
            result = client.simulate_request(method.upper(), re.sub(r"\{\w+\}", "x", path), json=example["value"])
            declared = operation["responses"][str(result.status_code)]
            if result.content:
                assert result.headers["content-type"].partition(";")[0] in declared["content"], path


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_seed_001_02_03_pages_need_no_network(client: TestClient, path: str) -> None:
    result = client.simulate_get(path)
    assert result.status_code == 200
    assert result.headers["content-type"].startswith("text/html")
    assert "//" not in result.text.replace("</", "").replace("data:,", "")
    linked = re.findall(r'(?:src|href)="(/[^"]+)"', result.text)
    assert linked
    for link in linked:
        asset = client.simulate_get(link)
        assert (asset.status_code, bool(asset.content)) == (200, True)
        assert asset.headers["content-type"].startswith(("text/javascript", "text/css"))


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_pages_run_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    result = client.simulate_get(path)
    policy = dict(rule.strip().split(" ", 1) for rule in result.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "http" not in result.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]* src=)", result.text)


def test_the_pages_show_this_document(client: TestClient) -> None:
    for path in openapi.STARTS:
        assert '"/openapi.json"' in client.simulate_get(path).text


def test_redoc_does_not_call_home(client: TestClient) -> None:
    assert "disableTelemetry: true" in client.simulate_get("/redoc/start.js").text
    assert "disableTelemetry" in client.simulate_get("/redoc/redoc.js").text  # the option is still called so
