"""Prompts and sessions of the native routes."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient

from omm.api.ollm import parse, render
from omm.api.ollm.schema import RuntimeBody
from omm.config import Settings
from omm.errors import Busy, ContextExceeded
from omm.service.planning import ModelPlan, Resolved
from omm.types import (
    Adapter,
    AdapterChoice,
    ChatRequest,
    Failed,
    LoadWishes,
    Message,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
)
from tests.api.ollm.conftest import stored
from tests.fakes import USAGE, FakeInference, FakeLibrary, FakeStream, answer

RUNTIME = {"model_reference": "tiny"}
Frame = tuple[str, Any]


def ask(client: TestClient, path: str = "/v1/prompt", **body: Any) -> Any:
    return client.simulate_post(path, json={"prompt": "Hi", "runtime": RUNTIME, **body})


def frames(text: str) -> list[Frame]:
    """Names and data of server-sent events; nothing else may be in the stream."""
    found = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


METADATA = {
    "backend_id": "llama.cpp",
    "specialization_state": "not-planned",
    "specialization_applied": "false",
    "kv_cache_strategy": "resident",
    "model": "tiny:latest",
    "finish_reason": "stop",
    "prompt_tokens": "7",
    "cached_tokens": "3",
    "completion_tokens": "2",
}

# --- one prompt -------------------------------------------------------------------------------------------------


def test_seed_001_14_a_prompt_is_answered_with_text_and_metadata(client: TestClient) -> None:
    result = ask(client)
    assert (result.status_code, result.json) == (200, {"text": "Hello there", "metadata": METADATA})


def test_durations_on_request(client: TestClient) -> None:
    told = ask(client, runtime={**RUNTIME, "stats": True}).json["metadata"]
    names = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")
    assert [told[name] for name in names] == ["900", "100", "300", "500"]


def test_a_gpu_is_told(make_native: Callable[..., TestClient]) -> None:
    told = ask(make_native("CUDA0")).json["metadata"]
    assert (told["specialization_state"], told["specialization_applied"]) == ("applied", "true")


def test_the_request_as_the_service_sees_it(client: TestClient, inference: FakeInference) -> None:
    ask(
        client,
        system_prompt="Be brief.",
        runtime={
            **RUNTIME,
            "num_ctx": 512,
            "keep_alive": "2m",
            "think": "low",
            "offload_gpu_layers": 3,
            "use_specialization": False,
        },
        generation={
            "max_new_tokens": 5,
            "temperature": 0,
            "top_p": 0.5,
            "top_k": 3,
            "seed": 7,
            "stop": "END",
            "repeat_penalty": 1.5,
            "min_p": 0.25,
        },
    )
    request: ChatRequest = inference.request
    assert request.messages == (Message(role="system", content="Be brief."), Message(role="user", content="Hi"))
    assert (request.model, request.keep_alive_s, request.think) == ("tiny", 120.0, "low")
    assert request.wishes == LoadWishes(flash_attention="off")
    options = request.options
    assert (options.num_ctx, options.num_gpu, options.num_predict) == (512, 3, 5)
    assert (options.temperature, options.top_p, options.top_k, options.seed) == (0, 0.5, 3, 7)
    assert (options.stop, options.repeat_penalty, options.min_p) == (("END",), 1.5, 0.25)
    assert options.cache_prompt is None


def test_a_runtime_without_a_cache_computes_every_prompt_anew(client: TestClient, inference: FakeInference) -> None:
    assert ask(client, runtime={**RUNTIME, "use_cache": False}).status_code == 200
    assert inference.request.options.cache_prompt is False


LORAS = (Adapter(name="pirate", path=__file__, scale=0.5), Adapter(name="poet", path=__file__))


@pytest.mark.parametrize(
    ("body", "adapters"),
    [
        ({}, None),
        ({"generation": {"lora": None}}, None),
        ({"generation": {"lora": []}}, ()),
        ({"generation": {"lora": [{"name": "poet"}]}}, (AdapterChoice(name="poet"),)),
        ({"generation": {"lora": [{"name": "poet", "scale": -0.5}]}}, (AdapterChoice(name="poet", scale=-0.5),)),
        ({"runtime": {**RUNTIME, "adapter_dir": "pirate"}}, (AdapterChoice(name="pirate"),)),
    ],
)
def test_adapters_reach_the_service(
    client: TestClient, library: FakeLibrary, inference: FakeInference, tmp_path: Path, body: Any, adapters: Any
) -> None:
    library.records["tiny:latest"] = stored(tmp_path, adapters=LORAS)
    assert ask(client, **body).status_code == 200
    assert inference.request.adapters == adapters
    session = client.simulate_post("/v1/sessions", json={"runtime": RUNTIME, **body}).json["session_id"]
    client.simulate_post(f"/v1/sessions/{session}/prompt", json={"prompt": "Hi"})
    assert inference.request.adapters == adapters


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"generation": {"lora": [{"name": "x"}]}}, 'lora: model "tiny:latest" has no adapter "x", only pirate, poet'),
        ({"generation": {"lora": [{"name": "poet"}] * 2}}, "lora: an adapter is named twice"),
        ({"generation": {"lora": [{"scale": 1}]}}, "generation.lora.0.name: Field required"),
        ({"generation": {"lora": [{"name": "poet", "scale": 101}]}}, "generation.lora.0.scale: must be 100 or less"),
        (
            {"runtime": {**RUNTIME, "adapter_dir": "poet"}, "generation": {"lora": []}},
            "runtime.adapter_dir: contradicts generation.lora",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v1/prompt", "/v1/prompt/stream", "/v1/sessions"])
def test_wrong_adapters_are_named(
    client: TestClient, library: FakeLibrary, tmp_path: Path, path: str, body: Any, detail: str
) -> None:
    library.records["tiny:latest"] = stored(tmp_path, adapters=LORAS)
    prompt = {} if path == "/v1/sessions" else {"prompt": "Hi"}
    result = client.simulate_post(path, json={"runtime": RUNTIME, **prompt, **body})
    assert (result.status_code, result.json) == (400, {"detail": detail})


def test_the_cpu_is_no_layers_on_a_gpu(client: TestClient, inference: FakeInference) -> None:
    ask(client, runtime={**RUNTIME, "device": "cpu"})
    assert inference.request.options.num_gpu == 0


def test_strategies_reach_the_engine(client: TestClient, inference: FakeInference) -> None:
    told = ask(client, runtime={**RUNTIME, "kv_cache_strategy": "quantized-cold-tier"}).json["metadata"]
    assert told["kv_cache_strategy"] == "quantized-cold-tier"
    assert inference.request.wishes == LoadWishes(kv_cache_type="q8_0")
    ring = {"kv_cache_strategy": "sliding-window-ring-buffer", "kv_cache_window_tokens": 64}
    ask(client, runtime={**RUNTIME, **ring})
    assert (inference.request.options.num_ctx, inference.request.shift) == (64, True)


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({}, ["You are a helpful assistant.", "Hi"]),
        ({"system_prompt": None}, ["You are a helpful assistant.", "Hi"]),
        ({"system_prompt": ""}, ["Hi"]),
    ],
)
def test_system_prompts(
    client: TestClient, inference: FakeInference, given: dict[str, Any], messages: list[str]
) -> None:
    ask(client, **given)
    assert [message.content for message in inference.request.messages] == messages


def test_thinking_is_left_out(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(ThinkingDelta(text="hmm"), *answer("Yes"))
    assert ask(client).json["text"] == "Yes"
    names = [name for name, _ in frames(ask(client, "/v1/prompt/stream").text)]
    assert names == ["status", "text", "complete"]


@pytest.mark.parametrize("path", ["/v1/prompt", "/v1/prompt/stream"])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"prompt": " "}, "prompt: must not be empty"),
        ({"prompt": None}, "prompt: Expected `str`, got `null`"),
        ({"generation": {"max_new_tokens": 0}}, "generation.max_new_tokens: must be 1 or greater"),
        ({"generation": {"temperature": -0.5}}, "generation.temperature: must be 0 or greater"),
        ({"generation": {"top_p": 0}}, "generation.top_p: must be over 0"),
        ({"generation": {"top_p": 1.5}}, "generation.top_p: must be 1 or less"),
        ({"generation": {"temperature": 101}}, "generation.temperature: must be between 0 and 100, not 101.0"),
        (
            {"generation": {"max_new_tokens": 1 << 31}},
            "generation.max_new_tokens: must be between -2 and 2147483647, not 2147483648",
        ),
        ({"generation": {"beams": 2}}, "generation: Object contains unknown field `beams`"),
        ({"image": "x"}, "Object contains unknown field `image`"),
        ({"runtime": {}}, "runtime.model_reference: is required, as there is no default model"),
    ],
)
def test_wrong_prompts(client: TestClient, path: str, body: dict[str, Any], detail: str) -> None:
    result = ask(client, path, **body)
    assert (result.status_code, result.json) == (400, {"detail": detail})


@pytest.mark.parametrize("path", ["/v1/prompt", "/v1/prompt/stream"])
def test_refusals_of_the_service(client: TestClient, inference: FakeInference, path: str) -> None:
    inference.raises = Busy("full")
    assert (ask(client, path).status_code, ask(client, path).json) == (503, {"detail": "full"})
    assert ask(client, path, runtime={"model_reference": "nobody"}).status_code == 404


def test_a_failed_engine(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(Failed(code="engine_failed", message="it broke"))
    assert (ask(client).status_code, ask(client).json) == (500, {"detail": "it broke"})
    assert all(stream.closed.is_set() for stream in inference.streams)


# --- a streamed prompt ------------------------------------------------------------------------------------------


def test_seed_001_52_the_native_events(client: TestClient) -> None:
    result = ask(client, "/v1/prompt/stream")
    assert result.status_code == 200
    assert result.headers["content-type"].startswith("text/event-stream")
    assert result.headers["x-accel-buffering"] == "no"
    first, *text, last = frames(result.text)
    assert first == ("status", {"message": "Running tiny on cpu via llama.cpp"})
    assert "".join(data["delta"] for name, data in text if name == "text") == "Hello there"
    assert last == ("complete", {"text": "Hello there", "metadata": METADATA})


def test_a_failure_in_the_stream_is_its_last_event(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="He"), Failed(code="engine_failed", message="it broke"))
    assert frames(ask(client, "/v1/prompt/stream").text)[1:] == [
        ("text", {"delta": "He"}),
        ("error", {"detail": "it broke"}),
    ]


def test_long_thinking_shows_signs_of_life(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "BEAT_S", 0.0)
    inference.stream = lambda: FakeStream(ThinkingDelta(text="hmm"), *answer("Yes"))
    told = frames(ask(client, "/v1/prompt/stream").text)
    assert [name for name, _ in told] == ["status", "status", "text", "complete"]
    assert told[1] == ("status", {"message": "Thinking"})


def test_waiting_and_a_long_prompt_are_reported() -> None:
    wanted = parse.runtime_wanted(RuntimeBody(model_reference="tiny"), Settings.load({}))
    running = render.Running(plan=ModelPlan(model=Resolved(name="tiny:latest", origin="builtin")), wanted=wanted)
    events = [PromptProgress(done=0, total=0), PromptProgress(done=5, total=10), *answer("Yes")]
    told = frames(b"".join(render.frames(events, running)).decode())
    assert [data["message"] for name, data in told if name == "status"] == [
        "Running tiny on cpu via llama.cpp",
        "Waiting for tiny",
        "Read 5 of 10 tokens of the prompt",
    ]
    assert [name for name, _ in told] == ["status", "status", "status", "text", "complete"]


# --- sessions ---------------------------------------------------------------------------------------------------


def begin(client: TestClient, **body: Any) -> str:
    return str(client.simulate_post("/v1/sessions", json={"runtime": RUNTIME, **body}).json["session_id"])


def turn(client: TestClient, session: str, prompt: str, *, stream: bool = False) -> Any:
    path = f"/v1/sessions/{session}/prompt" + ("/stream" if stream else "")
    return client.simulate_post(path, json={"prompt": prompt})


def transcript(client: TestClient, session: str) -> list[tuple[str, str]]:
    messages = client.simulate_get(f"/v1/sessions/{session}").json["messages"]
    return [(message["role"], message["content"][0]["value"]) for message in messages]


def test_seed_001_16_a_session_begins_without_a_model_loaded(client: TestClient, inference: FakeInference) -> None:
    result = client.simulate_post("/v1/sessions", json={"runtime": RUNTIME})
    assert result.status_code == 200
    assert uuid.UUID(result.json["session_id"]).version == 4
    assert result.json == {
        "session_id": result.json["session_id"],
        "session_name": "default",
        "model_reference": "tiny",
        "system_prompt": "You are a helpful assistant.",
        "messages": [],
    }
    assert inference.calls == []


def test_seed_001_17_the_transcript(client: TestClient) -> None:
    session = begin(client, session_name="first", system_prompt="Be brief.")
    turn(client, session, "Hi")
    assert client.simulate_get(f"/v1/sessions/{session}").json == {
        "session_id": session,
        "session_name": "first",
        "model_reference": "tiny",
        "system_prompt": "Be brief.",
        "messages": [
            {"role": "user", "content": [{"type": "text", "value": "Hi"}]},
            {"role": "assistant", "content": [{"type": "text", "value": "Hello there"}]},
        ],
    }


def test_seed_001_18_a_turn_knows_the_earlier_ones(client: TestClient, inference: FakeInference) -> None:
    session = begin(client, generation={"temperature": 0}, runtime={**RUNTIME, "num_ctx": 256})
    assert turn(client, session, "one").json == {"text": "Hello there", "metadata": METADATA}
    turn(client, session, "two")
    said = [message.content for message in inference.request.messages]
    assert said == ["You are a helpful assistant.", "one", "Hello there", "two"]
    assert (inference.request.options.temperature, inference.request.options.num_ctx) == (0, 256)


def test_seed_001_19_a_streamed_turn(client: TestClient) -> None:
    session = begin(client)
    last = frames(turn(client, session, "one", stream=True).text)[-1]
    assert last == ("complete", {"text": "Hello there", "metadata": METADATA})
    assert transcript(client, session) == [("user", "one"), ("assistant", "Hello there")]


@pytest.mark.parametrize("stream", [False, True])
def test_a_failed_turn_changes_nothing(client: TestClient, inference: FakeInference, stream: bool) -> None:
    session = begin(client)
    inference.stream = lambda: FakeStream(TextDelta(text="He"), Failed(code="engine_failed", message="broke"))
    turn(client, session, "one", stream=stream)
    assert transcript(client, session) == []
    inference.stream = lambda: FakeStream(*answer("Yes"))
    turn(client, session, "two", stream=stream)
    assert transcript(client, session) == [("user", "two"), ("assistant", "Yes")]


def test_too_long_a_conversation(client: TestClient, inference: FakeInference) -> None:
    session = begin(client)
    inference.raises = ContextExceeded("the prompt has 900 tokens, the context 512")
    whole = turn(client, session, "one")
    assert (whole.status_code, whole.json) == (400, {"detail": "the prompt has 900 tokens, the context 512"})
    streamed = turn(client, session, "one", stream=True)
    assert streamed.status_code == 200
    assert frames(streamed.text)[-1] == ("error", {"detail": "the prompt has 900 tokens, the context 512"})
    assert transcript(client, session) == []


def test_a_deleted_session_is_unknown(client: TestClient) -> None:
    session = begin(client)
    result = client.simulate_delete(f"/v1/sessions/{session}")
    assert (result.status_code, result.json) == (200, {"session_id": session, "deleted": True})
    unknown = {"detail": f"Session '{session}' does not exist"}
    for answered in (
        client.simulate_get(f"/v1/sessions/{session}"),
        client.simulate_delete(f"/v1/sessions/{session}"),
        turn(client, session, "one"),
        turn(client, session, "one", stream=True),
    ):
        assert (answered.status_code, answered.json) == (404, unknown)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"runtime": {"model_reference": "nobody"}}, 404),
        ({"runtime": {**RUNTIME, "device": "cuda"}}, 400),
        ({"runtime": RUNTIME, "generation": {"top_k": 0}}, 400),
        ({"runtime": RUNTIME, "prompt": "Hi"}, 400),
    ],
)
def test_a_session_that_cannot_begin(client: TestClient, body: dict[str, Any], status: int) -> None:
    result = client.simulate_post("/v1/sessions", json=body)
    assert result.status_code == status
    assert list(result.json) == ["detail"]


@pytest.mark.parametrize("body", [{}, {"prompt": ""}, {"prompt": "Hi", "generation": {}}])
def test_a_turn_has_a_text_and_nothing_else(client: TestClient, body: dict[str, Any]) -> None:
    result = client.simulate_post(f"/v1/sessions/{begin(client)}/prompt", json=body)
    assert result.status_code == 400


def test_turns_of_one_session_wait_for_each_other(client: TestClient, inference: FakeInference) -> None:
    session, other = begin(client), begin(client)
    held = FakeStream()
    inference.stream = lambda: held
    first = threading.Thread(target=turn, args=(client, session, "one"))
    first.start()
    assert inference.started.wait(10)
    inference.stream = lambda: FakeStream(*answer("Second"))
    second = threading.Thread(target=turn, args=(client, session, "two"))
    second.start()
    assert turn(client, other, "beside").status_code == 200  # another session does not wait
    assert len(inference.streams) == 2
    held.push(*answer("First"))
    for thread in (first, second):
        thread.join(10)
    assert [value for _, value in transcript(client, session)] == ["one", "First", "two", "Second"]


def test_usage_is_of_the_turn(client: TestClient) -> None:
    told = turn(client, begin(client), "Hi").json["metadata"]
    assert told["prompt_tokens"] == str(USAGE.prompt_tokens)
