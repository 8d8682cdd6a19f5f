"""Whole answers and streams: the shapes on the wire, frame by frame."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.api.anthropic import render, signature
from omm.errors import Busy, EngineFailed
from omm.types import (
    Event,
    Failed,
    Finished,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from tests.fakes import USAGE, FakeInference, FakeStream, answer

PATH = "/anthropic/v1/messages"
BODY: dict[str, Any] = {"model": "tiny", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
MARKED: dict[str, Any] = {"system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}]}
HIDDEN = {"type": "adaptive", "display": "omitted"}
COUNTS = {
    "input_tokens": 7,
    "output_tokens": 2,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
}
END = Finished(reason="stop", usage=USAGE)
CALL = ToolCall(id="call_ab12", name="get_weather", arguments={"city": "Rome"})


def says(inference: FakeInference, *events: Event) -> None:
    inference.stream = lambda: FakeStream(*events)


def whole(client: TestClient, **fields: Any) -> dict[str, Any]:
    result = client.simulate_post(PATH, json={**BODY, **fields})
    assert result.status_code == 200
    assert result.headers["content-type"] == "application/json; charset=utf-8"
    body: dict[str, Any] = result.json
    assert re.fullmatch(r"msg_[0-9a-f]{24}", body.pop("id"))
    return body


def frames(result: Result) -> list[dict[str, Any]]:
    """The data of each frame, whose event line must repeat its type."""
    assert result.headers["content-type"] == "text/event-stream; charset=utf-8"
    found = []
    for frame in result.text.removesuffix("\n\n").split("\n\n"):
        event, data = frame.split("\n")
        body = json.loads(data.removeprefix("data: "))
        assert event == f"event: {body['type']}"
        found.append(body)
    return found


def stream(client: TestClient, **fields: Any) -> list[dict[str, Any]]:
    result = client.simulate_post(PATH, json={**BODY, "stream": True, **fields})
    assert result.status_code == 200
    return frames(result)


def blocks(client: TestClient, **fields: Any) -> list[dict[str, Any]]:
    """The frames between the start's ping and the end."""
    found = stream(client, **fields)
    assert [frame["type"] for frame in found[:2]] == ["message_start", "ping"]
    assert [frame["type"] for frame in found[-2:]] == ["message_delta", "message_stop"]
    return found[2:-2]


def start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **fields}}


def stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


# --- whole answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PATH, "/v1/messages", "/v1/messages?beta=true", PATH + "/"])
def test_an_answer(client: TestClient, path: str) -> None:
    result = client.simulate_post(path, json=BODY)
    body = result.json
    assert re.fullmatch(r"msg_[0-9a-f]{24}", body.pop("id"))
    assert body == {
        "type": "message",
        "role": "assistant",
        "model": "tiny",
        "content": [{"type": "text", "text": "Hello there", "citations": None}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {**COUNTS, "service_tier": "standard"},
    }


def test_thinking_text_and_calls_come_in_this_order(client: TestClient, inference: FakeInference) -> None:
    deltas = [ToolCallDelta(index=0, id="call_ab12", name="get_weather")]
    other = ToolCall(id="x9", name="now", arguments={}, index=1)
    says(
        inference, ThinkingDelta(text="Hm"), ThinkingDelta(text="."), TextDelta(text="See."), *deltas, CALL, other, END
    )
    body = whole(client)
    assert body["content"] == [
        {"type": "thinking", "thinking": "Hm.", "signature": signature.of_text("Hm.")},
        {"type": "text", "text": "See.", "citations": None},
        {"type": "tool_use", "id": "toolu_ab12", "name": "get_weather", "input": {"city": "Rome"}},
        {"type": "tool_use", "id": "toolu_x9", "name": "now", "input": {}},
    ]
    assert body["stop_reason"] == "tool_use"


def test_an_empty_answer(client: TestClient, inference: FakeInference) -> None:
    says(inference, END)
    assert whole(client)["content"] == []


def test_hidden_thinking_comes_back_with_the_signature(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="Hm."), *answer("Yes."))
    block = whole(client, thinking=HIDDEN)["content"][0]
    assert (block["type"], block["thinking"]) == ("thinking", "")
    client.simulate_post(
        PATH,
        json={**BODY, "messages": [*BODY["messages"], {"role": "assistant", "content": [block]}, *BODY["messages"]]},
    )
    assert inference.request.messages[1].thinking == "Hm."


def test_arguments_that_are_no_json(client: TestClient, inference: FakeInference) -> None:
    says(inference, msgspec.structs.replace(CALL, arguments='{"city": '), END)
    assert whole(client)["content"][0]["input"] == {"_raw": '{"city": '}


# --- ends and usage -----------------------------------------------------------------------------------------------

FULL = Usage(prompt_tokens=7, output_tokens=64)
CUT = msgspec.structs.replace(CALL, arguments='{"ci')


