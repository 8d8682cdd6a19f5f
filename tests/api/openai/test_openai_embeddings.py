"""embeddings: every form of input, and vectors as numbers and as base64."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import Result, TestClient

from omm.api.openai.embeddings import pack
from omm.errors import ContextExceeded, InvalidRequest
from omm.types import Embeddings, EmbedRequest, Options
from tests.fakes import FakeInference


def ask(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post("/v1/embeddings", json={"model": "tiny", "input": "x", **fields})


def test_the_answer(client: TestClient, inference: FakeInference) -> None:
    inference.embeddings = Embeddings(vectors=((0.5, -0.25), (1.0, 0.0)), prompt_tokens=4)
    assert ask(client, input=["a", "b"]).json == {
        "object": "list",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [0.5, -0.25]},
            {"object": "embedding", "index": 1, "embedding": [1.0, 0.0]},
        ],
        "model": "tiny",
        "usage": {"prompt_tokens": 4, "total_tokens": 4},
    }


def test_base64_is_what_the_reference_says(client: TestClient) -> None:
    assert pack((0.1, -0.2, 0.3)) == "zczMPc3MTL6amZk+"
    assert ask(client, encoding_format="base64").json["data"][0]["embedding"] == pack((0.5, -0.25))
    assert ask(client, encoding_format="float").json["data"][0]["embedding"] == [0.5, -0.25]
    assert ask(client, encoding_format=None).json["data"][0]["embedding"] == [0.5, -0.25]


@pytest.mark.parametrize(
    ("value", "texts"),
    [("x", ("x",)), (["a", "b"], ("a", "b")), ([104, 105], ("hi",)), ([[104], [105]], ("h", "i"))],
)
def test_inputs(client: TestClient, inference: FakeInference, value: Any, texts: tuple[str, ...]) -> None:
    assert ask(client, input=value).status_code == 200
    assert inference.request == EmbedRequest(model="tiny", inputs=texts)


def test_options(client: TestClient, inference: FakeInference) -> None:
    ask(client, dimensions=2, truncate=False, options={"num_ctx": 64}, keep_alive=0, user="u")
    assert inference.request == EmbedRequest(
        model="tiny", inputs=("x",), dimensions=2, truncate=False, options=Options(num_ctx=64), keep_alive_s=0
    )


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": None}, "input"),
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": ["a", 1]}, "input"),
        ({"input": [[]]}, "input[0]"),
        ({"input": ["a"] * 2049}, "input"),
        ({"encoding_format": "int8"}, "encoding_format"),
        ({"dimensions": 0}, "dimensions"),
        ({"dimensions": 3}, "dimensions"),
    ],
)
def test_what_is_refused(client: TestClient, fields: dict[str, Any], param: str) -> None:
    result = ask(client, **fields)
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == ("invalid_value", param)


def test_required_fields_and_unknown_models(client: TestClient) -> None:
    error = client.simulate_post("/v1/embeddings", json={"model": "tiny"}).json["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", "input")
    assert ask(client, model="nope").status_code == 404


def test_unknown_tokens_are_named_as_the_client_did(client: TestClient, inference: FakeInference) -> None:
    inference.raises = InvalidRequest("the tokens holds token ids that the model does not have", param="tokens")
    error = ask(client, input=[10**6]).json["error"]
    assert (error["param"], error["message"]) == ("input", "the input holds token ids that the model does not have")


def test_a_text_that_is_too_long(client: TestClient, inference: FakeInference) -> None:
    inference.raises = ContextExceeded("too long")
    error = ask(client, truncate=False).json["error"]
    assert (error["code"], error["param"]) == ("context_length_exceeded", "input")
