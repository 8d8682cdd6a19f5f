"""What is promised of the edge and needs no real model: keys, defaults, pictures, a device that is full.

A test has the numbers of its promises.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from falcon.testing import TestClient

from omm.api import gate, images
from omm.config import Settings
from omm.engine import sampling
from omm.errors import OutOfMemory
from omm.service.loading import effective
from tests.fakes import FakeInference, FakeLibrary, record

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
PNG_64 = base64.b64encode(PNG).decode()
USER = {"role": "user", "content": "hi"}
PATHS = {
    "/api/generate": {"prompt": "hi", "stream": False},
    "/api/chat": {"messages": [USER], "stream": False},
    "/v1/completions": {"prompt": "hi"},
    "/v1/chat/completions": {"messages": [USER]},
    "/v1/responses": {"input": "hi"},
    "/anthropic/v1/messages": {"messages": [USER], "max_tokens": 100},
}


def ask(client: TestClient, path: str, **fields: Any) -> Any:
    return client.simulate_post(path, json={"model": "tiny", **PATHS[path], **fields})


def test_000_29_keys_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr(gate.hmac, "compare_digest", compare)
    key = gate.key_digest(Settings.load({}, api_key="secret"))
    assert key
    for given in ("secret", "secres", "s", ""):
        compared.clear()
        assert gate.is_authorized({"AUTHORIZATION": f"Bearer {given}"}, key) is (given == "secret")
        assert len(compared) == 2
        assert {len(text) for pair in compared for text in pair} == {len(key)}  # nothing of a key's length shows


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", 0.7), ("top_p", 0.9), ("top_k", 40), ("repeat_penalty", 1.1), ("seed", None)],
    ids=["000-37", "000-38", "000-39", "000-41", "000-43"],
)
def test_defaults(client: TestClient, inference: FakeInference, path: str, name: str, value: float | None) -> None:
    assert ask(client, path).status_code == 200
    assert getattr(effective(inference.request.options, record()), name) == value


@pytest.mark.parametrize("path", [path for path in PATHS if "max_tokens" not in PATHS[path]])
def test_000_40_000_42_default_limits(client: TestClient, inference: FakeInference, path: str) -> None:
    ask(client, path)
    limits = sampling.resolve(inference.request.options)[1]
    assert (limits.num_predict, limits.stop) == (4096, ())


@pytest.mark.parametrize("field", ["options", "parameters"], ids=["000-35", "000-36"])
@pytest.mark.parametrize("path", PATHS)
def test_parameters_of_a_request(client: TestClient, inference: FakeInference, path: str, field: str) -> None:
    given = {"temperature": 0.25, "top_k": 3, "seed": 7, "repeat_penalty": 1.5}
    assert ask(client, path, **{field: given}).status_code == 200
    options = inference.request.options
    assert {name: getattr(options, name) for name in given} == given


def test_002_28_a_large_context_is_asked_for(client: TestClient, inference: FakeInference) -> None:
    ask(client, "/api/chat", options={"num_ctx": 32768})
    assert inference.request.options.num_ctx == 32768


@pytest.mark.parametrize("path", PATHS)
def test_002_49_a_full_device_is_told_and_the_next_request_is_served(
    client: TestClient, inference: FakeInference, path: str
) -> None:
    inference.raises = OutOfMemory("the model needs 80 GiB, and the GPU has 24 GiB")
    failed = ask(client, path)
    assert failed.status_code == 500
    assert "80 GiB" in failed.text
    inference.raises = None
    assert ask(client, path).status_code == 200


@pytest.fixture
def seeing(client: TestClient, library: FakeLibrary) -> TestClient:
    """The model can see."""
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, capabilities=("completion", "vision"))
    return client


def openai_picture(url: str) -> list[dict[str, Any]]:
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    return [{"role": "user", "content": parts}]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/api/chat", {"messages": [{**USER, "images": [PNG_64]}]}),
        ("/api/generate", {"images": [PNG_64]}),
        ("/v1/chat/completions", {"messages": openai_picture(f"data:image/png;base64,{PNG_64}")}),
    ],
    ids=["002-19", "004-10", "003-08"],
)
def test_pictures_reach_the_model(
    seeing: TestClient, inference: FakeInference, path: str, fields: dict[str, Any]
) -> None:
    assert ask(seeing, path, **fields).status_code == 200
    asked = inference.request
    found = asked.images if path == "/api/generate" else asked.messages[0].images
    assert found == (PNG,)


def test_003_09_003_30_a_picture_of_the_web(
    seeing: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(url: str, *_: Any) -> bytes:
        fetched.append(url)
        return PNG

    monkeypatch.setattr(images, "fetch", fetch)  # the web itself is what test_images.py scripts
    assert ask(seeing, "/v1/chat/completions", messages=openai_picture("https://a.example/b.png")).status_code == 200
    assert fetched == ["https://a.example/b.png"]
    assert inference.request.messages[0].images == (PNG,)


def test_004_12_how_much_at_once_is_a_setting(make_client: Callable[..., TestClient]) -> None:
    env = {"OLLAMA_NUM_PARALLEL": "3", "OLLAMA_MAX_QUEUE": "7", "OMM_MAX_LOADED_MODELS": "2"}
    settings = Settings.load(env)
    assert (settings.num_parallel, settings.max_queue, settings.max_loaded_models) == (3, 7, 2)
    assert make_client(num_parallel=3, max_queue=7).simulate_get("/api/ps").status_code == 200