@pytest.mark.parametrize(
    ("events", "reason", "sequence"),
    [
        ([END], "end_turn", None),
        ([Finished(reason="stop", stop_sequence="STOP")], "stop_sequence", "STOP"),
        ([Finished(reason="stop", stop_sequence="<|im_end|>")], "end_turn", None),
        ([Finished(reason="length", usage=FULL)], "max_tokens", None),
        ([Finished(reason="length", usage=USAGE)], "model_context_window_exceeded", None),
        ([CALL, END], "tool_use", None),
        ([CALL, Finished(reason="stop", stop_sequence="STOP")], "tool_use", None),
        ([CALL, Finished(reason="length", usage=FULL)], "tool_use", None),
        ([CALL, CUT, Finished(reason="length", usage=FULL)], "max_tokens", None),
    ],
)
def test_why_an_answer_ends(
    client: TestClient, inference: FakeInference, events: list[Event], reason: str, sequence: str | None
) -> None:
    says(inference, *events)
    body = whole(client, stop_sequences=["STOP"])
    assert (body["stop_reason"], body["stop_sequence"]) == (reason, sequence)
    end = stream(client, stop_sequences=["STOP"])[-2]
    assert end["delta"] == {"stop_reason": reason, "stop_sequence": sequence}


@pytest.mark.parametrize(
    "marked",
    [
        {"cache_control": {"type": "ephemeral"}},
        MARKED,
        {"tools": [{"name": "t", "input_schema": {}, "cache_control": {"type": "ephemeral"}}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "x"}}]}]},
    ],
)
def test_cached_tokens_are_told_to_who_speaks_of_caching(client: TestClient, marked: dict[str, Any]) -> None:
    expected = {**COUNTS, "input_tokens": 4, "cache_read_input_tokens": 3}
    assert whole(client, **marked)["usage"] == {**expected, "service_tier": "standard"}
    assert stream(client, **marked)[-2]["usage"] == expected


def test_a_result_may_be_marked_inside(client: TestClient) -> None:
    inner = [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}]
    message = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": inner}]}
    assert whole(client, messages=[message])["usage"]["cache_read_input_tokens"] == 3


def test_tokens_of_thinking(client: TestClient, inference: FakeInference) -> None:
    says(inference, Finished(reason="stop", usage=msgspec.structs.replace(USAGE, reasoning_tokens=1)))
    assert whole(client)["usage"]["output_tokens_details"] == {"thinking_tokens": 1}


# --- streams ------------------------------------------------------------------------------------------------------


def test_000_34_a_stream_ends_with_message_stop(client: TestClient, inference: FakeInference) -> None:
    says(inference, PromptProgress(done=3, total=7, cached=3), *answer("Hello", " there"))
    result = client.simulate_post(PATH, json={**BODY, "stream": True})
    assert "[DONE]" not in result.text
    assert result.headers["x-accel-buffering"] == "no"
    assert result.headers["cache-control"] == "no-cache"
    found = frames(result)
    assert re.fullmatch(r"msg_[0-9a-f]{24}", found[0]["message"].pop("id"))
    assert found == [
        {
            "type": "message_start",
            "message": {
                "type": "message",
                "role": "assistant",
                "model": "tiny",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {**COUNTS, "output_tokens": 0, "service_tier": "standard"},
            },
        },
        {"type": "ping"},
        start(0, type="text", text=""),
        delta(0, "text_delta", text="Hello there"),
        stop(0),
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": COUNTS},
        {"type": "message_stop"},
    ]


def test_the_start_knows_what_was_cached(client: TestClient, inference: FakeInference) -> None:
    says(inference, PromptProgress(done=0, total=0), PromptProgress(done=3, total=7, cached=3), *answer("x"))
    usage = stream(client, **MARKED)[0]["message"]["usage"]
    assert (usage["input_tokens"], usage["cache_read_input_tokens"]) == (4, 3)


def test_a_stream_without_progress_counts_at_its_end(client: TestClient) -> None:
    found = stream(client)
    assert found[0]["message"]["usage"]["input_tokens"] == 0
    assert found[-2]["usage"]["input_tokens"] == 7


