"""chat/completions: every field's handling, and the shapes of whole and streamed answers."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient
from msgspec import UNSET

from omm.api.openai import render
from omm.api.openai.schema import ChatBody
from omm.errors import Busy, ContextExceeded, InvalidRequest, LoadFailed
from omm.types import (
    ChatRequest,
    Failed,
    Finished,
    Grammar,
    Message,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    TokenLogprob,
    Tool,
    ToolCall,
    ToolCallDelta,
    ToolChoice,
    TopLogprob,
    Usage,
)
from tests.fakes import FakeInference, FakeLibrary, FakeStream, answer, record

PATH = "/v1/chat/completions"
USER = {"role": "user", "content": "hi"}
USAGE_REPLY = {
    "prompt_tokens": 7,
    "completion_tokens": 2,
    "total_tokens": 9,
    "prompt_tokens_details": {"cached_tokens": 3, "audio_tokens": 0},
    "completion_tokens_details": {
        "reasoning_tokens": 0,
        "audio_tokens": 0,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    },
}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
CALL = (
    ToolCallDelta(index=2, id="call_1", name="f"),
    ToolCallDelta(index=2, id="call_1", name="f", arguments='{"a":'),
    ToolCallDelta(index=2, id="call_1", name="f", arguments="1}"),
    ToolCall(index=2, id="call_1", name="f", arguments={"a": 1}),
)
LOGPROB = TokenLogprob(token="H", logprob=-0.5, data=b"H", top=(TopLogprob(token="H", logprob=-0.5, data=b"H"),))
LOGPROB_REPLY = {"token": "H", "logprob": -0.5, "bytes": [72]}


def ask(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post(PATH, json={"model": "tiny", "messages": [USER], **fields})


def frames(result: Result) -> list[Any]:
    """What the events of a stream hold; comments and the end as text."""
    assert result.status_code == 200
    assert result.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert result.headers["cache-control"] == "no-cache"
    assert result.headers["x-accel-buffering"] == "no"
    assert result.text.endswith("\n\n")
    events = [event.removeprefix("data: ") for event in result.text[:-2].split("\n\n")]
    return [json.loads(event) if event.startswith("{") else event for event in events]


def stream(client: TestClient, **fields: Any) -> list[Any]:
    return frames(ask(client, stream=True, **fields))


def choices(events: list[Any]) -> list[Any]:
    """The one choice of each chunk, without the constants."""
    return [
        (chunk["choices"][0]["delta"], chunk["choices"][0]["finish_reason"])
        for chunk in events
        if isinstance(chunk, dict)
    ]


def says(inference: FakeInference, *events: Any) -> None:
    inference.stream = lambda: FakeStream(*events)


# --- whole ------------------------------------------------------------------------------------------------------


def test_the_whole_answer(client: TestClient) -> None:
    result = ask(client)
    assert result.headers["content-type"] == "application/json; charset=utf-8"
    body = result.json
    assert re.fullmatch(r"chatcmpl-[0-9a-f]{24}", body.pop("id"))
    assert re.fullmatch(r"fp_[0-9a-f]{10}", body.pop("system_fingerprint"))
    assert isinstance(body.pop("created"), int)
    assert body == {
        "object": "chat.completion",
        "model": "tiny",
        "service_tier": "default",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello there", "refusal": None, "annotations": []},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": USAGE_REPLY,
    }


def test_the_fingerprint_is_that_of_the_model(client: TestClient, library: FakeLibrary) -> None:
    assert ask(client).json["system_fingerprint"] == ask(client, seed=3).json["system_fingerprint"]
    library.records["other"] = record("other")
    before = ask(client, model="other").json["system_fingerprint"]
    library.records["other"] = record_with(record("other"), digest="b" * 64)
    assert ask(client, model="other").json["system_fingerprint"] != before


@pytest.mark.parametrize(("reason", "shown"), [("stop", "stop"), ("length", "length")])
def test_finish_reasons(client: TestClient, inference: FakeInference, reason: str, shown: str) -> None:
    says(inference, *answer("x", reason=reason))
    assert ask(client).json["choices"][0]["finish_reason"] == shown


def test_calls(client: TestClient, inference: FakeInference) -> None:
    says(inference, *CALL, ToolCall(index=3, id="call_2", name="g", arguments={}), *answer())
    choice = ask(client, tools=[TOOL]).json["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
        {"id": "call_2", "type": "function", "function": {"name": "g", "arguments": "{}"}},
    ]


def test_text_before_a_call_is_kept(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="Let me see."), *CALL, *answer())
    assert ask(client, tools=[TOOL]).json["choices"][0]["message"]["content"] == "Let me see."


def test_a_call_that_the_limit_cut_is_none_to_act_on(client: TestClient, inference: FakeInference) -> None:
    says(inference, ToolCall(id="c", name="f", arguments='{"a'), *answer(reason="length"))
    assert ask(client, tools=[TOOL]).json["choices"][0]["finish_reason"] == "length"


def test_reasoning_has_two_names_and_is_counted(client: TestClient, inference: FakeInference) -> None:
    end = Finished(reason="stop", usage=Usage(prompt_tokens=1, output_tokens=5, reasoning_tokens=3))
    says(inference, ThinkingDelta(text="Hm"), ThinkingDelta(text="m."), TextDelta(text="Yes"), end)
    body = ask(client).json
    message = body["choices"][0]["message"]
    assert (message["reasoning"], message["reasoning_content"], message["content"]) == ("Hmm.", "Hmm.", "Yes")
    assert body["usage"]["completion_tokens_details"]["reasoning_tokens"] == 3


def test_log_probabilities(client: TestClient, inference: FakeInference) -> None:
    thought = ThinkingDelta(text="t", logprobs=(LOGPROB,))
    says(inference, thought, TextDelta(text="H", logprobs=(LOGPROB,)), *answer())
    found = ask(client, logprobs=True, top_logprobs=1).json["choices"][0]["logprobs"]
    assert found == {"content": [{**LOGPROB_REPLY, "top_logprobs": [LOGPROB_REPLY]}], "refusal": None}
    assert (inference.request.logprobs, inference.request.top_logprobs) == (True, 1)
    assert ask(client, logprobs=False).json["choices"][0]["logprobs"] is None


def test_a_random_seed_is_one_for_every_choice(client: TestClient, inference: FakeInference) -> None:
    ask(client, n=3, options={"seed": -1})
    assert [call[1].options.seed for call in inference.calls] == [-1, -1, -1]


def test_choices_differ_in_seed_where_the_model_has_one(
    client: TestClient, inference: FakeInference, library: FakeLibrary
) -> None:
    record = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(record, parameters={"seed": 5})
    ask(client)
    ask(client, n=3)
    ask(client, n=2, seed=9)
    assert [call[1].options.seed for call in inference.calls] == [None, 5, 6, 7, 9, 10]


def test_several_choices_share_a_prompt_and_differ_in_seed(client: TestClient, inference: FakeInference) -> None:
    body = ask(client, n=3, seed=5).json
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]
    assert [call[1].options.seed for call in inference.calls] == [5, 6, 7]
    assert body["usage"]["prompt_tokens"] == 7
    assert body["usage"]["prompt_tokens_details"]["cached_tokens"] == 3
    assert body["usage"]["completion_tokens"] == 6
    assert body["usage"]["total_tokens"] == 13
    assert all(started.closed.is_set() for started in inference.streams)


def test_metadata_comes_back(client: TestClient) -> None:
    assert ask(client, metadata={"a": "b"}).json["metadata"] == {"a": "b"}


# --- streamed ---------------------------------------------------------------------------------------------------


def test_a_stream(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="Hm"), TextDelta(text="Yes"), *answer())
    events = stream(client)
    assert events.pop() == "[DONE]"
    assert len({(chunk["id"], chunk["created"], chunk["system_fingerprint"]) for chunk in events}) == 1
    assert {(chunk["object"], chunk["model"]) for chunk in events} == {("chat.completion.chunk", "tiny")}
    assert all("usage" not in chunk for chunk in events)
    assert all(chunk["choices"][0]["logprobs"] is None for chunk in events)
    assert choices(events) == [
        ({"role": "assistant", "content": ""}, None),
        ({"reasoning": "Hm", "reasoning_content": "Hm"}, None),
        ({"content": "Yes"}, None),
        ({}, "stop"),
    ]
    assert inference.streams[0].closed.is_set()


def test_usage_comes_last_and_is_null_before(client: TestClient) -> None:
    events = stream(client, stream_options={"include_usage": True, "include_obfuscation": True})
    assert events[-1] == "[DONE]"
    assert (events[-2]["choices"], events[-2]["usage"]) == ([], USAGE_REPLY)
    assert all(chunk["usage"] is None for chunk in events[:-2])


def test_calls_are_streamed_in_pieces(client: TestClient, inference: FakeInference) -> None:
    says(inference, *CALL, ToolCall(index=4, id="call_2", name="g", arguments={}), *answer())
    events = stream(client, tools=[TOOL])
    pieces = [delta["tool_calls"][0] for delta, _ in choices(events) if "tool_calls" in delta]
    assert pieces == [
        {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"a":'}},
        {"index": 0, "function": {"arguments": "1}"}},
        {"index": 1, "id": "call_2", "type": "function", "function": {"name": "g", "arguments": ""}},
        {"index": 1, "function": {"arguments": "{}"}},
    ]
    assert choices(events)[-1] == ({}, "tool_calls")


def test_streamed_log_probabilities_go_with_their_text(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="H", logprobs=(LOGPROB,)), ThinkingDelta(text="t", logprobs=(LOGPROB,)), *answer())
    events = stream(client, logprobs=True)
    assert events[1]["choices"][0]["logprobs"]["content"][0]["token"] == "H"
    assert events[2]["choices"][0]["logprobs"] is None


def test_choices_open_in_order_and_all_end(client: TestClient, inference: FakeInference) -> None:
    events = stream(client, n=3, stream_options={"include_usage": True})
    chunks = [chunk["choices"][0] for chunk in events[:-2]]
    assert [chunk["index"] for chunk in chunks[:3]] == [0, 1, 2]
    assert all(chunk["delta"] == {"role": "assistant", "content": ""} for chunk in chunks[:3])
    assert sorted(chunk["index"] for chunk in chunks if chunk["finish_reason"]) == [0, 1, 2]
    assert "".join(c["delta"].get("content", "") for c in chunks if c["index"] == 1) == "Hello there"
    assert events[-2]["usage"]["completion_tokens"] == 6
    assert all(started.closed.is_set() for started in inference.streams)


def test_a_silent_choice_does_not_hold_up_the_others(client: TestClient, inference: FakeInference) -> None:
    silent, quick = FakeStream(), FakeStream(TextDelta(text="a"))

    class Waking(FakeStream):
        """Speaks when the quick one was read."""

        def next(self, timeout_s: float) -> Any:
            if quick._queue.empty():
                silent.push(*answer("late"))
                quick.push(*answer("b"))
            return silent.next(timeout_s)

    streams = iter([Waking(), quick])
    inference.stream = lambda: next(streams)
    indexes = [c["choices"][0]["index"] for c in stream(client, n=2)[2:-1]]
    assert indexes[0] == 1


def test_a_failure_in_the_stream_ends_it_without_done(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="x"), Failed(code="engine_failed", message="the engine broke"))
    events = stream(client)
    assert events[-1] == {"error": {"message": "the engine broke", "type": "server_error", "param": None, "code": None}}
    assert "[DONE]" not in events


def test_a_failing_choice_ends_all(client: TestClient, inference: FakeInference) -> None:
    streams = iter([FakeStream(*answer("x")), FakeStream(Failed(code="engine_failed", message="broke"))])
    inference.stream = lambda: next(streams)
    result = ask(client, n=2)
    assert (result.status_code, result.json["error"]["message"]) == (500, "broke")
    assert all(started.closed.is_set() for started in inference.streams)


def test_a_failure_before_the_first_token_has_its_status(client: TestClient, inference: FakeInference) -> None:
    says(inference, Failed(code="context_length_exceeded", message="too long"))
    result = ask(client, stream=True)
    assert result.status_code == 400
    assert result.json["error"] == {
        "message": "too long",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }


def test_when_one_of_several_cannot_start_none_runs(client: TestClient, inference: FakeInference) -> None:
    def start() -> FakeStream:
        if inference.streams:
            raise Busy("full")
        return FakeStream()

    inference.stream = start
    result = ask(client, n=2)
    assert (result.status_code, result.headers["retry-after"]) == (503, "1")
    assert inference.streams[0].closed.is_set()


def test_progress_is_told_to_who_asks(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omm.api.openai.streams.PROGRESS_S", 0.0)
    monkeypatch.setattr("omm.api.openai.streams.BEAT_S", 0.0)

    class Slow(FakeStream):
        """One event at a time."""

        def drain(self, gather_s: float = 0.0) -> list[Any]:
            return []

    inference.stream = lambda: Slow(PromptProgress(done=5, total=9, cached=2), *answer("x"))
    events = stream(client, return_progress=True)
    assert events[1]["prompt_progress"] == {"total": 9, "cache": 2, "processed": 5}
    assert events[1]["choices"][0]["delta"] == {}
    events = stream(client)
    assert events[1] == ": keep-alive"
    assert [chunk for chunk in events if "prompt_progress" in chunk] == []


def test_no_progress_is_told_of_a_prompt_that_is_read() -> None:
    head = render.Head(id="i", created=0, model="m", fingerprint="f")
    read = PromptProgress(done=9, total=9)
    events = [(0, event) for event in (read, TextDelta(text="x"), read, *answer())]
    chunks = list(render.chat_chunks(events, head, render.Form(wants_progress=True)))
    assert [chunk and chunk.prompt_progress is not UNSET for chunk in chunks] == [False, True, False, None, False]


# --- options ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "option", "internal"),
    [
        ("temperature", 0, "temperature", 0.0),
        ("temperature", 2, "temperature", 2.0),
        ("top_p", 0, "top_p", 0.0),
        ("frequency_penalty", -2, "frequency_penalty", -2.0),
        ("presence_penalty", 2, "presence_penalty", 2.0),
        ("seed", 17, "seed", 17),
        ("seed", -1, "seed", 2**32 - 2),
        ("stop", "END", "stop", ("END",)),
        ("stop", ["a", "", "b"], "stop", ("a", "b")),
        ("max_tokens", 5, "num_predict", 5),
        ("max_completion_tokens", 6, "num_predict", 6),
        ("logit_bias", {"17": -100, "3": 1.5}, "logit_bias", {17: -100.0, 3: 1.5}),
        ("top_k", 3, "top_k", 3),
        ("min_p", 0.1, "min_p", 0.1),
        ("typical_p", 0.5, "typical_p", 0.5),
        ("repeat_penalty", 1.2, "repeat_penalty", 1.2),
        ("repeat_last_n", 8, "repeat_last_n", 8),
        ("mirostat", 1, "mirostat", 1),
        ("mirostat_eta", 0.2, "mirostat_eta", 0.2),
        ("mirostat_tau", 4, "mirostat_tau", 4.0),
        ("min_tokens", 2, "min_tokens", 2),
        ("ignore_eos", True, "ignore_eos", True),
        ("cache_prompt", False, "cache_prompt", False),
        ("num_ctx", 512, "num_ctx", 512),
        ("options", {"temperature": 0.3, "num_predict": 4}, "num_predict", 4),
        ("parameters", {"top_k": 9}, "top_k", 9),
    ],
)
def test_a_field_is_an_option(
    client: TestClient, inference: FakeInference, field: str, value: Any, option: str, internal: Any
) -> None:
    assert ask(client, **{field: value}).status_code == 200
    assert getattr(inference.request.options, option) == internal


def test_a_field_wins_over_options_and_they_over_parameters(client: TestClient, inference: FakeInference) -> None:
    ask(
        client,
        temperature=0.1,
        max_tokens=1,
        max_completion_tokens=2,
        options={"temperature": 0.2, "top_k": 2, "num_predict": 9},
        parameters={"temperature": 0.3, "top_k": 3, "min_p": 0.3},
    )
    found = inference.request.options
    assert (found.temperature, found.top_k, found.min_p, found.num_predict) == (0.1, 2, 0.3, 2)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"top_p": 1.1}, "top_p"),
        ({"top_p": -0.1}, "top_p"),
        ({"frequency_penalty": 2.1}, "frequency_penalty"),
        ({"frequency_penalty": -2.1}, "frequency_penalty"),
        ({"presence_penalty": 2.1}, "presence_penalty"),
        ({"presence_penalty": -2.1}, "presence_penalty"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_completion_tokens": 2**31}, "max_completion_tokens"),
        ({"max_completion_tokens": 0}, "max_completion_tokens"),
        ({"n": 0}, "n"),
        ({"n": 9}, "n"),
        ({"seed": "x"}, "seed"),
        ({"stop": ["x"] * 17}, "stop"),
        ({"stop": ["x", 3]}, "stop[1]"),
        ({"logit_bias": {"x": 1}}, "logit_bias"),
        ({"logit_bias": {"1": 101}}, "logit_bias.1"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"top_logprobs": 1}, "top_logprobs"),
        ({"options": {"top_k": "x"}}, "options.top_k"),
        ({"reasoning_effort": "very"}, "reasoning_effort"),
        ({"reasoning": {"effort": "very"}}, "reasoning.effort"),
        ({"thinking_budget": -1}, "thinking_budget"),
        ({"thinking_budget": 10**30}, "thinking_budget"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a b"}}},
            "response_format.json_schema.name",
        ),
        ({"format": 3}, "format"),
        ({"regex": "a", "lark": "b"}, "grammar"),
        ({"keep_alive": "soon"}, "keep_alive"),
        ({"tool_choice": "maybe"}, "tool_choice"),
        ({"tool_choice": {"type": "custom", "custom": {"name": "x"}}}, "tool_choice"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"tools": [TOOL, {"type": "function", "function": {"name": ""}}]}, "tools[1].function.name"),
        ({"functions": [{"description": "x"}]}, "functions[0].name"),
        ({"function_call": 3}, "function_call"),
        ({"model": ""}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_what_is_out_of_range_is_refused(
    client: TestClient, inference: FakeInference, fields: dict[str, Any], param: str
) -> None:
    result = ask(client, **fields)
    assert result.status_code == 400
    error = result.json["error"]
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "invalid_value", param)
    assert inference.calls == []


@pytest.mark.parametrize("field", ["model", "messages"])
def test_required_fields(client: TestClient, field: str) -> None:
    body = {"model": "tiny", "messages": [USER]}
    del body[field]
    error = client.simulate_post(PATH, json=body).json["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("audio", {"voice": "x"}),
        ("web_search_options", {}),
        ("moderation", {"model": "x"}),
        ("modalities", ["text", "audio"]),
    ],
)
def test_what_is_never_supported_is_refused(client: TestClient, field: str, value: Any) -> None:
    error = ask(client, **{field: value}).json["error"]
    assert (error["code"], error["param"]) == ("unsupported_parameter", field)


def test_what_has_no_effect_is_taken(client: TestClient, inference: FakeInference) -> None:
    ignored = {
        "user": "u",
        "safety_identifier": "s",
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
        "store": True,
        "service_tier": "flex",
        "verbosity": "low",
        "prediction": {"type": "content", "content": "x"},
        "modalities": ["text"],
        "nobody_knows": [{"this": 1}],
    }
    assert ask(client, **ignored).json["service_tier"] == "default"
    assert inference.request == ChatRequest(model="tiny", messages=(Message(role="user", content="hi"),))


def test_null_means_absent(client: TestClient, inference: FakeInference) -> None:
    nulls = {name: None for name in ChatBody.__struct_fields__ if name not in ("model", "messages")}
    assert ask(client, **nulls).status_code == 200
    assert inference.request == ChatRequest(model="tiny", messages=(Message(role="user", content="hi"),))


# --- thinking, formats ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "think"),
    [
        ({}, None),
        ({"reasoning_effort": "none"}, False),
        ({"reasoning_effort": "minimal"}, "low"),
        ({"reasoning_effort": "low"}, "low"),
        ({"reasoning_effort": "medium"}, "medium"),
        ({"reasoning_effort": "high"}, "high"),
        ({"reasoning_effort": "xhigh"}, "max"),
        ({"reasoning_effort": "max"}, "max"),
        ({"reasoning": {"effort": "ultra"}}, "max"),
        ({"think": True}, True),
        ({"think": "low", "reasoning_effort": "high"}, "high"),
    ],
)
def test_efforts(
    client: TestClient, inference: FakeInference, library: FakeLibrary, fields: dict[str, Any], think: Any
) -> None:
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = record_with(known, capabilities=("completion", "thinking"))
    ask(client, **fields)
    assert inference.request.think == think


def record_with(known: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(known, **fields)


def test_an_effort_means_nothing_to_a_model_that_cannot_think(client: TestClient, inference: FakeInference) -> None:
    assert ask(client, reasoning_effort="high").status_code == 200
    assert inference.request.think is None


@pytest.mark.parametrize(
    ("fields", "internal"),
    [
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": {"type": "json_object"}}, "json"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "a"}}}, "json"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "array"}}}},
            {"type": "array"},
        ),
        ({"format": "json"}, "json"),
        ({"format": {"type": "string"}}, {"type": "string"}),
        ({"format": "json", "response_format": {"type": "text"}}, None),
    ],
)
def test_formats(client: TestClient, inference: FakeInference, fields: dict[str, Any], internal: Any) -> None:
    assert ask(client, **fields).status_code == 200
    assert inference.request.format == internal


@pytest.mark.parametrize(("strict", "internal"), [(True, True), (False, False), (None, False)])
def test_only_strict_schemas_must_be_held(
    client: TestClient, inference: FakeInference, strict: bool | None, internal: bool
) -> None:
    wanted = {"name": "a", "schema": {"type": "array"}, "strict": strict}
    ask(client, response_format={"type": "json_schema", "json_schema": wanted})
    assert inference.request.is_strict is internal
    ask(client, format={"type": "array"})
    assert inference.request.is_strict is True


def test_a_schema_that_cannot_be_held_is_named(client: TestClient, inference: FakeInference) -> None:
    inference.raises = InvalidRequest("format: unsupported keyword 'not' at #", param="format")
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {"not": {}}}}
    error = ask(client, response_format=wanted).json["error"]
    assert (error["code"], error["param"]) == ("invalid_json_schema", "response_format")
    assert error["message"] == "unsupported keyword 'not' at #"
    error = ask(client, format={"not": {}}).json["error"]
    assert (error["code"], error["param"]) == ("invalid_value", "format")


def test_grammars_and_template_variables(client: TestClient, inference: FakeInference) -> None:
    ask(client, grammar="root ::= x", chat_template_kwargs={"a": 1}, thinking_budget=3, keep_alive="1m")
    request = inference.request
    assert request.grammar == Grammar(kind="gbnf", text="root ::= x")
    assert (request.template_kwargs, request.thinking_budget, request.keep_alive_s) == ({"a": 1}, 3, 60)


# --- tools ------------------------------------------------------------------------------------------------------


def test_tools_reach_the_service_as_sent(client: TestClient, inference: FakeInference) -> None:
    parameters = {"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}}
    spec = {"name": "f", "description": "d", "parameters": parameters, "strict": True}
    ask(client, tools=[{"type": "function", "function": spec}], parallel_tool_calls=False)
    assert inference.request.tools == (Tool(name="f", spec={"type": "function", "function": spec}),)
    assert json.dumps(inference.request.tools[0].spec["function"]) == json.dumps(spec)
    assert inference.request.parallel_tool_calls is False


def test_a_tool_without_parameters_takes_none(client: TestClient, inference: FakeInference) -> None:
    ask(client, tools=[{"type": "function", "function": {"name": "f", "parameters": None, "strict": None}}])
    assert inference.request.tools[0].spec["function"] == {
        "name": "f",
        "parameters": {"type": "object", "properties": {}},
    }


@pytest.mark.parametrize(
    ("choice", "internal"),
    [
        (None, ToolChoice()),
        ("auto", ToolChoice()),
        ("none", ToolChoice(mode="none")),
        ("required", ToolChoice(mode="required")),
        ({"type": "function", "function": {"name": "f"}}, ToolChoice(mode="required", names=("f",))),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
            },
            ToolChoice(mode="auto", names=("f",)),
        ),
    ],
)
def test_tool_choices(client: TestClient, inference: FakeInference, choice: Any, internal: ToolChoice) -> None:
    assert ask(client, tools=[TOOL], tool_choice=choice).status_code == 200
    assert inference.request.tool_choice == internal


def test_functions_from_before_there_were_tools(client: TestClient, inference: FakeInference) -> None:
    says(inference, *CALL, *answer())
    fields: dict[str, Any] = {"functions": [{"name": "f"}], "function_call": {"name": "f"}}
    choice = ask(client, **fields).json["choices"][0]
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"] == {"name": "f", "arguments": '{"a":1}'}
    assert "tool_calls" not in choice["message"]
    request = inference.request
    assert request.tools[0].name == "f"
    assert request.tool_choice == ToolChoice(mode="required", names=("f",))
    assert request.parallel_tool_calls is False
    deltas = [delta["function_call"] for delta, _ in choices(stream(client, **fields)) if "function_call" in delta]
    assert deltas == [{"name": "f", "arguments": ""}, {"arguments": '{"a":'}, {"arguments": "1}"}]


@pytest.mark.parametrize(("value", "mode"), [("none", "none"), ("auto", "auto"), (None, "auto")])
def test_function_call_is_a_choice(client: TestClient, inference: FakeInference, value: Any, mode: str) -> None:
    ask(client, functions=[{"name": "f"}], function_call=value)
    assert inference.request.tool_choice == ToolChoice(mode=mode)  # type: ignore[arg-type]


# --- errors -----------------------------------------------------------------------------------------------------


def test_an_unknown_model(client: TestClient) -> None:
    result = ask(client, model="nope")
    assert result.status_code == 404
    assert result.json["error"] == {
        "message": "model 'nope' not found, try pulling it first",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }


def test_a_model_that_cannot_load_is_not_asked_again(client: TestClient, inference: FakeInference) -> None:
    inference.raises = LoadFailed("broken file")
    result = ask(client)
    assert (result.status_code, result.headers["x-should-retry"]) == (500, "false")
    assert result.json["error"]["code"] == "model_load_failed"
    inference.raises = ContextExceeded("too long")
    assert "x-should-retry" not in ask(client).headers


def test_nothing_is_stored(client: TestClient) -> None:
    for method, path in [("GET", PATH + "/chatcmpl-1"), ("DELETE", PATH + "/chatcmpl-1")]:
        result = client.simulate_request(method, path)
        assert (result.status_code, result.json["error"]["code"]) == (404, "unknown_url")
    result = client.simulate_get(PATH)
    assert (result.status_code, result.json["error"]["code"]) == (405, "method_not_allowed")
    assert "POST" in result.headers["allow"]
