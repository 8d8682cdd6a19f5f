"""rerank: the shapes of three services, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import Result, TestClient

from omm.errors import ContextExceeded, Unsupported
from omm.types import Options, RerankRequest
from tests.fakes import FakeInference

DOCUMENTS = ["a", "b", "c"]


def ask(client: TestClient, path: str = "/v1/rerank", **fields: Any) -> Result:
    return client.simulate_post(path, json={"model": "tiny", "query": "q", "documents": DOCUMENTS, **fields})


@pytest.mark.parametrize("path", ["/v1/rerank", "/api/rerank"])
def test_the_best_come_first(client: TestClient, path: str) -> None:
    body = ask(client, path).json
    assert body.pop("id").startswith("rerank-")
    assert body.pop("meta")["api_version"] == {"version": "2"}
    assert body == {
        "object": "list",
        "model": "tiny",
        "results": [
            {"index": 1, "relevance_score": 0.75},
            {"index": 2, "relevance_score": 0.5},
            {"index": 0, "relevance_score": 0.25},
        ],
        "usage": {"prompt_tokens": 11, "total_tokens": 11},
    }


def test_only_some_and_with_their_texts(client: TestClient) -> None:
    results = ask(client, top_n=2, return_documents=True).json["results"]
    assert results == [
        {"index": 1, "relevance_score": 0.75, "document": {"text": "b"}},
        {"index": 2, "relevance_score": 0.5, "document": {"text": "c"}},
    ]


def test_the_other_shape(client: TestClient) -> None:
    asked = {"model": "tiny", "query": "q", "texts": DOCUMENTS}
    assert client.simulate_post("/v1/rerank", json=asked).json == [
        {"index": 1, "score": 0.75},
        {"index": 2, "score": 0.5},
        {"index": 0, "score": 0.25},
    ]
    texts = client.simulate_post("/v1/rerank", json={**asked, "return_text": True, "top_n": 1}).json
    assert texts == [{"index": 1, "score": 0.75, "text": "b"}]


def test_what_reaches_the_service(client: TestClient, inference: FakeInference) -> None:
    ask(client, documents=["a", {"text": "b", "title": "x"}], truncate=False, options={"num_ctx": 64}, keep_alive=0)
    assert inference.request == RerankRequest(
        model="tiny", query="q", documents=("a", "b"), truncate=False, options=Options(num_ctx=64), keep_alive_s=0
    )


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"query": ""}, "invalid_value", "query"),
        ({"documents": []}, "invalid_value", "documents"),
        ({"documents": None}, "missing_required_parameter", "documents"),
        ({"documents": ["a", 3]}, "invalid_value", "documents[1]"),
        ({"documents": ["a", {"title": "x"}]}, "missing_required_parameter", "documents[1].text"),
        ({"documents": ["a"] * 2049}, "invalid_value", "documents"),
        ({"top_n": 0}, "invalid_value", "top_n"),
        ({"model": ""}, "invalid_value", "model"),
    ],
)
def test_what_is_refused(client: TestClient, fields: dict[str, Any], code: str, param: str) -> None:
    result = ask(client, **fields)
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == (code, param)


def test_errors_of_the_service(client: TestClient, inference: FakeInference) -> None:
    inference.raises = Unsupported('"tiny" does not support reranking', param="model")
    result = ask(client)
    assert (result.status_code, result.json["error"]["param"]) == (400, "model")
    assert ask(client, "/api/rerank").json == {"error": '"tiny" does not support reranking'}
    inference.raises = ContextExceeded("too long")
    assert ask(client).json["error"]["param"] == "documents"