def test_every_block_begins_and_ends(client: TestClient, inference: FakeInference) -> None:
    other = ToolCall(id="x9", name="now", arguments={}, index=1)
    says(
        inference,
        ThinkingDelta(text="Hm."),
        TextDelta(text="See."),
        ToolCallDelta(index=0, id="call_ab12", name="get_weather"),
        ToolCallDelta(index=0, id="call_ab12", name="get_weather", arguments='{"ci'),
        ToolCallDelta(index=0, id="call_ab12", name="get_weather", arguments='ty": "Rome"}'),
        CALL,
        ToolCallDelta(index=1, id="x9", name="now"),
        other,
        END,
    )
    assert blocks(client) == [
        start(0, type="thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking="Hm."),
        delta(0, "signature_delta", signature=signature.of_text("Hm.")),
        stop(0),
        start(1, type="text", text=""),
        delta(1, "text_delta", text="See."),
        stop(1),
        start(2, type="tool_use", id="toolu_ab12", name="get_weather", input={}),
        delta(2, "input_json_delta", partial_json='{"ci'),
        delta(2, "input_json_delta", partial_json='ty": "Rome"}'),
        stop(2),
        start(3, type="tool_use", id="toolu_x9", name="now", input={}),
        delta(3, "input_json_delta", partial_json="{}"),
        stop(3),
    ]


def test_a_call_that_comes_at_once(client: TestClient, inference: FakeInference) -> None:
    says(inference, CALL, END)
    assert blocks(client) == [
        start(0, type="tool_use", id="toolu_ab12", name="get_weather", input={}),
        delta(0, "input_json_delta", partial_json='{"city":"Rome"}'),
        stop(0),
    ]


def test_empty_text_makes_no_block(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text=""), ThinkingDelta(text=""), END)
    assert blocks(client) == []


def test_hidden_thinking_is_a_signature_alone(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="Hm"), ThinkingDelta(text="."), *answer("Yes."))
    assert blocks(client, thinking=HIDDEN)[:3] == [
        start(0, type="thinking", thinking="", signature=""),
        delta(0, "signature_delta", signature=signature.carrying("Hm.")),
        stop(0),
    ]


def test_long_hidden_thinking_shows_signs_of_life(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "PING_S", 0.0)
    says(inference, ThinkingDelta(text="Hm."), *answer("Yes."))
    assert blocks(client, thinking=HIDDEN)[1] == {"type": "ping"}


def test_a_long_prompt_shows_signs_of_life(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "PING_S", 0.0)

    class Slow(FakeStream):
        """One event at a time."""

        def drain(self, gather_s: float = 0.0) -> list[Any]:
            return []

    inference.stream = lambda: Slow(*(PromptProgress(done=n, total=9) for n in range(3)), *answer("x"))
    kinds = [frame["type"] for frame in stream(client)]
    assert kinds[:4] == ["message_start", "ping", "ping", "ping"]
    assert kinds[-1] == "message_stop"


def test_the_first_bytes_do_not_wait_for_the_answer(
    serve: Callable[..., tuple[str, int]], inference: FakeInference
) -> None:
    waiting = FakeStream(PromptProgress(done=0, total=9))
    inference.stream = lambda: waiting
    connection = http.client.HTTPConnection(*serve(), timeout=60)
    connection.request("POST", PATH, body=json.dumps({**BODY, "stream": True}))
    response = connection.getresponse()
    assert response.readline() == b"event: message_start\n"
    assert b'"input_tokens":9' in response.readline()
    waiting.push(*answer("Late."))
    assert response.read().endswith(b'data: {"type":"message_stop"}\n\n')
    connection.close()


# --- failures -----------------------------------------------------------------------------------------------------


def test_a_failure_in_the_stream(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="He"), Failed(code="engine_failed", message="broke"))
    result = client.simulate_post(PATH, json={**BODY, "stream": True}, headers={"x-request-id": "mine"})
    found = frames(result)
    assert [frame["type"] for frame in found[-2:]] == ["content_block_delta", "error"]
    assert found[-1] == {"type": "error", "error": {"type": "api_error", "message": "broke"}, "request_id": "mine"}
    assert inference.streams[0].closed.is_set()


def test_an_overload_in_the_stream(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="He"), Failed(code="busy", message="full"))
    assert stream(client)[-1]["error"] == {"type": "overloaded_error", "message": "full"}


@pytest.mark.parametrize("is_stream", [True, False])
@pytest.mark.parametrize(
    ("failed", "status", "kind"),
    [
        (Failed(code="busy", message="full"), 529, "overloaded_error"),
        (Failed(code="engine_failed", message="broke"), 500, "api_error"),
        (
            Failed(code="context_length_exceeded", message="prompt is too long: 9 tokens > 8 maximum"),
            400,
            "invalid_request_error",
        ),
    ],
)
def test_a_failure_before_the_first_byte_is_a_status(
    client: TestClient, inference: FakeInference, is_stream: bool, failed: Failed, status: int, kind: str
) -> None:
    says(inference, failed)
    result = client.simulate_post(PATH, json={**BODY, "stream": is_stream})
    assert (result.status_code, result.json["error"]) == (status, {"type": kind, "message": failed.message})
    assert inference.streams[0].closed.is_set()


@pytest.mark.parametrize(("error", "status"), [(Busy("full"), 529), (EngineFailed("broke"), 500)])
def test_a_refusal_of_the_service(client: TestClient, inference: FakeInference, error: Any, status: int) -> None:
    inference.raises = error
    result = client.simulate_post(PATH, json=BODY)
    assert (result.status_code, result.headers.get("retry-after")) == (status, "1" if status == 529 else None)
