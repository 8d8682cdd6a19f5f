"""/v1/responses: every field's handling, and the shape of whole answers."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.api.app import create_app
from omm.api.services import Services
from omm.config import Settings
from omm.errors import ContextExceeded, EngineFailed, InvalidRequest
from omm.types import (
    ChatRequest,
    Failed,
    Finished,
    Grammar,
    Message,
    TextDelta,
    ThinkingDelta,
    TokenLogprob,
    ToolCall,
    ToolCallDelta,
    TopLogprob,
    Usage,
)
from tests.fakes import USAGE, FakeInference, FakeLibrary, FakeStream, record

PATH = "/v1/responses"
LOGPROB = TokenLogprob(token="H", logprob=-0.5, data=b"H", top=(TopLogprob(token="H", logprob=-0.5, data=b"H"),))
LOGPROB_REPLY = {
    "token": "H",
    "logprob": -0.5,
    "bytes": [72],
    "top_logprobs": [{"token": "H", "logprob": -0.5, "bytes": [72]}],
}


def ask(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post(PATH, json={"model": "tiny", "input": "hi", **fields})


def told(client: TestClient, **fields: Any) -> Any:
    result = ask(client, **fields)
    assert result.status_code == 200, result.text
    return result.json


def says(inference: FakeInference, *events: Any) -> None:
    inference.stream = lambda: FakeStream(*events)


def asked(client: TestClient, inference: FakeInference, **fields: Any) -> ChatRequest:
    told(client, **fields)
    assert isinstance(inference.request, ChatRequest)
    return inference.request


def refused(client: TestClient, code: str, param: str | None, **fields: Any) -> str:
    result = ask(client, **fields)
    error = result.json["error"]
    assert (result.status_code, error["type"], error["code"], error["param"]) == (
        400,
        "invalid_request_error",
        code,
        param,
    )
    return str(error["message"])


# --- the object -------------------------------------------------------------------------------------------------


def test_001_07_003_62_65_the_whole_answer(client: TestClient) -> None:
    body = told(client)
    assert re.fullmatch(r"resp_[0-9a-f]{24}", body.pop("id"))
    assert isinstance(body.pop("created_at"), int)
    assert isinstance(body.pop("completed_at"), int)
    assert re.fullmatch(r"msg_[0-9a-f]{24}", body["output"][0].pop("id"))
    assert body == {
        "object": "response",
        "model": "tiny",
        "status": "completed",
        "incomplete_details": None,
        "error": None,
        "instructions": None,
        "previous_response_id": None,
        "output": [
            {
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Hello there", "annotations": [], "logprobs": []}],
            }
        ],
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "store": False,
        "background": False,
        "text": {"format": {"type": "text"}},
        "truncation": "disabled",
        "temperature": 0.7,
        "top_p": 0.9,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "top_logprobs": 0,
        "reasoning": {"effort": None, "summary": None},
        "max_output_tokens": None,
        "max_tool_calls": None,
        "service_tier": "default",
        "metadata": {},
        "user": None,
        "safety_identifier": None,
        "prompt_cache_key": None,
        "usage": {
            "input_tokens": 7,
            "input_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 0},
            "output_tokens": 2,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 9,
        },
    }


def test_what_the_configuration_says_is_told(inference: FakeInference, library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[model.tiny]\ntemperature = 0.25")
    settings = Settings.load({"OMM_CONFIG": str(tmp_path / "c.toml")}, models=tmp_path)
    app = create_app(Services(inference, library, settings=settings), settings)
    assert told(TestClient(app, headers={"host": "localhost:11434"}))["temperature"] == 0.25


def test_ids_are_unique(client: TestClient) -> None:
    bodies = [told(client) for _ in range(3)]
    assert len({body["id"] for body in bodies} | {body["output"][0]["id"] for body in bodies}) == 6


def test_the_stream_is_closed(client: TestClient, inference: FakeInference) -> None:
    told(client)
    assert inference.streams[0].closed.is_set()


def test_what_was_asked_is_told_back(client: TestClient) -> None:
    given = {
        "instructions": "Be brief.",
        "temperature": 0.25,
        "top_p": 0.5,
        "presence_penalty": 1.0,
        "frequency_penalty": -1.0,
        "max_output_tokens": 9,
        "max_tool_calls": 3,
        "metadata": {"a": "b"},
        "user": "u",
        "safety_identifier": "s",
        "prompt_cache_key": "p",
        "truncation": "auto",
        "parallel_tool_calls": False,
        "top_logprobs": 2,
        "reasoning": {"effort": "low", "summary": "concise"},
        "text": {"format": {"type": "json_object"}, "verbosity": "low"},
    }
    body = told(client, **given)
    assert {name: body[name] for name in given} == given


def test_a_schema_is_told_back(client: TestClient) -> None:
    shape = {
        "type": "json_schema",
        "name": "n",
        "schema": {"type": "object"},
        "strict": True,
        "description": "d",
    }
    assert told(client, text={"format": shape})["text"] == {"format": shape}


def test_the_old_name_of_a_summary(client: TestClient) -> None:
    body = told(client, reasoning={"generate_summary": "detailed", "mode": "x", "context": "y"})
    assert body["reasoning"] == {"effort": None, "summary": "detailed"}


def test_effective_numbers_are_those_of_the_model(client: TestClient, library: FakeLibrary) -> None:
    library.records["tiny:latest"] = record(parameters={"temperature": 0.1, "top_p": 0.2})
    body = told(client, options={"top_p": 0.3})
    assert (body["temperature"], body["top_p"]) == (0.1, 0.3)


def test_nulls_are_absent(client: TestClient) -> None:
    fields = (
        "instructions previous_response_id store stream max_output_tokens temperature top_p seed top_k options"
        " parameters top_logprobs tools tool_choice parallel_tool_calls text reasoning include truncation metadata user"
        " safety_identifier prompt_cache_key service_tier max_tool_calls background conversation prompt moderation"
    )
    assert told(client, **dict.fromkeys(fields.split()))["status"] == "completed"


def test_what_is_ignored(client: TestClient) -> None:
    ignored = {
        "service_tier": "flex",
        "prompt_cache_options": {},
        "prompt_cache_retention": "24h",
        "stream_options": {"include_obfuscation": False},
        "context_management": [],
        "client_metadata": {"x": 1},
        "image": {},
        "access_programs": {},
        "tomorrows_field": [1],
    }
    assert told(client, **ignored)["service_tier"] == "default"
    assert told(client, include=["file_search_call.results", "something.new"])["status"] == "completed"


# --- what the model is asked ------------------------------------------------------------------------------------


def test_001_22_003_56_a_text_is_one_message(client: TestClient, inference: FakeInference) -> None:
    request = asked(client, inference)
    assert request == ChatRequest(model="tiny", messages=(Message(role="user", content="hi"),))


def test_003_57_instructions_come_first(client: TestClient, inference: FakeInference) -> None:
    request = asked(client, inference, instructions="Be brief.", input=[{"role": "developer", "content": "d"}])
    assert request.messages == (Message(role="system", content="Be brief."), Message(role="system", content="d"))


def test_003_60_61_options_and_their_precedence(client: TestClient, inference: FakeInference) -> None:
    request = asked(
        client,
        inference,
        max_output_tokens=5,
        temperature=0.5,
        top_p=0.6,
        seed=-1,
        top_k=3,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        options={"temperature": 1.0, "min_p": 0.1},
        parameters={"min_p": 0.2, "num_ctx": 512},
        keep_alive="1m",
    )
    options = request.options
    assert (options.num_predict, options.temperature, options.top_p, options.top_k) == (5, 0.5, 0.6, 3)
    assert (options.presence_penalty, options.frequency_penalty) == (0.1, 0.2)
    assert (options.min_p, options.num_ctx, options.seed) == (0.1, 512, 2**32 - 2)
    assert request.keep_alive_s == 60


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, "json"),
        ({"type": "json_schema", "name": "n"}, "json"),
        ({"type": "json_schema", "name": "n", "schema": {"type": "array"}}, {"type": "array"}),
    ],
)
def test_text_formats(client: TestClient, inference: FakeInference, shape: Any, wanted: Any) -> None:
    assert asked(client, inference, text={"format": shape}).format == wanted


def test_grammars_of_omms_own(client: TestClient, inference: FakeInference) -> None:
    assert asked(client, inference, regex="[0-9]+").grammar == Grammar(kind="regex", text="[0-9]+")
    assert asked(client, inference, format="json").format == "json"


@pytest.mark.parametrize(
    ("effort", "think"),
    [("none", False), ("minimal", "low"), ("low", "low"), ("medium", "medium"), ("high", "high"), ("xhigh", "max")],
)
def test_effort(client: TestClient, inference: FakeInference, library: FakeLibrary, effort: str, think: Any) -> None:
    assert asked(client, inference, reasoning={"effort": effort}).think is None  # this model cannot think
    library.records["tiny:latest"] = msgspec.structs.replace(record(), capabilities=("completion", "thinking"))
    assert asked(client, inference, reasoning={"effort": effort}).think == think


@pytest.mark.parametrize(("truncation", "truncate"), [(None, None), ("disabled", None), ("auto", True)])
def test_truncation(client: TestClient, inference: FakeInference, truncation: Any, truncate: Any) -> None:
    assert asked(client, inference, truncation=truncation).truncate is truncate


def test_log_probabilities_are_for_who_includes_them(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="H", logprobs=(LOGPROB,)), Finished(reason="stop"))
    plain = told(client, top_logprobs=1)
    assert not inference.request.logprobs
    assert plain["output"][0]["content"][0]["logprobs"] == []
    with_them = told(client, top_logprobs=1, include=["message.output_text.logprobs"])
    assert (inference.request.logprobs, inference.request.top_logprobs) == (True, 1)
    assert with_them["output"][0]["content"][0]["logprobs"] == [LOGPROB_REPLY]


# --- answers ----------------------------------------------------------------------------------------------------


def test_003_63_reasoning_comes_before_the_text(client: TestClient, inference: FakeInference) -> None:
    cost = msgspec.structs.replace(USAGE, reasoning_tokens=1)
    says(
        inference,
        ThinkingDelta(text="So "),
        ThinkingDelta(text="hm."),
        TextDelta(text="Yes"),
        Finished(reason="stop", usage=cost),
    )
    body = told(client)
    thought, message = body["output"]
    assert re.fullmatch(r"rs_[0-9a-f]{24}", thought.pop("id"))
    assert thought == {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "So hm."}],
        "content": [],
        "status": "completed",
    }
    assert message["content"][0]["text"] == "Yes"
    assert body["usage"]["output_tokens_details"] == {"reasoning_tokens": 1}


def test_reasoning_is_sealed_for_who_includes_it_and_comes_back(client: TestClient, inference: FakeInference) -> None:
    says(inference, ThinkingDelta(text="hm é"), TextDelta(text="Yes"), Finished(reason="stop"))
    item = told(client, include=["reasoning.encrypted_content"])["output"][0]
    assert isinstance(item["encrypted_content"], str)
    sent_back = [{**item, "summary": []}, {"role": "assistant", "content": "Yes"}]
    request = asked(client, inference, input=[*sent_back, {"role": "user", "content": "Why?"}])
    assert request.messages[0] == Message(role="assistant", content="Yes", thinking="hm é")


def test_001_36_a_pure_tool_turn_has_no_message(client: TestClient, inference: FakeInference) -> None:
    says(
        inference,
        ToolCallDelta(index=0, id="call_1", name="f"),
        ToolCallDelta(index=0, id="call_1", name="f", arguments='{"a": 1}'),
        ToolCall(index=0, id="call_1", name="f", arguments={"a": 1}),
        ToolCall(index=1, id="call_2", name="g", arguments={}),
        TextDelta(text="", logprobs=(LOGPROB,)),  # the tokens of the calls' notation
        Finished(reason="stop"),
    )
    body = told(client, include=["message.output_text.logprobs"])
    assert body["status"] == "completed"
    for item in body["output"]:
        assert re.fullmatch(r"fc_[0-9a-f]{24}", item.pop("id"))
    assert body["output"] == [
        {
            "type": "function_call",
            "call_id": "call_1",
            "name": "f",
            "arguments": '{"a": 1}',
            "status": "completed",
        },
        {"type": "function_call", "call_id": "call_2", "name": "g", "arguments": "{}", "status": "completed"},
    ]


def test_text_before_a_call_is_a_message_before_it(client: TestClient, inference: FakeInference) -> None:
    call = ToolCall(index=0, id="call_1", name="f", arguments={})
    says(inference, TextDelta(text="I'll look."), call, Finished(reason="stop"))
    assert [item["type"] for item in told(client)["output"]] == ["message", "function_call"]


@pytest.mark.parametrize("before", [(), (ThinkingDelta(text="hm"),)])
def test_an_empty_answer_is_an_empty_message(client: TestClient, inference: FakeInference, before: Any) -> None:
    says(inference, *before, Finished(reason="stop"))
    *thoughts, message = told(client)["output"]
    assert len(thoughts) == len(before)
    assert message["content"] == [{"type": "output_text", "text": "", "annotations": [], "logprobs": []}]


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        ((TextDelta(text="cut"),), ["message"]),
        ((ThinkingDelta(text="cut"),), ["reasoning"]),
        ((ThinkingDelta(text="x"), TextDelta(text="cut")), ["reasoning", "message"]),
        ((TextDelta(text="x"), ToolCall(index=0, id="c", name="f", arguments='{"a')), ["message", "function_call"]),
        ((), ["message"]),
    ],
)
def test_what_the_limit_cuts_is_incomplete(
    client: TestClient, inference: FakeInference, events: Any, kinds: list[str]
) -> None:
    says(inference, *events, Finished(reason="length", usage=USAGE))
    body = told(client)
    assert (body["status"], body["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert body["completed_at"] is None
    assert [item["type"] for item in body["output"]] == kinds
    assert [item["status"] for item in body["output"]] == ["completed"] * (len(kinds) - 1) + ["incomplete"]
    assert body["usage"]["total_tokens"] == 9


def test_usage_is_openais(client: TestClient, inference: FakeInference) -> None:
    says(inference, Finished(reason="stop", usage=Usage(prompt_tokens=10, cached_tokens=8, output_tokens=5)))
    usage = told(client)["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (10, 5, 15)
    assert usage["input_tokens_details"]["cached_tokens"] == 8


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "param", "fields"),
    [
        ("invalid_value", "model", {"model": ""}),
        ("missing_required_parameter", "input", {"input": None}),
        ("invalid_value", "input", {"input": ""}),
        ("invalid_value", "input", {"input": []}),
        ("invalid_value", "input", {"input": 3}),
        ("invalid_value", "input", {"input": [{"type": "web_search_call", "id": "w"}]}),
        ("invalid_value", "temperature", {"temperature": 3}),
        ("invalid_value", "top_p", {"top_p": -1}),
        ("invalid_value", "presence_penalty", {"presence_penalty": 2.5}),
        ("invalid_value", "max_output_tokens", {"max_output_tokens": 0}),
        ("invalid_value", "max_tool_calls", {"max_tool_calls": 0}),
        ("invalid_value", "top_logprobs", {"top_logprobs": 21}),
        ("invalid_value", "truncation", {"truncation": "some"}),
        ("invalid_value", "text.format.type", {"text": {"format": {"type": "xml"}}}),
        ("missing_required_parameter", "text.format.name", {"text": {"format": {"type": "json_schema"}}}),
        ("invalid_value", "text.verbosity", {"text": {"verbosity": "chatty"}}),
        ("invalid_value", "reasoning.effort", {"reasoning": {"effort": "wild"}}),
        ("invalid_value", "reasoning.summary", {"reasoning": {"summary": "wild"}}),
        ("invalid_value", "metadata", {"metadata": {str(n): "x" for n in range(17)}}),
        ("invalid_value", "metadata.a", {"metadata": {"a": "x" * 513}}),
        ("invalid_value", "metadata", {"metadata": {"a" * 65: "x"}}),
        ("invalid_value", "metadata.a", {"metadata": {"a": 1}}),
        ("unsupported_parameter", "background", {"background": True}),
        ("unsupported_parameter", "conversation", {"conversation": "conv_1"}),
        ("unsupported_parameter", "prompt", {"prompt": {"id": "pmpt_1"}}),
        ("unsupported_parameter", "moderation", {"moderation": {}}),
    ],
)
def test_refusals(client: TestClient, code: str, param: str, fields: dict[str, Any]) -> None:
    refused(client, code, param, **fields)


def test_003_55_no_json_and_no_model(client: TestClient) -> None:
    absent = client.simulate_post(PATH, json={"input": "hi"}).json["error"]
    assert (absent["code"], absent["param"]) == ("missing_required_parameter", "model")
    broken = client.simulate_post(PATH, body="{")
    assert (broken.status_code, broken.json["error"]["code"]) == (400, "invalid_json")
    missing = ask(client, model="nope")
    assert (missing.status_code, missing.json["error"]["code"], missing.json["error"]["param"]) == (
        404,
        "model_not_found",
        "model",
    )


def test_errors_of_the_service_name_their_field(client: TestClient, inference: FakeInference) -> None:
    inference.raises = ContextExceeded("too long")
    refused(client, "context_length_exceeded", "input")
    inference.raises = InvalidRequest("no such keyword", param="format")
    refused(client, "invalid_json_schema", "text.format", text={"format": {"type": "json_object"}})
    refused(client, "invalid_value", "format", format={"type": "strange"})


def test_a_failure_before_the_end_chooses_the_status(client: TestClient, inference: FakeInference) -> None:
    says(inference, TextDelta(text="x"), Failed(code=EngineFailed.code, message="it broke"))
    result = ask(client)
    assert result.status_code == 500
    assert result.json["error"]["message"] == "it broke"
    assert inference.streams[0].closed.is_set()


def test_methods(client: TestClient) -> None:
    result = client.simulate_get(PATH)
    assert (result.status_code, result.json["error"]["code"]) == (405, "method_not_allowed")
    compact = client.simulate_post(f"{PATH}/compact", json={"model": "tiny"})
    assert (compact.status_code, compact.json["error"]["code"]) == (404, "unknown_url")


# --- counting ---------------------------------------------------------------------------------------------------


def test_input_tokens(client: TestClient, inference: FakeInference) -> None:
    fields = {"model": "tiny", "input": "four", "instructions": "two", "tools": [{"type": "function", "name": "f"}]}
    result = client.simulate_post(f"{PATH}/input_tokens", json=fields)
    assert result.json == {"object": "response.input_tokens", "input_tokens": 7}
    kind, request = inference.calls[-1]
    assert kind == "count_tokens"
    assert [tool.name for tool in request.tools] == ["f"]


def test_input_tokens_of_nothing(client: TestClient) -> None:
    result = client.simulate_post(f"{PATH}/input_tokens", json={"model": "tiny"})
    assert (result.status_code, result.json["error"]["param"]) == (400, "input")


# --- pictures and files -----------------------------------------------------------------------------------------


def test_a_text_file_is_read(client: TestClient, inference: FakeInference) -> None:
    part = {"type": "input_file", "filename": "a.txt", "file_data": base64.b64encode("é".encode()).decode()}
    request = asked(client, inference, input=[{"role": "user", "content": [part]}])
    assert request.messages[0].content == "é"
