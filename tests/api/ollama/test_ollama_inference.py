"""generate, chat, embed: the shapes on the wire, and what reaches the service."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from falcon.testing import Result, TestClient

import omm
from omm.errors import Busy, ContextExceeded, InvalidRequest, NotFound, Unsupported
from omm.types import (
    AdapterChoice,
    Embeddings,
    Failed,
    Finished,
    Message,
    Options,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    TokenLogprob,
    ToolCall,
    TopLogprob,
)
from tests.fakes import USAGE, FakeInference, FakeStream, answer

METRICS = {
    "total_duration": 900,
    "load_duration": 100,
    "prompt_eval_count": 7,
    "prompt_cached_count": 3,
    "prompt_eval_duration": 300,
    "eval_count": 2,
    "eval_duration": 500,
}
RFC3339 = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
USER = {"role": "user", "content": "hi"}


def lines(result: Result) -> list[dict[str, Any]]:
    """The objects of an NDJSON stream, each without its checked time."""
    assert result.headers["content-type"] == "application/x-ndjson"
    assert result.headers["x-accel-buffering"] == "no"
    assert result.text.endswith("\n")
    return [timeless(json.loads(line)) for line in result.text.splitlines()]


def timeless(body: dict[str, Any]) -> dict[str, Any]:
    assert RFC3339.fullmatch(body.pop("created_at"))
    return body


def whole(result: Result) -> dict[str, Any]:
    assert result.status_code == 200
    assert result.headers["content-type"] == "application/json; charset=utf-8"
    return timeless(result.json)


def test_generate_streams_by_default(client: TestClient) -> None:
    result = client.simulate_post("/api/generate", json={"model": "tiny", "prompt": "hi"})
    assert result.status_code == 200
    assert lines(result) == [
        {"model": "tiny", "done": False, "response": "Hello there"},
        {"model": "tiny", "done": True, "done_reason": "stop", "response": "", **METRICS},
    ]


class Slow(FakeStream):
    """One event at a time."""

    def drain(self, gather_s: float = 0.0) -> list[Any]:
        return []


@pytest.mark.parametrize(("path", "body"), [("/api/generate", {"prompt": "hi"}), ("/api/chat", {"messages": [USER]})])
def test_progress_is_told_to_who_asks(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any]
) -> None:
    monkeypatch.setattr("omm.api.ollama.routes.PROGRESS_S", 0.0)
    steps = [PromptProgress(done=done, total=9, cached=2) for done in (2, 5)]
    inference.stream = lambda: Slow(PromptProgress(done=0, total=0), *steps, *answer("x"))
    asked = {"model": "tiny", **body}
    first, second, *rest = lines(client.simulate_post(path, json={**asked, "return_progress": True}))
    assert first["prompt_progress"] == {"total": 9, "cache": 2, "processed": 2}
    assert second["prompt_progress"] == {"total": 9, "cache": 2, "processed": 5}
    assert not first["done"]
    assert rest == lines(client.simulate_post(path, json=asked))
    assert all("prompt_progress" not in line for line in rest)
    folded = whole(client.simulate_post(path, json={**asked, "return_progress": True, "stream": False}))
    assert "prompt_progress" not in folded


def test_generate_folds_the_same_events(client: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(ThinkingDelta(text="Hm."), *answer("a", "b", tokens=(1, 2, 3)))
    result = client.simulate_post("/api/generate", json={"model": "tiny", "prompt": "hi", "stream": False})
    assert whole(result) == {
        "model": "tiny",
        "done": True,
        "done_reason": "stop",
        "response": "ab",
        "thinking": "Hm.",
        "context": [1, 2, 3],
        **METRICS,
    }


def test_chat_streams_thinking_text_and_tool_calls_in_their_own_chunks(
    client: TestClient, inference: FakeInference
) -> None:
    inference.stream = lambda: FakeStream(
        PromptProgress(done=3, total=7),
        ThinkingDelta(text="Hm. "),
        ThinkingDelta(text="Yes."),
        TextDelta(text="Let me"),
        TextDelta(text=" see"),
        ToolCall(id="call_abcdefgh", name="weather", arguments={"city": "Ōsaka"}),
        ToolCall(id="call_12345678", name="broken", arguments="{city", index=1),
        Finished(reason="stop", usage=USAGE),
    )
    result = client.simulate_post("/api/chat", json={"model": "tiny", "messages": [USER]})

    def chunk(**message: Any) -> dict[str, Any]:
        return {"model": "tiny", "done": False, "message": {"role": "assistant", "content": "", **message}}

    def call(identity: str, **function: Any) -> dict[str, Any]:
        return chunk(tool_calls=[{"id": identity, "function": function}])

    assert lines(result) == [
        chunk(thinking="Hm. Yes."),
        chunk(content="Let me see"),
        call("call_abcdefgh", index=0, name="weather", arguments={"city": "Ōsaka"}),
        call("call_12345678", index=1, name="broken", arguments={"_raw": "{city"}),
        {**chunk(), "done": True, "done_reason": "stop", **METRICS},
    ]


def test_chat_folds_the_same_events(client: TestClient, inference: FakeInference) -> None:
    call = ToolCall(id="call_abcdefgh", name="weather", arguments={"city": "Rome"})
    inference.stream = lambda: FakeStream(TextDelta(text="See: "), call, *answer("done", reason="length"))
    result = client.simulate_post("/api/chat", json={"model": "tiny", "messages": [USER], "stream": False})
    function = {"index": 0, "name": "weather", "arguments": {"city": "Rome"}}
    message = {
        "role": "assistant",
        "content": "See: done",
        "tool_calls": [{"id": "call_abcdefgh", "function": function}],
    }
    assert whole(result) == {"model": "tiny", "done": True, "done_reason": "length", "message": message, **METRICS}


def test_logprobs_have_bytes_and_alternatives(client: TestClient, inference: FakeInference) -> None:
    other = TopLogprob(token="Yo", logprob=-1.5, data=b"Yo")
    token = TokenLogprob(token="é", logprob=-0.5, data="é".encode(), top=(other,))
    inference.stream = lambda: FakeStream(TextDelta(text="é", logprobs=(token, token)), *answer())
    asked = {"model": "tiny", "messages": [USER], "logprobs": True, "top_logprobs": 1}
    first, last = lines(client.simulate_post("/api/chat", json=asked))
    shown = {"token": "é", "logprob": -0.5, "bytes": [195, 169]}
    assert first["logprobs"] == [{**shown, "top_logprobs": [{"token": "Yo", "logprob": -1.5, "bytes": [89, 111]}]}] * 2
    assert "logprobs" not in last
    assert (inference.request.logprobs, inference.request.top_logprobs) == (True, 1)


def test_a_request_reaches_the_service_whole(client: TestClient, inference: FakeInference) -> None:
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"b": 1, "a": 2}}}
    client.simulate_post(
        "/api/chat",
        json={
            "name": "tiny",
            "messages": [
                {"role": "System", "content": "Be kind."},
                {"role": "user", "content": "Weather?", "images": ["aGk="]},
                {
                    "role": "assistant",
                    "thinking": "Hm",
                    "tool_calls": [{"id": "c1", "function": {"name": "weather", "arguments": {"city": "Rome"}}}],
                },
                {"role": "tool", "content": "sunny", "tool_name": "weather", "tool_call_id": "c1"},
            ],
            "tools": [tool],
            "format": {"type": "object"},
            "think": "high",
            "keep_alive": "10m",
            "truncate": False,
            "shift": True,
            "options": {"temperature": 1, "num_ctx": 4096.0, "stop": "END", "unheard_of": [1], "seed": None},
            "parameters": {"temperature": 2, "top_k": 5, "logit_bias": {"17": -3}},
            "unknown_field": {"x": 1},
        },
    )
    request = inference.request
    assert request.model == "tiny"
    assert request.messages == (
        Message(role="system", content="Be kind."),
        Message(role="user", content="Weather?", images=(b"hi",)),
        Message(
            role="assistant",
            thinking="Hm",
            tool_calls=(ToolCall(id="c1", name="weather", arguments={"city": "Rome"}),),
        ),
        Message(role="tool", content="sunny", tool_name="weather", tool_call_id="c1"),
    )
    assert request.tools[0].name == "weather"
    assert list(request.tools[0].spec["function"]["parameters"]) == ["b", "a"]
    assert (request.format, request.think, request.keep_alive_s) == ({"type": "object"}, "high", 600.0)
    assert (request.truncate, request.shift) == (False, True)
    assert request.options == Options(temperature=1.0, num_ctx=4096, stop=("END",), top_k=5, logit_bias={17: -3.0})


@pytest.mark.parametrize(
    ("lora", "adapters"),
    [
        (None, None),
        ([], ()),
        ([{"name": "a", "scale": 0.5}, {"name": "b"}], (AdapterChoice(name="a", scale=0.5), AdapterChoice(name="b"))),
    ],
)
def test_adapters_reach_the_service(client: TestClient, inference: FakeInference, lora: Any, adapters: Any) -> None:
    client.simulate_post("/api/chat", json={"model": "tiny", "messages": [{"role": "user"}], "lora": lora})
    assert inference.request.adapters == adapters
    client.simulate_post("/api/generate", json={"model": "tiny", "prompt": "Hi", "lora": lora})
    assert inference.request.adapters == adapters


def test_an_adapter_without_a_name_is_refused(client: TestClient) -> None:
    result = client.simulate_post("/api/generate", json={"model": "tiny", "prompt": "Hi", "lora": [{"scale": 0.5}]})
    assert result.status_code == 400
    assert "lora" in result.json["error"]


def test_a_completion_reaches_the_service_whole(client: TestClient, inference: FakeInference) -> None:
    body = {"model": "tiny", "prompt": "def f(", "suffix": "return 1", "system": "s", "context": [1, 2]}
    client.simulate_post("/api/generate", json={**body, "images": ["aGk="], "think": False, "format": "json"})
    request = inference.request
    assert (request.prompt, request.suffix, request.system, request.context) == ("def f(", "return 1", "s", (1, 2))
    assert (request.images, request.think, request.format, request.raw) == ((b"hi",), False, "json", False)


def test_curls_content_type_does_not_matter(client: TestClient) -> None:
    result = client.simulate_post(
        "/api/generate",
        body='{"model": "tiny", "prompt": "hi", "stream": false}\n',
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert whole(result)["response"] == "Hello there"


@pytest.mark.parametrize("long", [1e300, 2**63, "9999999h", "9" * 400 + "h"])
def test_longer_than_timers_can_wait_is_for_ever(client: TestClient, inference: FakeInference, long: Any) -> None:
    client.simulate_post("/api/generate", json={"model": "tiny", "keep_alive": long})
    assert inference.calls == [("load", "tiny", Options(), -1.0)]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/api/generate", {"prompt": ""}, {"response": ""}),
        ("/api/generate", {"system": "s", "images": ["aGk="]}, {"response": ""}),
        ("/api/chat", {"messages": []}, {"message": {"role": "assistant", "content": ""}}),
        ("/api/chat", {}, {"message": {"role": "assistant", "content": ""}}),
    ],
)
def test_nothing_to_say_loads_or_unloads(
    client: TestClient, inference: FakeInference, path: str, body: dict[str, Any], said: dict[str, Any]
) -> None:
    body = {"model": "tiny", "options": {"num_ctx": 512}, **body}
    loaded = whole(client.simulate_post(path, json={**body, "keep_alive": -1}))
    assert loaded == {"model": "tiny", "done": True, "done_reason": "load", **said}
    assert inference.calls.pop() == ("load", "tiny", Options(num_ctx=512), -1.0)

    unloaded = whole(client.simulate_post(path, json={**body, "keep_alive": 0}))
    assert unloaded == {"model": "tiny", "done": True, "done_reason": "unload", **said}
    assert inference.calls.pop() == ("unload", "tiny")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/generate", {"prompt": "hi", "images": ["aGk="]}),
        ("/api/chat", {"messages": [{**USER, "images": ["aGk="]}]}),
    ],
)
def test_debug_render_shows_the_prompt_and_runs_nothing(
    client: TestClient, inference: FakeInference, path: str, body: dict[str, Any]
) -> None:
    shown = whole(client.simulate_post(path, json={"model": "tiny", "_debug_render_only": True, **body}))
    assert shown["_debug_info"] == {"rendered_template": "<|im_start|>user", "image_count": 1}
    assert [call[0] for call in inference.calls] == ["render"]


# --- embeddings -------------------------------------------------------------------------------------------------


def test_embed(client: TestClient, inference: FakeInference) -> None:
    body = {"model": "tiny", "input": ["a", "b"], "truncate": False, "dimensions": 8, "keep_alive": "1h"}
    result = client.simulate_post("/api/embed", json={**body, "options": {"num_ctx": 64}})
    assert result.json == {
        "model": "tiny",
        "embeddings": [[0.5, -0.25]],
        "total_duration": 90,
        "load_duration": 10,
        "prompt_eval_count": 4,
    }
    request = inference.request
    assert (request.inputs, request.truncate, request.dimensions, request.normalize) == (("a", "b"), False, 8, True)
    assert (request.keep_alive_s, request.options) == (3600.0, Options(num_ctx=64))


@pytest.mark.parametrize(("value", "inputs"), [("one", ("one",)), ("", ()), ([], ()), (None, ()), ([""], ("",))])
def test_embed_inputs(client: TestClient, inference: FakeInference, value: Any, inputs: tuple[str, ...]) -> None:
    inference.embeddings = Embeddings(vectors=())
    result = client.simulate_post("/api/embed", json={"model": "tiny", "input": value})
    assert result.json == {"model": "tiny", "embeddings": []}
    assert inference.request.inputs == inputs


def test_old_embeddings_are_raw(client: TestClient, inference: FakeInference) -> None:
    result = client.simulate_post("/api/embeddings", json={"model": "tiny", "prompt": "a"})
    assert result.json == {"embedding": [0.5, -0.25]}
    assert (inference.request.inputs, inference.request.normalize) == (("a",), False)


def test_old_embeddings_of_nothing(client: TestClient, inference: FakeInference) -> None:
    inference.embeddings = Embeddings(vectors=())
    assert client.simulate_post("/api/embeddings", json={"model": "tiny"}).json == {"embedding": []}


# --- errors -----------------------------------------------------------------------------------------------------

GENERATE = {"model": "tiny", "prompt": "hi"}
CHAT = {"model": "tiny", "messages": [USER]}
THINK = '"high", "medium", "low", "max", true, or false'


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/api/generate", {"prompt": "hi"}, 404, "model '' not found"),
        ("/api/chat", {"messages": [USER]}, 400, "model is required"),
        ("/api/embed", {"input": "a"}, 404, "model '' not found, try pulling it first"),
        ("/api/embeddings", {"prompt": "a"}, 400, "model is required"),
        ("/api/embed", {"model": "tiny", "input": 3}, 400, "invalid input type"),
        ("/api/embed", {"model": "tiny", "input": ["a", 3]}, 400, "invalid input type"),
        (
            "/api/generate",
            {**GENERATE, "raw": True, "system": "s"},
            400,
            "raw mode does not support template, system, or context",
        ),
        ("/api/chat", {**CHAT, "top_logprobs": 21}, 400, "top_logprobs must be between 0 and 20"),
        ("/api/chat", {**CHAT, "think": "loud"}, 400, f'invalid think value: "loud" (must be {THINK})'),
        ("/api/chat", {**CHAT, "think": 1}, 400, f"think must be a boolean or string ({THINK})"),
        (
            "/api/chat",
            {**CHAT, "format": "xml"},
            400,
            'invalid format: "xml"; expected "json" or a valid JSON Schema object',
        ),
        ("/api/chat", {**CHAT, "keep_alive": "300"}, 400, 'time: missing unit in duration "300"'),
        ("/api/chat", {**CHAT, "keep_alive": True}, 400, "Unsupported type: 'bool'"),
        ("/api/chat", {**CHAT, "keep_alive": []}, 400, "Unsupported type: '[]interface {}'"),
        ("/api/chat", {**CHAT, "options": {"num_ctx": "big"}}, 400, 'option "num_ctx" must be of type integer'),
        ("/api/chat", {**CHAT, "options": {"num_ctx": True}}, 400, 'option "num_ctx" must be of type integer'),
        ("/api/chat", {**CHAT, "options": {"top_p": "x"}}, 400, 'option "top_p" must be of type float32'),
        ("/api/chat", {**CHAT, "options": {"use_mmap": 1}}, 400, 'option "use_mmap" must be of type boolean'),
        ("/api/chat", {**CHAT, "options": {"stop": [1]}}, 400, 'option "stop" must be of an array of strings'),
        ("/api/chat", {"model": "tiny", "messages": [{**USER, "content": ["x"]}]}, 400, None),
        ("/api/chat", {"model": "tiny", "messages": [{"content": "x"}]}, 400, None),
        ("/api/chat", {**CHAT, "tools": [{"type": "function"}]}, 400, None),
        ("/api/chat", {**CHAT, "options": []}, 400, None),
        (
            "/api/chat",
            {"model": "tiny", "messages": [{**USER, "images": ["aG*="]}]},
            400,
            "illegal base64 data at input byte 2",
        ),
        ("/api/generate", {**GENERATE, "images": ["aGk"]}, 400, "illegal base64 data at input byte 3"),
    ],
)
def test_bad_requests(client: TestClient, path: str, body: dict[str, Any], status: int, message: str | None) -> None:
    result = client.simulate_post(path, json=body)
    assert result.status_code == status
    assert result.headers["content-type"] == "application/json; charset=utf-8"
    assert list(result.json) == ["error"]
    assert message is None or result.json["error"] == message


@pytest.mark.parametrize("path", ["/api/generate", "/api/chat", "/api/show", "/api/pull", "/api/create"])
@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "missing request body"),
        (b"  \n", "missing request body"),
        (b"{", "invalid JSON"),
        (b"model=tiny", "invalid JSON"),
        (b'{"model": "\xff"}', "invalid JSON"),
        (b'{"x": ' + b"[" * 100_000, "invalid JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
    ],
)
def test_bad_bodies(client: TestClient, path: str, raw: bytes, message: str) -> None:
    result = client.simulate_post(path, body=raw)
    assert result.status_code == 400
    assert message in result.json["error"]


def test_an_error_names_the_path_of_the_field(client: TestClient) -> None:
    result = client.simulate_post("/api/chat", json={"model": "tiny", "messages": [USER, {**USER, "content": 7}]})
    assert result.json["error"] == "Expected `str | null`, got `int` - at `$.messages[1].content`"


@pytest.mark.parametrize(
    ("raised", "status", "message"),
    [
        (NotFound("model 'x' not found"), 404, "model 'x' not found"),
        (InvalidRequest("invalid model name"), 400, "invalid model name"),
        (ContextExceeded("too long"), 400, "too long"),
        (Unsupported('"x" does not support thinking'), 400, '"x" does not support thinking'),
        (Busy("server busy"), 503, "server busy"),
    ],
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/generate", {"prompt": "hi"}),
        ("/api/generate", {}),
        ("/api/generate", {"keep_alive": 0}),
        ("/api/generate", {"prompt": "hi", "stream": False}),
        ("/api/chat", {"messages": [USER]}),
        ("/api/chat", {"messages": [USER], "_debug_render_only": True}),
        ("/api/embed", {"input": "a"}),
        ("/api/embeddings", {"prompt": "a"}),
    ],
)
def test_early_errors_choose_the_status(
    client: TestClient, inference: FakeInference, raised: Any, status: int, message: str, path: str, body: Any
) -> None:
    inference.raises = raised
    result = client.simulate_post(path, json={"model": "x", **body})
    assert (result.status_code, result.json) == (status, {"error": message})
    assert result.headers.get("retry-after") == ("1" if status == 503 else None)


@pytest.mark.parametrize("stream", [True, False])
def test_a_failure_before_the_first_word_chooses_the_status(
    client: TestClient, inference: FakeInference, stream: bool
) -> None:
    failed = Failed(code="out_of_memory", message="the model does not fit")
    inference.stream = lambda: FakeStream(PromptProgress(done=1, total=2), failed)
    result = client.simulate_post("/api/chat", json={**CHAT, "stream": stream})
    assert (result.status_code, result.json) == (500, {"error": "the model does not fit"})
    assert inference.streams[0].closed.is_set()


def test_a_failure_after_it_is_the_last_line(client: TestClient, inference: FakeInference) -> None:
    failed = Failed(code="engine_failed", message="the runner died")
    inference.stream = lambda: FakeStream(TextDelta(text="Hel"), failed)
    result = client.simulate_post("/api/chat", json=CHAT)
    assert result.status_code == 200
    first, last = [json.loads(line) for line in result.text.splitlines()]
    assert first["message"]["content"] == "Hel"
    assert last == {"error": "the runner died", "code": "engine_failed"}
    assert inference.streams[0].closed.is_set()


def test_without_a_stream_a_late_failure_is_the_answer(client: TestClient, inference: FakeInference) -> None:
    failed = Failed(code="engine_failed", message="the runner died")
    inference.stream = lambda: FakeStream(TextDelta(text="Hel"), failed)
    result = client.simulate_post("/api/chat", json={**CHAT, "stream": False})
    assert (result.status_code, result.json) == (500, {"error": "the runner died"})
    assert inference.streams[0].closed.is_set()


@pytest.mark.parametrize("stream", [True, False])
def test_a_good_stream_is_closed_once(client: TestClient, inference: FakeInference, stream: bool) -> None:
    client.simulate_post("/api/chat", json={**CHAT, "stream": stream})
    assert inference.streams[0].num_closes == 1


# --- the small routes -------------------------------------------------------------------------------------------


def test_root_says_what_clients_look_for(client: TestClient) -> None:
    result = client.simulate_get("/")
    assert (result.status_code, result.text) == (200, "Ollama is running")
    assert result.headers["content-type"].startswith("text/plain")
    assert client.simulate_head("/").status_code == 200


def test_version_and_status(client: TestClient) -> None:
    told = client.simulate_get("/api/version").json
    assert told["omm"] == omm.__version__
    # What clients were seen to demand: VS Code 0.6.4, Continue 0.6.5, others up to 0.14.2.
    assert tuple(map(int, told["version"].split("."))) >= (0, 14, 2)
    assert client.simulate_head("/api/version").status_code == 200
    assert client.simulate_get("/api/status").json == {"cloud": {"disabled": True, "source": "none"}}
