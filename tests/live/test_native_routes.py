"""The native routes, metrics and the document, on a real server with the model that ships."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.live.conftest import Http

RUNTIME = {"model_reference": "tiny", "num_ctx": 1024}
GREEDY = {"temperature": 0, "max_new_tokens": 24, "seed": 1}


def unload(http: Http) -> None:
    http.post("/api/generate", json={"model": "tiny", "keep_alive": 0}).raise_for_status()


def loaded(http: Http) -> dict[str, Any]:
    return {model["name"]: model for model in http.get("/api/ps").json()["models"]}


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_seed_001_13_a_plan_loads_nothing_and_comes_true(http: Http) -> None:
    unload(http)
    before = loaded(http)
    assert "tiny:latest" not in before
    planned = http.post("/v1/plan", json={"runtime": RUNTIME}).json()["runtime_plan"]
    assert loaded(http).keys() <= before.keys()
    http.post("/v1/prompt", json={"prompt": "Hi", "runtime": RUNTIME, "generation": GREEDY}).raise_for_status()
    running = loaded(http)["tiny:latest"]
    details = planned["details"]
    assert running["context_length"] == int(details["num_ctx"]) == 1024
    assert running["parallel"] == int(details["num_parallel"])
    needed = int(details["model_bytes"]) + int(details["kv_bytes"])
    assert 0.5 * needed < running["size"] < 2 * needed + (64 << 20)


def test_progress_of_a_long_prompt_only_rises(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omm.api.ollama.routes.PROGRESS_S", 0.001)
    options = {"num_batch": 32, "num_ctx": 2048, "num_predict": 1, "temperature": 0}
    body = {"model": "tiny", "prompt": "one two three " * 200, "raw": True, "options": options, "return_progress": True}
    lines = [json.loads(line) for line in http.post("/api/generate", json=body).text.splitlines()]
    steps = [line["prompt_progress"] for line in lines if "prompt_progress" in line]
    read = [step["processed"] for step in steps]
    assert len(set(read)) > 2
    assert read == sorted(read)
    assert {step["total"] for step in steps} == {lines[-1]["prompt_eval_count"]}
    unload(http)


def test_seed_001_55_all_ways_to_ask_say_the_same(http: Http) -> None:
    asked = {"prompt": "What is a cat?", "system_prompt": "", "runtime": RUNTIME, "generation": GREEDY}
    whole = http.post("/v1/prompt", json=asked).json()
    streamed = events(http.post("/v1/prompt/stream", json=asked).text)
    assert streamed[0][0] == "status"
    assert streamed[-1] == ("complete", {**whole, "metadata": streamed[-1][1]["metadata"]})
    assert "".join(data["delta"] for name, data in streamed if name == "text") == whole["text"]
    chat = http.post(
        "/api/chat",
        json={
            "model": "tiny",
            "messages": [{"role": "user", "content": "What is a cat?"}],
            "options": {"temperature": 0, "num_predict": 24, "seed": 1, "num_ctx": 1024},
            "stream": False,
        },
    ).json()
    assert chat["message"]["content"] == whole["text"]
    assert whole["metadata"]["model"] == "tiny:latest"
    assert int(whole["metadata"]["completion_tokens"]) <= 24


def test_a_session_goes_on_from_the_prompt_cache(http: Http) -> None:
    begun = http.post("/v1/sessions", json={"runtime": RUNTIME, "generation": GREEDY}).json()
    path = f"/v1/sessions/{begun['session_id']}"
    first = http.post(f"{path}/prompt", json={"prompt": "My name is Ada. What is a cat?"}).json()
    last = events(http.post(f"{path}/prompt/stream", json={"prompt": "And a dog?"}).text)[-1]
    assert last[0] == "complete"
    read = int(first["metadata"]["prompt_tokens"])
    assert int(last[1]["metadata"]["cached_tokens"]) >= read - 1
    texts = [part["value"] for message in http.get(path).json()["messages"] for part in message["content"]]
    assert texts == ["My name is Ada. What is a cat?", first["text"], "And a dog?", last[1]["text"]]
    assert http.delete(path).json()["deleted"]
    assert http.get(path).status_code == 404


def test_too_long_a_turn(http: Http) -> None:
    begun = http.post("/v1/sessions", json={"runtime": RUNTIME, "generation": GREEDY}).json()
    path = f"/v1/sessions/{begun['session_id']}"
    prompt = {"prompt": "word " * 3000}
    refused = http.post(f"{path}/prompt", json=prompt)
    assert refused.status_code == 400
    assert "detail" in refused.json()
    assert events(http.post(f"{path}/prompt/stream", json=prompt).text)[-1][0] == "error"
    assert http.get(path).json()["messages"] == []


def test_a_quantised_cache(http: Http) -> None:
    runtime = {**RUNTIME, "kv_cache_strategy": "quantized-cold-tier"}
    told = http.post("/v1/prompt", json={"prompt": "Hi", "runtime": runtime, "generation": GREEDY}).json()
    assert told["metadata"]["kv_cache_strategy"] == "quantized-cold-tier"
    assert http.post("/v1/prompt", json={"prompt": "Hi", "runtime": RUNTIME, "generation": GREEDY}).status_code == 200


def test_discovery(http: Http) -> None:
    models = http.get("/v1/ollm/models").json()["models"]
    (tiny,) = [model for model in models if model["model_reference"] == "tiny:latest"]
    alone = http.get("/v1/ollm/models/tiny:latest").json()
    for info in (tiny, alone):
        del info["runtime_plan"]["details"]["host_free_bytes"]  # as it is now, and now
    assert tiny == {**alone, "discovery_source": "discovered-local"}
    assert tiny["architecture"] == "llama"


def test_numbers_of_a_real_answer(http: Http) -> None:
    http.post("/v1/prompt", json={"prompt": "Hi", "runtime": RUNTIME, "generation": GREEDY}).raise_for_status()
    text = http.get("/metrics").text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(values['omm_tokens_predicted_total{model="tiny:latest"}']) > 0
    assert float(values['omm_time_to_first_token_seconds_count{model="tiny:latest"}']) > 0
    assert float(values["omm_model_loads_total"]) >= 1
    assert float(values['omm_model_memory_bytes{model="tiny:latest"}']) > 0
    assert http.get("/health/ready").json() == {"status": "ready"}
