"""The typed events of /v1/responses: which, in which order, with which keys, and what they add up to."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm.errors import Busy, EngineFailed, LoadFailed, StorageFailed
from omm.store.responses import MemoryStore
from omm.types import (
    Event,
    Failed,
    Finished,
    PromptProgress,
    StoredResponse,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
)
from tests.fakes import USAGE, FakeInference, FakeStream, answer

PATH = "/v1/responses"
CALL = (
    ToolCallDelta(index=0, id="call_1", name="f"),
    ToolCallDelta(index=0, id="call_1", name="f", arguments='{"a":'),
    ToolCallDelta(index=0, id="call_1", name="f", arguments=" 1}"),
    ToolCall(index=0, id="call_1", name="f", arguments={"a": 1}),
)
PLACE = {"item_id", "output_index"}
KEYS = {
    "response.created": {"response"},
    "response.in_progress": {"response"},
    "response.completed": {"response"},
    "response.incomplete": {"response"},
    "response.failed": {"response"},
    "response.output_item.added": {"output_index", "item"},
    "response.output_item.done": {"output_index", "item"},
    "response.content_part.added": PLACE | {"content_index", "part"},
    "response.content_part.done": PLACE | {"content_index", "part"},
    "response.output_text.delta": PLACE | {"content_index", "delta", "logprobs"},
    "response.output_text.done": PLACE | {"content_index", "text", "logprobs"},
    "response.function_call_arguments.delta": PLACE | {"delta"},
    "response.function_call_arguments.done": PLACE | {"name", "arguments"},
    "response.reasoning_summary_part.added": PLACE | {"summary_index", "part"},
    "response.reasoning_summary_part.done": PLACE | {"summary_index", "part"},
    "response.reasoning_summary_text.delta": PLACE | {"summary_index", "delta"},
    "response.reasoning_summary_text.done": PLACE | {"summary_index", "text"},
    "response.custom_tool_call_input.delta": PLACE | {"delta"},
    "response.custom_tool_call_input.done": PLACE | {"input"},
}


def says(inference: FakeInference, *events: Event) -> None:
    inference.stream = lambda: FakeStream(*events)


def frames(client: TestClient, **fields: Any) -> list[str]:
    result = client.simulate_post(PATH, json={"model": "tiny", "input": "hi", "stream": True, **fields})
    assert result.status_code == 200, result.text
    assert result.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert result.headers["cache-control"] == "no-cache"
    assert result.text.endswith("\n\n")
    return result.text[:-2].split("\n\n")


def stream(client: TestClient, **fields: Any) -> list[Any]:
    """The events, each checked by itself; their numbers are taken out."""
    *rest, end = [frame for frame in frames(client, **fields) if not frame.startswith(":")]
    assert end == "data: [DONE]"
    events = []
    for number, frame in enumerate(rest):
        name, data = frame.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        assert event.pop("sequence_number") == number
        assert event.keys() - {"type"} == KEYS[event["type"]]
        events.append(event)
    return events


def kinds(events: list[Any]) -> list[str]:
    return [event["type"].removeprefix("response.") for event in events]


TEXT_EVENTS = [
    "created",
    "in_progress",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "completed",
]


def test_001_31_40_41_42_43_44_45_46_49_50_003_59_64_text(client: TestClient, inference: FakeInference) -> None:
    says(inference, *answer("Hello there"))
    events = stream(client)
    assert kinds(events) == TEXT_EVENTS
    created, in_progress, added, part, piece, text, part_done, done, completed = events
    for begun in (created["response"], in_progress["response"]):
        assert (begun["status"], begun["output"], begun["usage"]) == ("in_progress", [], None)
        assert begun["id"] == completed["response"]["id"]
    item_id = added["item"]["id"]
    assert added["item"] == {
        "id": item_id,
        "type": "message",
        "role": "assistant",
        "status": "in_progress",
        "content": [],
    }
    empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    place = {"item_id": item_id, "output_index": 0, "content_index": 0}
    assert part == {"type": part["type"], **place, "part": empty}
    assert piece == {"type": piece["type"], **place, "delta": "Hello there", "logprobs": []}
    assert text == {"type": text["type"], **place, "text": "Hello there", "logprobs": []}
    assert part_done["part"] == {**empty, "text": "Hello there"}
    assert done["item"] == {**added["item"], "status": "completed", "content": [part_done["part"]]}
    assert completed["response"]["output"] == [done["item"]]
    assert completed["response"]["usage"]["total_tokens"] == 9


def test_001_47_48_a_call(client: TestClient, inference: FakeInference) -> None:
    says(inference, *CALL, Finished(reason="stop", usage=USAGE))
    events = stream(client)
    assert kinds(events) == [
        "created",
        "in_progress",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ]
    added, first, second, whole, done = events[2:7]
    assert (added["item"]["name"], added["item"]["call_id"]) == ("f", "call_1")
    assert (added["item"]["arguments"], added["item"]["status"]) == ("", "in_progress")
    assert first["delta"] + second["delta"] == whole["arguments"] == done["item"]["arguments"] == '{"a": 1}'
    assert (whole["name"], whole["item_id"]) == ("f", added["item"]["id"])
    assert done["item"]["status"] == "completed"


def test_a_call_that_comes_whole_has_one_piece(client: TestClient, inference: FakeInference) -> None:
    says(inference, ToolCall(index=0, id="c", name="f", arguments={}), Finished(reason="stop"))
    pieces = [event["delta"] for event in stream(client) if event["type"].endswith("arguments.delta")]
    assert pieces == ["{}"]


def test_items_follow_one_another(client: TestClient, inference: FakeInference) -> None:
    says(
        inference,
        ThinkingDelta(text="hm"),
        TextDelta(text="x"),
        *CALL,
        ToolCall(index=1, id="call_2", name="g", arguments={}),
        Finished(reason="stop"),
    )
    events = stream(client)
    marks = [
        (event["type"].rpartition(".")[2], event["output_index"], event["item"]["type"])
        for event in events
        if "item" in event
    ]
    assert marks == [
        (mark, index, kind)
        for index, kind in enumerate(["reasoning", "message", "function_call", "function_call"])
        for mark in ("added", "done")
    ]
    assert [event["item"] for event in events if event["type"].endswith("item.done")] == events[-1]["response"][
        "output"
    ]


def test_reasoning(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="So hm."), *answer("Yes"))
    events = stream(client, include=["reasoning.encrypted_content"])
    assert kinds(events)[2:8] == [
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
    ]
    added, part, piece, text, part_done, done = events[2:8]
    assert added["item"] == {
        "id": added["item"]["id"],
        "type": "reasoning",
        "summary": [],
        "content": [],
        "status": "in_progress",
    }
    assert part["part"] == {"type": "summary_text", "text": ""}
    assert piece["delta"] == text["text"] == part_done["part"]["text"] == "So hm."
    assert done["item"]["summary"] == [part_done["part"]]
    assert isinstance(done["item"]["encrypted_content"], str)


def test_incomplete(client: TestClient, inference: FakeInference) -> None:
    says(inference, *answer("cut", reason="length"))
    events = stream(client)
    assert kinds(events) == [*TEXT_EVENTS[:-1], "incomplete"]
    assert events[-2]["item"]["status"] == "incomplete"
    assert events[-1]["response"]["incomplete_details"] == {"reason": "max_output_tokens"}


def test_001_51_failure_after_the_beginning(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="hm"), TextDelta(text="x"), Failed(code=EngineFailed.code, message="it broke"))
    events = stream(client)
    assert kinds(events)[-1] == "failed"
    response = events[-1]["response"]
    assert (response["status"], response["error"]) == ("failed", {"code": "server_error", "message": "it broke"})
    assert [item["type"] for item in response["output"]] == ["reasoning"]  # what was whole
    assert inference.streams[0].closed.is_set()


def test_failure_of_the_request_after_the_beginning(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="x"), Failed(code="invalid_request", message="bad"))
    assert stream(client)[-1]["response"]["error"] == {"code": "invalid_prompt", "message": "bad"}


@pytest.mark.parametrize(("error", "status"), [(LoadFailed("broken"), 500), (Busy("full"), 503)])
def test_failure_before_the_beginning_is_no_stream(
    client: TestClient, inference: FakeInference, error: Any, status: int
) -> None:
    says(inference, Failed(code=error.code, message=error.message))
    result = client.simulate_post(PATH, json={"model": "tiny", "input": "hi", "stream": True})
    assert result.status_code == status
    assert result.json["error"]["message"] == error.message


def test_signs_of_life_while_the_prompt_is_read(
    client: TestClient, inference: FakeInference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omm.api.openai.streams.BEAT_S", 0.01)

    class Slow(FakeStream):
        """Says something only after it was asked for a while."""

        def __init__(self) -> None:
            super().__init__(PromptProgress(done=1, total=9))
            self.num_asked = 0

        def next(self, timeout_s: float) -> Event | None:
            self.num_asked += 1
            if self.num_asked == 12:
                self.push(*answer("x"))
            return super().next(timeout_s)

    inference.stream = Slow
    sent = frames(client)
    assert sent[2] == ": keep-alive"
    assert [frame.partition("\n")[0] for frame in sent[:2]] == [
        "event: response.created",
        "event: response.in_progress",
    ]


def test_a_stream_that_is_kept_can_be_had(storing: TestClient) -> None:
    events = stream(storing)
    response = events[-1]["response"]
    assert response["store"] is True
    assert storing.simulate_get(f"{PATH}/{response['id']}").json == response


def test_what_failed_is_not_kept(storing: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="x"), Failed(code=EngineFailed.code, message="it broke"))
    response = stream(storing)[-1]["response"]
    assert response["store"] is False
    assert storing.simulate_get(f"{PATH}/{response['id']}").status_code == 404


def test_what_nobody_waited_for_is_not_kept(storing: TestClient, inference: FakeInference) -> None:
    gone = threading.Event()

    class Left(FakeStream):
        """The client leaves after the first piece, just before the end comes."""

        def drain(self, gather_s: float = 0.0) -> list[Event]:
            gone.set()
            self.push(Finished(reason="stop"))
            return []

    inference.stream = lambda: Left(TextDelta(text="Hello"))
    body = {"model": "tiny", "input": "hi", "stream": True}
    extras = {"waitress.client_disconnected": gone.is_set}
    result = storing.simulate_post(PATH, json=body, extras=extras)
    assert gone.is_set()
    assert "response.completed" not in result.text
    created = json.loads(result.text.split("\n")[1].removeprefix("data: "))["response"]
    assert storing.simulate_get(f"{PATH}/{created['id']}").status_code == 404


def test_an_answer_that_cannot_be_kept_is_given(
    storing: TestClient, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(stored: StoredResponse) -> None:
        raise StorageFailed("disk full")

    monkeypatch.setattr(store, "put", refuse)
    events = stream(storing)
    assert events[0]["response"]["store"] is True
    assert (events[-1]["type"], events[-1]["response"]["store"]) == ("response.completed", False)


pieces = st.lists(
    st.one_of(
        st.builds(TextDelta, text=st.text(max_size=3)),
        st.builds(ThinkingDelta, text=st.text(max_size=3)),
        st.integers(0, 3).map(lambda i: ToolCallDelta(index=i, id=f"c{i}", name="f", arguments="{")),
        st.integers(0, 3).map(lambda i: ToolCall(index=i, id=f"c{i}", name="f", arguments={"x": i})),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(pieces, st.sampled_from(["stop", "length"]))
def test_whatever_comes_the_events_add_up(
    client: TestClient, inference: FakeInference, events: list[Event], reason: Any
) -> None:
    """Items open and close one at a time, deltas add up to what is said to be whole, and both answers agree."""
    says(inference, *events, Finished(reason=reason))
    streamed = stream(client)
    opened: list[Any] = []
    told: dict[tuple[str, str], str] = {}
    for event in streamed:
        match event["type"].removeprefix("response.").rpartition("."):
            case ("output_item", _, "added"):
                assert event["output_index"] == len(opened)
                opened.append(event["item"])
            case ("output_item", _, "done"):
                assert event["item"]["id"] == opened[-1]["id"]
            case (kind, _, "delta"):
                assert event["item_id"] == opened[-1]["id"]
                told[kind, event["item_id"]] = told.get((kind, event["item_id"]), "") + event["delta"]
            case (kind, _, "done") if kind != "content_part" and not kind.endswith("part"):
                whole = event.get("text", event.get("arguments"))
                assert told.get((kind, event["item_id"]), "") == whole
    final = streamed[-1]["response"]
    assert [item["id"] for item in final["output"]] == [item["id"] for item in opened]
    says(inference, *events, Finished(reason=reason))
    whole = client.simulate_post(PATH, json={"model": "tiny", "input": "hi"}).json
    assert [without_ids(item) for item in whole["output"]] == [without_ids(item) for item in final["output"]]
    assert whole["status"] == final["status"]


def without_ids(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "id"}
