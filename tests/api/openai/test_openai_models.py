"""models, and the routes for media that no model here has."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.errors import Corrupt
from tests.fakes import FakeInference, FakeLibrary, record


def known(name: str, second: int) -> Any:
    return msgspec.structs.replace(record(name), modified_ns=second * 10**9 + 5)


@pytest.fixture(autouse=True)
def models(library: FakeLibrary) -> None:
    """Three models of different ages."""
    rows = [known("tiny:latest", 100), known("qwen:7b", 300), known("hf.co/some/model:Q4_K_M", 200)]
    library.records = {row.name: row for row in rows}


def row(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": "local"}


def test_the_newest_come_first_and_latest_goes_without_saying(client: TestClient) -> None:
    assert client.simulate_get("/v1/models?limit=1").json == {
        "object": "list",
        "data": [row("qwen:7b", 300), row("hf.co/some/model:Q4_K_M", 200), row("tiny", 100)],
    }


@pytest.mark.parametrize(
    ("path", "name", "created"),
    [
        ("tiny", "tiny", 100),
        ("tiny:latest", "tiny", 100),
        ("qwen%3A7b", "qwen:7b", 300),
        ("hf.co/some/model:Q4_K_M", "hf.co/some/model:Q4_K_M", 200),
        ("hf.co%2Fsome%2Fmodel%3AQ4_K_M", "hf.co/some/model:Q4_K_M", 200),
    ],
)
def test_one_model(client: TestClient, path: str, name: str, created: int) -> None:
    assert client.simulate_get(f"/v1/models/{path}").json == row(name, created)
    assert client.simulate_head(f"/v1/models/{path}").status_code == 200


def test_an_unknown_model(client: TestClient) -> None:
    result = client.simulate_get("/v1/models/some/other:model")
    assert result.status_code == 404
    assert (result.json["error"]["code"], result.json["error"]["param"]) == ("model_not_found", "model")
    assert client.simulate_delete("/v1/models/nope").status_code == 404


def test_a_model_is_removed(client: TestClient, library: FakeLibrary, inference: FakeInference) -> None:
    result = client.simulate_delete("/v1/models/tiny")
    assert result.json == {"id": "tiny", "object": "model", "deleted": True}
    assert "tiny:latest" not in library.records
    assert inference.calls == [("unload", "tiny")]


def test_a_damaged_model_is_removed_too(
    client: TestClient, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []

    def find(name: str) -> Any:
        raise Corrupt("a blob is missing")

    monkeypatch.setattr(library, "find", find)
    monkeypatch.setattr(library, "delete", removed.append)
    result = client.simulate_delete("/v1/models/some/model:latest")
    assert result.json == {"id": "some/model", "object": "model", "deleted": True}
    assert removed == ["some/model:latest"]


# --- images -----------------------------------------------------------------------------------------------------


def draw(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post("/v1/images/generations", json={"model": "tiny", "prompt": "a cat", **fields})


@pytest.mark.parametrize(
    "fields",
    [{}, {"size": "1024x1024", "n": 4, "response_format": "b64_json", "seed": 3}, {"size": "auto", "quality": "hd"}],
)
def test_no_model_draws(client: TestClient, fields: dict[str, Any]) -> None:
    result = draw(client, **fields)
    assert result.status_code == 400
    error = result.json["error"]
    assert (error["code"], error["param"]) == ("unsupported_model", "model")
    assert "image generation" in error["message"]


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"prompt": ""}, "invalid_value", "prompt"),
        ({"response_format": "url"}, "invalid_value", "response_format"),
        ({"size": "big"}, "invalid_value", "size"),
        ({"n": 5}, "invalid_value", "n"),
        ({"stream": True}, "unsupported_parameter", "stream"),
    ],
)
def test_wrong_requests_for_images(client: TestClient, fields: dict[str, Any], code: str, param: str) -> None:
    result = draw(client, **fields)
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == (code, param)


def test_required_fields_of_images(client: TestClient) -> None:
    error = client.simulate_post("/v1/images/generations", json={"model": "tiny"}).json["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", "prompt")
    assert draw(client, model="nope").status_code == 404


# --- sound ------------------------------------------------------------------------------------------------------


def transcribe(client: TestClient, *fields: tuple[str, str], kind: str = "multipart/form-data; boundary=X") -> Result:
    parts = [f"--X\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in fields]
    body = "".join([*parts, "--X--\r\n"]).encode()
    return client.simulate_post("/v1/audio/transcriptions", body=body, headers={"content-type": kind})


FILE = ('name="file"; filename="a.wav"', "RIFF")


def test_no_model_hears(client: TestClient) -> None:
    result = transcribe(client, FILE, ('name="model"', "tiny"), ('name="language"', "en"))
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == ("unsupported_model", "model")


def test_wrong_requests_for_sound(client: TestClient) -> None:
    assert transcribe(client, FILE, ('name="model"', "nope")).status_code == 404
    for fields, param in [((FILE,), "model"), ((('name="model"', "tiny"),), "file")]:
        error = transcribe(client, *fields).json["error"]
        assert (error["code"], error["param"]) == ("missing_required_parameter", param)
    assert transcribe(client, FILE, kind="application/json").status_code == 400
    assert transcribe(client, FILE, kind="multipart/form-data").status_code == 400
    assert transcribe(client, ("garbage", ""), kind="multipart/form-data; boundary=X").status_code == 400
